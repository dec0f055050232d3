"""How long a sign-in may take, without HTTP."""

from dataclasses import replace

import pytest

from local.cognito.attempts import DEVICE, Attempt, Attempts
from local.cognito.exceptions import CognitoError

MINUTES = 60


def kept(attempts: Attempts, handle: str, device_key: str | None = None) -> Attempt:
    attempt = Attempt(
        next(attempts.numbers), "us-east-1_pool", "client", is_tracked=True, is_custom=False, refreshes=True
    )
    attempt.device_key, attempt.asked = device_key, DEVICE if device_key else ""
    attempts.keep(handle, attempt)
    return attempt


def test_a_sign_in_ends_three_minutes_after_its_last_challenge() -> None:
    # Given
    clock = [1000.0]
    attempts = Attempts(now=lambda: clock[0])
    attempt = kept(attempts, "first")
    clock[0] += 2 * MINUTES
    attempts.keep("second", attempt)
    # When
    clock[0] += 2.9 * MINUTES
    # Then
    assert attempts.resume("second", "client") is attempt
    # When
    clock[0] += 0.1 * MINUTES
    # Then
    with pytest.raises(CognitoError, match="session is expired"):
        attempts.resume("second", "client")


def test_an_app_client_cannot_continue_the_sign_in_of_another() -> None:
    # Given
    attempts = Attempts()
    kept(attempts, "session")
    # Then
    with pytest.raises(CognitoError, match="Invalid session for the user"):
        attempts.resume("session", "another")


def test_a_challenge_is_over_once_its_sign_in_is_complete() -> None:
    # Given
    attempts = Attempts()
    attempt = kept(attempts, "first")
    attempts.keep("second", replace(attempt, passed_mfa=True))
    kept(attempts, "of another sign-in")
    # When
    attempts.end(attempt)
    # Then
    for handle in ("first", "second"):
        with pytest.raises(CognitoError, match="session can only be used once"):
            attempts.resume(handle, "client")
    assert attempts.resume("of another sign-in", "client")


def test_without_a_session_the_newest_sign_in_of_the_device_counts_that_was_not_asked() -> None:
    # Given
    clock = [1000.0]
    attempts = Attempts(now=lambda: clock[0])
    first = kept(attempts, "first", "key")
    newest = kept(attempts, "second", "key")
    attempts.keep("block", replace(newest, asked="DEVICE_PASSWORD_VERIFIER"))
    kept(attempts, "third", "another key")
    # Then
    assert attempts.newest("client", "key") is newest
    newest.was_asked = True
    assert attempts.newest("client", "key") is first
    first.was_asked = True
    assert attempts.newest("client", "key") is newest
    for client, key in (("another", "key"), ("client", "unknown")):
        with pytest.raises(CognitoError, match="Invalid session for the user"):
            attempts.newest(client, key)
    # When
    clock[0] += 3 * MINUTES
    # Then
    with pytest.raises(CognitoError, match="Invalid session for the user"):
        attempts.newest("client", "key")
