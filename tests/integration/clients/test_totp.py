"""Codes of an authenticator app with each client library, on new and remembered devices."""

from typing import TYPE_CHECKING

import pytest

from tests.support.apps import AddUser
from tests.support.authenticator import code_of
from tests.support.relay import Relay
from tests.support.user_pools import create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

ASKED = {"challenge": "SOFTWARE_TOKEN_MFA"}
PROOF = ["DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER", "tokens"]


@pytest.mark.parametrize("asked_devices", ["new", "all"])
def test_a_remembered_device_needs_no_code_if_the_pool_asks_only_new_devices(
    add_user: AddUser, cognito: "CognitoIdentityProviderClient", relay: Relay, asked_devices: str
) -> None:
    # Given a pool with ChallengeRequiredOnNewDevice on or off, and a user without an authenticator app
    only_new_devices = asked_devices == "new"
    pool = create_pool(
        cognito, {"ChallengeRequiredOnNewDevice": only_new_devices, "DeviceOnlyRememberedOnUserPrompt": False}
    )
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    install = add_user(pool)
    phone, laptop = install(), install()
    signed_in = phone.sign_in()

    # When the user sets one up
    secret = phone.set_up_totp()
    phone.require_totp(code_of(secret))

    # Then the device that is remembered already needs a code once
    relay.heard()
    assert phone.sign_in() == ASKED
    assert phone.answer(code_of(secret)) == signed_in
    assert relay.heard() == ["PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA", *PROOF]

    # And a new device does
    assert laptop.sign_in() == ASKED
    on_laptop = laptop.answer(code_of(secret))
    assert relay.heard() == ["PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA", "tokens of a new device", "remembered"]

    # And after that, both need one only if the pool asks on all devices
    for device, expected in ((phone, signed_in), (laptop, on_laptop)):
        if only_new_devices:
            assert device.sign_in() == expected
            assert relay.heard() == ["PASSWORD_VERIFIER", *PROOF]
        else:
            assert device.sign_in() == ASKED
            assert device.answer(code_of(secret)) == expected
            assert relay.heard() == ["PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA", *PROOF]
