"""How long a sign-in may take, without HTTP."""

import pytest

from local.cognito.exceptions import CognitoError
from local.cognito.store import Attempt, DeviceStore

MINUTES = 60


def kept(store: DeviceStore, handle: str, device_key: str | None = None) -> Attempt:
    attempt = store.begin("us-east-1_pool", "client", is_tracked=True, refreshes=True)
    attempt.device_key = device_key
    store.keep(handle, attempt)
    return attempt


def test_a_sign_in_ends_three_minutes_after_its_last_challenge() -> None:
    # Given
    clock = [1000.0]
    store = DeviceStore(now=lambda: clock[0])
    attempt = kept(store, "first")
    clock[0] += 2 * MINUTES
    store.keep("second", attempt)
    # When
    clock[0] += 2.9 * MINUTES
    # Then
    assert store.resume("second", "client") is attempt
    # When
    clock[0] += 0.1 * MINUTES
    # Then
    with pytest.raises(CognitoError, match="session is expired"):
        store.resume("second", "client")


def test_an_app_client_cannot_continue_the_sign_in_of_another() -> None:
    # Given
    store = DeviceStore()
    kept(store, "session")
    # Then
    with pytest.raises(CognitoError, match="Invalid session for the user"):
        store.resume("session", "another")


def test_without_a_session_the_newest_sign_in_of_the_device_counts() -> None:
    # Given
    clock = [1000.0]
    store = DeviceStore(now=lambda: clock[0])
    kept(store, "first", "key")
    newest = kept(store, "second", "key")
    kept(store, "third", "another key")
    # Then
    assert store.newest("client", "key") is newest
    for client, key in (("another", "key"), ("client", "unknown")):
        with pytest.raises(CognitoError, match="Invalid session for the user"):
            store.newest(client, key)
    # When
    clock[0] += 3 * MINUTES
    # Then
    with pytest.raises(CognitoError, match="Invalid session for the user"):
        store.newest("client", "key")
