"""Responses to another challenge than the one that was asked for: boto3 and pycognito call the emulator."""

import base64
import hmac
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from local.cognito.upstream import claims_of
from tests.support.authenticator import Authenticator
from tests.support.errors import refusal
from tests.support.srp import Known, values_of
from tests.support.user_pools import INSTEAD_OF_MFA, PASSWORD, REMEMBERED_AT_ONCE, Pool, SignIn, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

# Challenges that the emulator could confuse with the one that was asked for, each with its response
OTHERS: dict[str, dict[str, str]] = {"MFA_SETUP": {}, "NEW_PASSWORD_REQUIRED": {"NEW_PASSWORD": "Another-one-2"}}


@pytest.fixture
def mfa_pool(cognito: "CognitoIdentityProviderClient") -> Pool:
    """Return a pool whose user dart has an authenticator app and one remembered device."""
    pool = create_pool(cognito, INSTEAD_OF_MFA)
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    return pool


@pytest.fixture
def app(mfa_pool: Pool) -> Authenticator:
    return Authenticator(mfa_pool.cognito, mfa_pool.sign_in().token)


def answered(pool: Pool, name: Any, session: str, **responses: str) -> Any:
    return pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName=name, Session=session, ChallengeResponses=responses
    )


def device_of(pool: Pool, app: Authenticator) -> Known:
    """Sign dart in with a second factor; return the device, which is remembered."""
    srp, asked = pool.give_password()
    code = {"USERNAME": "dart", "SOFTWARE_TOKEN_MFA_CODE": app.code()}
    return SignIn(srp, answered(pool, "SOFTWARE_TOKEN_MFA", asked["Session"], **code)).known()


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.usefixtures("app")
def test_no_other_challenge_replaces_the_second_factor(mfa_pool: Pool, name: str) -> None:
    _, asked = mfa_pool.give_password()
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    other = refusal(lambda: answered(mfa_pool, name, asked["Session"], USERNAME="dart", **OTHERS[name]))

    assert other[0] == "NotAuthorizedException"


@pytest.mark.usefixtures("app")
def test_no_code_of_another_kind_replaces_the_second_factor(mfa_pool: Pool) -> None:
    _, asked = mfa_pool.give_password()

    other = refusal(
        lambda: mfa_pool.cognito.admin_respond_to_auth_challenge(
            UserPoolId=mfa_pool.pool_id,
            ClientId=mfa_pool.client_id,
            ChallengeName="SMS_MFA",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "dart", "SMS_MFA_CODE": "000000"},
        )
    )

    assert other[0] == "NotAuthorizedException"


@pytest.mark.parametrize("name", ["SOFTWARE_TOKEN_MFA", "MFA_SETUP"])
def test_no_other_challenge_replaces_the_new_password(mfa_pool: Pool, name: str) -> None:
    # Given a user with a temporary password
    mfa_pool.cognito.admin_set_user_password(
        UserPoolId=mfa_pool.pool_id, Username="dart", Password=PASSWORD, Permanent=False
    )
    _, asked = mfa_pool.give_password()
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    code = {"USERNAME": "dart", "SOFTWARE_TOKEN_MFA_CODE": "000000"}
    other = refusal(lambda: answered(mfa_pool, name, asked["Session"], **code))

    assert other[0] == "NotAuthorizedException"


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_challenge_replaces_the_proof_of_the_device(mfa_pool: Pool, app: Authenticator, name: str) -> None:
    # Given somebody who knows the password and the key of the device, but not its secret
    key = device_of(mfa_pool, app).key
    _, asked = mfa_pool.give_password(device=Known(key, "-group", "wrong"))
    assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"

    other = refusal(lambda: answered(mfa_pool, name, asked["Session"], USERNAME="dart", **OTHERS[name]))

    assert other[0] == "NotAuthorizedException"


def test_the_device_of_one_user_does_not_prove_that_of_another(mfa_pool: Pool, app: Authenticator) -> None:
    # Given another user, who knows dart's password and the keys of dart's device, but not its secret
    darts = device_of(mfa_pool, app)
    mfa_pool.add_user("other")
    own = mfa_pool.sign_in("other").known()
    # And who must prove an own device
    srp, asked = mfa_pool.give_password("other", own)
    challenge = answered(mfa_pool, "DEVICE_SRP_AUTH", asked["Session"], **values_of(srp))["ChallengeParameters"]

    # When the other user gives dart's password with the SECRET_BLOCK of that challenge as the Session
    _, responses = mfa_pool.proof("dart", Known(darts.key, darts.group_key, "wrong"))
    with suppress(mfa_pool.cognito.exceptions.NotAuthorizedException):  # whether or not it is refused
        answered(mfa_pool, "PASSWORD_VERIFIER", challenge["SECRET_BLOCK"], **responses)

    # Then the own device's secret does not prove dart's device
    forged = device_proof(srp, own, darts, challenge)
    other = refusal(lambda: answered(mfa_pool, "DEVICE_PASSWORD_VERIFIER", "x" * 20, **forged))
    assert other[0] == "NotAuthorizedException"


def device_proof(srp: Any, own: Known, named: Known, challenge: dict[str, str]) -> dict[str, str]:
    """Return the proof of a device by the secret of the own device."""
    key = srp.get_device_authentication_key(
        own.group_key, own.key, own.secret, int(challenge["SRP_B"], 16), challenge["SALT"]
    )
    now = datetime.now(UTC)
    timestamp = f"{now:%a %b} {now.day} {now:%H:%M:%S UTC %Y}"
    block = base64.b64decode(challenge["SECRET_BLOCK"])
    signed = b"".join([named.group_key.encode(), named.key.encode(), block, timestamp.encode()])
    return {
        "USERNAME": "dart",
        "DEVICE_KEY": named.key,
        "TIMESTAMP": timestamp,
        "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, signed, "sha256")).decode(),
    }


def test_a_session_of_a_pool_without_devices_does_not_free_a_sign_in_of_its_device(
    cognito: "CognitoIdentityProviderClient",
) -> None:
    # Given a challenge of a pool that does not track devices
    pool, untracked = create_pool(cognito, REMEMBERED_AT_ONCE), create_pool(cognito, None)
    cognito.admin_set_user_password(UserPoolId=untracked.pool_id, Username="dart", Password=PASSWORD, Permanent=False)
    session = untracked.give_password()[1]["Session"]

    # When a client gives the password in a pool that does, with that challenge as the Session
    result = answered(pool, "PASSWORD_VERIFIER", session, **pool.proof()[1])["AuthenticationResult"]

    # Then the sign-in has a device, so its refresh token ends with the device
    assert claims_of(result["AccessToken"])["device_key"] == result["NewDeviceMetadata"]["DeviceKey"]
