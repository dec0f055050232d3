"""What device tracking adds to sign-ins on new devices: boto3 and pycognito's SRP client call the emulator."""

import re
from typing import TYPE_CHECKING, Any

import pytest

from local.cognito.upstream import claims_of
from tests.support.errors import refusal
from tests.support.user_pools import PASSWORD, REMEMBERED_AT_ONCE, Pool, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


NEW_PASSWORD = "Another-one-2"  # noqa: S105 - of a pool that exists during the tests only


def test_a_sign_in_announces_a_new_device_and_binds_the_token_to_it(pool: Pool) -> None:
    # When
    signed_in = pool.sign_in()
    # Then
    metadata = signed_in.answer["AuthenticationResult"]["NewDeviceMetadata"]
    assert re.fullmatch(r"us-east-1_[0-9a-f-]{36}", metadata["DeviceKey"])
    assert metadata["DeviceGroupKey"].startswith("-")
    assert claims_of(signed_in.token)["device_key"] == metadata["DeviceKey"]
    assert pool.cognito.get_user(AccessToken=signed_in.token)["Username"] == "dart"


def test_a_pool_without_tracking_announces_no_device_and_rejects_device_operations(
    cognito: "CognitoIdentityProviderClient",
) -> None:
    # Given
    pool = create_pool(cognito, None)
    # When
    signed_in = pool.sign_in()
    # Then
    assert "NewDeviceMetadata" not in signed_in.answer["AuthenticationResult"]
    assert "device_key" not in claims_of(signed_in.token)
    assert refusal(lambda: cognito.list_devices(AccessToken=signed_in.token)) == (
        "InvalidUserPoolConfigurationException",
        "Device tracking is not configured for this user pool.",
    )


@pytest.mark.parametrize("given", [None, "us-east-1_00000000-0000-0000-0000-000000000000"])
def test_a_sign_in_with_the_password_itself_has_no_device(pool: Pool, given: str | None) -> None:
    result = pool.sign_in_with_password(given)

    assert "NewDeviceMetadata" not in result
    assert "device_key" not in claims_of(result["AccessToken"])


def test_an_administrators_sign_in_with_srp_announces_a_new_device(pool: Pool) -> None:
    # Given
    srp = pool.srp()
    admin: dict[str, Any] = {"UserPoolId": pool.pool_id, "ClientId": pool.client_id}
    started = pool.cognito.admin_initiate_auth(**admin, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.get_auth_params())
    # When
    response = pool.cognito.admin_respond_to_auth_challenge(
        **admin,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=srp.process_challenge(started["ChallengeParameters"], srp.get_auth_params()),
    )
    # Then
    result = response["AuthenticationResult"]
    assert claims_of(result["AccessToken"])["device_key"] == result["NewDeviceMetadata"]["DeviceKey"]


def test_an_administrators_sign_in_with_a_password_has_no_device(pool: Pool) -> None:
    response = pool.cognito.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "dart", "PASSWORD": PASSWORD},
    )

    assert "NewDeviceMetadata" not in response["AuthenticationResult"]


def test_the_error_of_a_failed_sign_in_passes_through(pool: Pool) -> None:
    # When
    refused = refusal(
        lambda: pool.cognito.initiate_auth(
            ClientId=pool.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "dart", "PASSWORD": "wrong"},
        )
    )
    # Then
    assert refused == ("NotAuthorizedException", "Incorrect username or password.")


def test_a_first_sign_in_that_asks_for_a_new_password_announces_a_device_after_it(pool: Pool) -> None:
    # Given
    pool.cognito.admin_set_user_password(UserPoolId=pool.pool_id, Username="dart", Password=PASSWORD, Permanent=False)
    _, challenge = pool.give_password()
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    # When
    result = answered(pool, challenge, USERNAME="dart", NEW_PASSWORD=NEW_PASSWORD)["AuthenticationResult"]
    # Then
    assert result["NewDeviceMetadata"]["DeviceKey"] == claims_of(result["AccessToken"])["device_key"]


STRANGERS: dict[str, dict[str, Any]] = {
    "another user's name": {"USERNAME": "other"},
    "a name that nobody has": {"USERNAME": "nobody"},
    "a session that Cognito never issued": {"Session": "x" * 40},
    "no session": {"Session": None},
}


@pytest.fixture(scope="module")
def asked(cognito: "CognitoIdentityProviderClient") -> tuple[Pool, Any]:
    """Return a pool, and the challenge NEW_PASSWORD_REQUIRED of a user who has given the temporary password."""
    pool = create_pool(cognito, REMEMBERED_AT_ONCE)
    pool.add_user("other")
    pool.cognito.admin_set_user_password(UserPoolId=pool.pool_id, Username="dart", Password=PASSWORD, Permanent=False)
    return pool, pool.give_password()[1]


@pytest.mark.parametrize("case", STRANGERS)
def test_only_the_user_who_gave_the_password_may_set_a_new_one(asked: tuple[Pool, Any], case: str) -> None:
    pool, challenge = asked
    given = {"USERNAME": "dart", "NEW_PASSWORD": NEW_PASSWORD, **STRANGERS[case]}

    code, message = refusal(lambda: answered(pool, challenge, **given))

    expected = {
        "NotAuthorizedException": "Invalid session for the user.",
        "UserNotFoundException": "User does not exist.",
    }
    assert message == expected[code]
    assert pool.sign_in_with_password(username="other")


def test_the_flow_user_auth_is_refused_as_not_emulated(pool: Pool) -> None:
    refused = refusal(
        lambda: pool.cognito.initiate_auth(
            ClientId=pool.client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "dart"}
        )
    )

    assert refused == (
        "InvalidParameterException",
        "The local cloud does not emulate the flow USER_AUTH, unlike Amazon Cognito: use USER_SRP_AUTH.",
    )


def answered(pool: Pool, challenge: Any, **responses: Any) -> Any:
    """Respond to a challenge; a Session among the responses replaces the challenge's own, and None leaves it out."""
    session = responses.pop("Session", challenge["Session"])
    return pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName=challenge["ChallengeName"],
        ChallengeResponses=responses,
        **({"Session": session} if session else {}),
    )
