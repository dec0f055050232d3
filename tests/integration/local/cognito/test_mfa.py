"""When a remembered device stands in for a second factor: boto3 and pycognito call the emulator."""

from typing import TYPE_CHECKING, Any

import pytest

from local.cognito.upstream import claims_of
from tests.support.authenticator import Authenticator
from tests.support.errors import NO_DEVICE, refusal
from tests.support.srp import Known, prove_device
from tests.support.user_pools import INSTEAD_OF_MFA, REMEMBERED_AT_ONCE, Pool, SignIn, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


@pytest.fixture
def mfa_pool(cognito: "CognitoIdentityProviderClient") -> Pool:
    return with_mfa(create_pool(cognito, INSTEAD_OF_MFA))


def with_mfa(pool: Pool) -> Pool:
    pool.cognito.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    return pool


def second_factor(pool: Pool, challenge: Any, code: str, username: str = "dart", device: Known | None = None) -> Any:
    """Respond to SOFTWARE_TOKEN_MFA, on a new device or on a known one."""
    responses = {"USERNAME": username, "SOFTWARE_TOKEN_MFA_CODE": code}
    return pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=challenge["Session"],
        ChallengeResponses=responses | ({"DEVICE_KEY": device.key} if device else {}),
    )


def device_proof(srp: Any, challenge: Any) -> dict[str, Any]:
    """Respond to DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER; return the AuthenticationResult."""
    assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
    return dict(prove_device(srp, challenge)["AuthenticationResult"])


def signed_in(srp: Any, response: Any) -> SignIn:
    return SignIn(srp, dict(response))


def test_a_device_that_has_passed_mfa_replaces_it(mfa_pool: Pool) -> None:
    # Given
    app = Authenticator(mfa_pool.cognito, mfa_pool.sign_in().token)
    srp, challenge = mfa_pool.give_password()
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    device = signed_in(srp, second_factor(mfa_pool, challenge, app.code())).known()
    # When
    srp, challenge = mfa_pool.give_password(device=device)
    result = device_proof(srp, challenge)
    # Then
    assert claims_of(result["AccessToken"])["device_key"] == device.key
    assert "NewDeviceMetadata" not in result
    assert mfa_pool.refresh(result["RefreshToken"], device.key)["AccessToken"]
    mfa_pool.cognito.global_sign_out(AccessToken=result["AccessToken"])
    assert refusal(lambda: mfa_pool.refresh(result["RefreshToken"], device.key))[0] == "NotAuthorizedException"


def test_a_device_that_was_remembered_before_mfa_passes_it_once(mfa_pool: Pool) -> None:
    # Given
    before = mfa_pool.sign_in()
    device = before.known()
    app = Authenticator(mfa_pool.cognito, before.token)
    # When
    srp, challenge = mfa_pool.give_password(device=device)
    # Then
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert device_proof(srp, second_factor(mfa_pool, challenge, app.code(), device=device))["AccessToken"]
    # When
    srp, challenge = mfa_pool.give_password(device=device)
    # Then
    assert device_proof(srp, challenge)["AccessToken"]


def test_a_code_without_the_device_key_signs_in_on_a_new_device(mfa_pool: Pool) -> None:
    # Given a device that was remembered before its user had MFA
    before = mfa_pool.sign_in()
    device = before.known()
    app = Authenticator(mfa_pool.cognito, before.token)
    # When
    _, challenge = mfa_pool.give_password(device=device)
    result = second_factor(mfa_pool, challenge, app.code())["AuthenticationResult"]
    # Then
    assert result["NewDeviceMetadata"]["DeviceKey"] != device.key


def test_a_wrong_device_secret_does_not_replace_mfa(mfa_pool: Pool) -> None:
    # Given
    app = Authenticator(mfa_pool.cognito, mfa_pool.sign_in().token)
    srp, challenge = mfa_pool.give_password()
    device = signed_in(srp, second_factor(mfa_pool, challenge, app.code())).known()
    srp, challenge = mfa_pool.give_password(device=Known(device.key, device.group_key, "wrong"))
    # Then
    assert refusal(lambda: device_proof(srp, challenge)) == (
        "NotAuthorizedException",
        "Incorrect username or password.",
    )


def test_without_challenge_required_on_new_device_every_sign_in_is_asked_for_mfa(
    cognito: "CognitoIdentityProviderClient",
) -> None:
    # Given
    pool = with_mfa(create_pool(cognito, REMEMBERED_AT_ONCE))
    app = Authenticator(pool.cognito, pool.sign_in().token)
    srp, challenge = pool.give_password()
    device = signed_in(srp, second_factor(pool, challenge, app.code())).known()
    # When
    srp, challenge = pool.give_password(device=device)
    # Then
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert device_proof(srp, second_factor(pool, challenge, app.code(), device=device))["AccessToken"]


def test_a_device_that_is_not_remembered_does_not_replace_mfa(mfa_pool: Pool) -> None:
    # Given
    app = Authenticator(mfa_pool.cognito, mfa_pool.sign_in().token)
    srp, challenge = mfa_pool.give_password()
    first = signed_in(srp, second_factor(mfa_pool, challenge, app.code()))
    device = first.known()
    mfa_pool.cognito.update_device_status(
        AccessToken=first.token, DeviceKey=device.key, DeviceRememberedStatus="not_remembered"
    )
    # When
    _, challenge = mfa_pool.give_password(device=device)
    # Then
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert second_factor(mfa_pool, challenge, app.code())["AuthenticationResult"]["AccessToken"]


def test_a_device_that_cognito_does_not_know_is_refused_before_mfa(mfa_pool: Pool) -> None:
    # Given
    Authenticator(mfa_pool.cognito, mfa_pool.sign_in().token)
    # Then
    unknown = Known("us-east-1_00000000-0000-0000-0000-000000000000", "-group", "secret")
    assert refusal(lambda: mfa_pool.give_password(device=unknown)) == NO_DEVICE


def test_a_second_factor_counts_only_after_the_users_own_password(mfa_pool: Pool) -> None:
    # Given
    app = Authenticator(mfa_pool.cognito, mfa_pool.sign_in().token)
    mfa_pool.add_user("other")
    _, challenge = mfa_pool.give_password()
    refused = ("NotAuthorizedException", "Invalid session for the user.")
    # Then
    assert refusal(lambda: second_factor(mfa_pool, {"Session": "x" * 40}, app.code())) == refused
    assert refusal(lambda: second_factor(mfa_pool, challenge, app.code(), "other")) == refused
    assert refusal(lambda: second_factor(mfa_pool, challenge, "abcdef"))[0] == "CodeMismatchException"
    assert second_factor(mfa_pool, challenge, app.code())["AuthenticationResult"]
    assert refusal(lambda: second_factor(mfa_pool, challenge, app.code())) == (
        "NotAuthorizedException",
        "Invalid session for the user, session can only be used once.",
    )


def test_a_sign_in_with_the_password_itself_is_asked_for_mfa_and_has_no_device(mfa_pool: Pool) -> None:
    # Given
    app = Authenticator(mfa_pool.cognito, mfa_pool.sign_in().token)
    challenge = mfa_pool.cognito.initiate_auth(
        ClientId=mfa_pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "dart", "PASSWORD": "Remember-me-1"},
    )
    # When
    result = second_factor(mfa_pool, challenge, app.code())["AuthenticationResult"]
    # Then
    assert "NewDeviceMetadata" not in result
    assert refusal(lambda: mfa_pool.refresh(result["RefreshToken"])) == (
        "NotAuthorizedException",
        "Invalid Refresh Token.",
    )
