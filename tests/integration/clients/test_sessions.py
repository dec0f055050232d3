"""Refreshes with each client library: with and without the device's key, and after what ends a session."""

from collections.abc import Callable

import pytest

from tests.support.apps import AddUser, App, Library
from tests.support.relay import Relay
from tests.support.user_pools import Pool

INVALID = "NotAuthorizedException: Invalid Refresh Token."
REVOKED_REFRESH_TOKEN = "NotAuthorizedException: Refresh Token has been revoked"  # noqa: S105 - a message
REVOKED_ACCESS_TOKEN = "NotAuthorizedException: Access Token has been revoked"  # noqa: S105 - a message

type Check = Callable[..., None]


@pytest.fixture
def cannot_refresh(library: Library, relay: Relay) -> Check:
    """Return an assertion that an app's refresh is refused. Some libraries then sign the user out."""

    def check(app: App, error: str = INVALID) -> None:
        relay.heard()
        assert app.refresh() == {"error": error}
        assert relay.heard() == [error]
        assert app.session()["signedIn"] is not library.drops_what_is_stale

    return check


def test_a_refresh_needs_the_devices_key(
    add_user: AddUser, pool: Pool, relay: Relay, library: Library, cannot_refresh: Check
) -> None:
    # Given
    phone = add_user(pool)()
    signed_in = phone.sign_in()

    # Then a refresh with the key succeeds, and the new access token has it too
    if library.refreshes_with_key:
        relay.heard()
        assert phone.refresh() == signed_in
        assert relay.heard() == ["tokens"]

    # And one without it is refused
    phone.store("deviceKey", None)
    cannot_refresh(phone)


def test_another_devices_key_does_not_refresh(add_user: AddUser, pool: Pool, cannot_refresh: Check) -> None:
    # Given two devices of one user
    install = add_user(pool)
    phone, laptop = install(), install()
    phone.sign_in()
    laptop.sign_in()

    # Then
    phone.store("deviceKey", laptop.stored("deviceKey"))
    cannot_refresh(phone)


def test_a_device_that_forgets_itself_cannot_refresh(add_user: AddUser, pool: Pool, cannot_refresh: Check) -> None:
    # Given
    phone = add_user(pool)()
    signed_in = phone.sign_in()

    # When
    phone.forget()

    # Then the access token is still there, but it is the last one
    assert phone.session() == signed_in
    cannot_refresh(phone)


def test_a_device_that_another_one_forgot_cannot_refresh(
    add_user: AddUser, pool: Pool, library: Library, cannot_refresh: Check
) -> None:
    # Given
    install = add_user(pool)
    phone, laptop = install(), install()
    phone.sign_in()
    signed_in = laptop.sign_in()

    # When
    forgotten = phone.stored("deviceKey")
    laptop.forget(forgotten)

    # Then the other one still can
    cannot_refresh(phone)
    if library.refreshes_with_key:
        assert laptop.refresh() == signed_in

    # And the library goes on as a new device, or tells the app
    outcome = phone.sign_in()
    if library.drops_what_is_stale:
        assert outcome["device"] == phone.stored("deviceKey") != forgotten
    else:
        assert outcome == {"error": "ResourceNotFoundException: Device does not exist."}


def test_a_global_sign_out_ends_all_sessions_and_keeps_the_devices(
    add_user: AddUser, pool: Pool, relay: Relay, cannot_refresh: Check
) -> None:
    # Given
    install = add_user(pool)
    phone, laptop = install(), install()
    signed_in = phone.sign_in()
    laptop.sign_in()

    # When
    laptop.sign_out_everywhere()

    # Then
    assert phone.remember() == {"error": REVOKED_ACCESS_TOKEN}
    cannot_refresh(phone, REVOKED_REFRESH_TOKEN)
    relay.heard()
    assert phone.sign_in() == signed_in
    assert relay.heard() == ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER", "tokens"]
