"""Sign-ins with each client library: on a new device, on a known one, and with what a device should not send."""

import uuid

from tests.support.apps import AddUser, Library
from tests.support.relay import Relay
from tests.support.user_pools import Pool

NEW = ["PASSWORD_VERIFIER", "tokens of a new device", "remembered"]
PROOF = ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]
WRONG_SECRET = "NotAuthorizedException: Incorrect username or password."  # noqa: S105 - a message
UNKNOWN_DEVICE = "ResourceNotFoundException: Device does not exist."


def test_a_known_device_proves_itself(add_user: AddUser, pool: Pool, relay: Relay) -> None:
    # When a user signs in on a new device
    phone = add_user(pool)()
    first = phone.sign_in()

    # Then the device is remembered
    assert relay.heard() == NEW
    assert first == {"device": phone.stored("deviceKey"), "signedIn": True}

    # When the user signs in on it again
    second = phone.sign_in()

    # Then it proves itself, and the access token has its key
    assert relay.heard() == [*PROOF, "tokens"]
    assert second == first


def test_a_wrong_secret_is_refused(add_user: AddUser, pool: Pool, relay: Relay) -> None:
    # Given
    phone = add_user(pool)()
    phone.sign_in()
    phone.store("randomPasswordKey", "d3Jvbmc=")

    # Then every sign-in is refused, because no library drops the device
    for _ in range(2):
        relay.heard()
        assert phone.sign_in() == {"error": WRONG_SECRET}
        assert relay.heard() == [*PROOF, WRONG_SECRET]


def test_a_key_that_was_never_issued_is_refused(add_user: AddUser, pool: Pool, relay: Relay, library: Library) -> None:
    # Given
    phone = add_user(pool)()
    phone.sign_in()
    never_issued = f"us-east-1_{uuid.uuid4()}"
    phone.store("deviceKey", never_issued)

    # When
    relay.heard()
    outcome = phone.sign_in()

    # Then the library goes on as a new device, or tells the app
    if library.drops_what_is_stale:
        assert relay.heard() == ["PASSWORD_VERIFIER", UNKNOWN_DEVICE, *NEW[1:]]
        assert outcome == {"device": phone.stored("deviceKey"), "signedIn": True}
        assert phone.stored("deviceKey") != never_issued
    else:
        assert relay.heard() == ["PASSWORD_VERIFIER", UNKNOWN_DEVICE]
        assert outcome == {"error": UNKNOWN_DEVICE}


def test_a_device_proves_itself_once_its_user_agreed(add_user: AddUser, prompting_pool: Pool, relay: Relay) -> None:
    # Given a pool that asks users before it remembers a device
    phone = add_user(prompting_pool)()

    # When a user signs in twice
    first = phone.sign_in()
    assert relay.heard() == [*NEW[:2], "confirm with the user"]
    second = phone.sign_in()

    # Then the device is known, but proves nothing
    assert relay.heard() == ["PASSWORD_VERIFIER", "tokens"]
    assert first == {"device": phone.stored("deviceKey"), "signedIn": True}
    assert second == first

    # When the user agrees
    phone.remember()

    # Then the device proves itself
    assert phone.sign_in() == first
    assert relay.heard() == [*PROOF, "tokens"]
