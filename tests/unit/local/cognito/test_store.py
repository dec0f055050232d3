"""How long a sign-in may take, without HTTP."""

from dataclasses import replace

import pytest

from local.cognito.exceptions import CognitoError
from local.cognito.store import DEVICE, Attempt, DeviceStore

MINUTES = 60


def kept(store: DeviceStore, handle: str, device_key: str | None = None) -> Attempt:
    attempt = Attempt(next(store.numbers), "us-east-1_pool", "client", is_tracked=True, is_custom=False, refreshes=True)
    attempt.device_key, attempt.asked = device_key, DEVICE if device_key else ""
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


def test_a_challenge_is_over_once_its_sign_in_is_complete() -> None:
    # Given
    store = DeviceStore()
    attempt = kept(store, "first")
    store.keep("second", replace(attempt, passed_mfa=True))
    kept(store, "of another sign-in")
    # When
    store.end(attempt)
    # Then
    for handle in ("first", "second"):
        with pytest.raises(CognitoError, match="session can only be used once"):
            store.resume(handle, "client")
    assert store.resume("of another sign-in", "client")


def test_without_a_session_the_newest_sign_in_of_the_device_counts_that_was_not_asked() -> None:
    # Given
    clock = [1000.0]
    store = DeviceStore(now=lambda: clock[0])
    first = kept(store, "first", "key")
    newest = kept(store, "second", "key")
    store.keep("block", replace(newest, asked="DEVICE_PASSWORD_VERIFIER"))
    kept(store, "third", "another key")
    # Then
    assert store.newest("client", "key") is newest
    newest.was_asked = True
    assert store.newest("client", "key") is first
    first.was_asked = True
    assert store.newest("client", "key") is newest
    for client, key in (("another", "key"), ("client", "unknown")):
        with pytest.raises(CognitoError, match="Invalid session for the user"):
            store.newest(client, key)
    # When
    clock[0] += 3 * MINUTES
    # Then
    with pytest.raises(CognitoError, match="Invalid session for the user"):
        store.newest("client", "key")
