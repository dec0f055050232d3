"""The rotation of refresh tokens: boto3 and Amplify call the emulator."""

import time
from typing import TYPE_CHECKING, Any

import pytest

from local.cognito.upstream import claims_of
from tests.integration.conftest import Connect
from tests.support.apps import in_node
from tests.support.errors import refusal
from tests.support.user_pools import PASSWORD, REMEMBERED_AT_ONCE, Pool, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

INVALID = ("NotAuthorizedException", "Invalid Refresh Token.")
REUSED = "RefreshTokenReuseException"


def rotating(cognito: "CognitoIdentityProviderClient", grace_seconds: int | None = None) -> Pool:
    """Create a pool whose app client rotates refresh tokens."""
    pool = create_pool(cognito, REMEMBERED_AT_ONCE)
    grace = {} if grace_seconds is None else {"RetryGracePeriodSeconds": grace_seconds}
    rotation: Any = {"Feature": "ENABLED", **grace}
    client = cognito.create_user_pool_client(
        UserPoolId=pool.pool_id,
        ClientName="rotating",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"],
        RefreshTokenRotation=rotation,
    )["UserPoolClient"]
    assert client["RefreshTokenRotation"] == rotation
    return Pool(cognito, pool.pool_id, client["ClientId"])


@pytest.fixture
def pool(cognito: "CognitoIdentityProviderClient") -> Pool:
    return rotating(cognito)


def test_each_refresh_replaces_the_refresh_token(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    first = signed_in.refresh_token
    # When
    second = pool.rotate(first, key)["RefreshToken"]
    third = pool.rotate(second, key)
    # Then
    assert claims_of(third["AccessToken"])["device_key"] == key
    for used in (first, second):
        assert refusal(lambda: pool.rotate(used, key))[0] == REUSED  # noqa: B023
    assert pool.rotate(third["RefreshToken"], key)["RefreshToken"] != third["RefreshToken"]


def test_a_new_refresh_token_ends_when_the_first_one_would_have_ended(pool: Pool) -> None:
    signed_in = pool.sign_in()

    new = pool.rotate(signed_in.refresh_token, signed_in.confirmed())["RefreshToken"]

    assert claims_of(new)["exp"] == claims_of(signed_in.refresh_token)["exp"]


def test_a_refresh_without_the_device_key_replaces_nothing(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    # When
    assert refusal(lambda: pool.rotate(signed_in.refresh_token)) == INVALID
    # Then
    assert pool.rotate(signed_in.refresh_token, key)["RefreshToken"]


def test_forgetting_the_device_ends_new_refresh_tokens_too(pool: Pool) -> None:
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    new = pool.rotate(signed_in.refresh_token, key)["RefreshToken"]

    pool.cognito.forget_device(AccessToken=signed_in.token, DeviceKey=key)

    assert refusal(lambda: pool.rotate(new, key)) == INVALID


def test_revoking_the_first_refresh_token_ends_the_new_ones(pool: Pool) -> None:
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    new = pool.rotate(signed_in.refresh_token, key)["RefreshToken"]

    pool.cognito.revoke_token(Token=signed_in.refresh_token, ClientId=pool.client_id)

    assert refusal(lambda: pool.rotate(new, key))[0] == "NotAuthorizedException"


def test_a_replaced_token_works_during_its_grace_period(cognito: "CognitoIdentityProviderClient") -> None:
    # Given
    pool = rotating(cognito, grace_seconds=2)
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    pool.rotate(signed_in.refresh_token, key)
    # Then
    assert pool.rotate(signed_in.refresh_token, key)["RefreshToken"]
    # When
    time.sleep(2.1)
    # Then a use during the period has not prolonged it
    assert refusal(lambda: pool.rotate(signed_in.refresh_token, key))[0] == REUSED


def test_refresh_token_auth_does_not_rotate(pool: Pool) -> None:
    signed_in = pool.sign_in()
    key = signed_in.confirmed()

    assert refusal(lambda: pool.refresh(signed_in.refresh_token, key)) == (
        "InvalidParameterException",
        "Auth flow not enabled for this client",
    )


def test_an_app_client_cannot_have_both(pool: Pool) -> None:
    rotation: Any = {"Feature": "ENABLED"}
    flows: list[Any] = [{"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}, {}]
    for given in flows:
        refused = refusal(
            lambda: pool.cognito.create_user_pool_client(
                UserPoolId=pool.pool_id,
                ClientName="both",
                RefreshTokenRotation=rotation,
                **given,  # noqa: B023
            )
        )
        assert refused[0] == "InvalidParameterException"


def test_an_update_without_the_setting_ends_the_rotation(pool: Pool) -> None:
    # Given
    named: Any = {"UserPoolId": pool.pool_id, "ClientId": pool.client_id}
    assert pool.cognito.describe_user_pool_client(**named)["UserPoolClient"]["RefreshTokenRotation"]
    # When
    pool.cognito.update_user_pool_client(**named, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    # Then
    signed_in = pool.sign_in()
    assert "RefreshToken" not in pool.rotate(signed_in.refresh_token, signed_in.confirmed())
    assert "RefreshTokenRotation" not in pool.cognito.describe_user_pool_client(**named)["UserPoolClient"]


def test_an_app_client_that_does_not_exist_is_not_found(pool: Pool) -> None:
    assert refusal(lambda: Pool(pool.cognito, pool.pool_id, "nobody").rotate("x"))[0] == "ResourceNotFoundException"
    update = pool.cognito.update_user_pool_client
    refused = refusal(lambda: update(UserPoolId=pool.pool_id, ClientId="nobody"))
    assert refused[0] == "ResourceNotFoundException"


TEMPLATE = """
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH]
      RefreshTokenRotation: {Feature: ENABLED, RetryGracePeriodSeconds: 30}
Outputs:
  Pool: {Value: !Ref Pool}
  Client: {Value: !Ref Client}
"""


def test_a_template_may_turn_it_on(connect: Connect, emulator: str, cognito: "CognitoIdentityProviderClient") -> None:
    # Given
    stacks = connect("cloudformation", emulator)
    stacks.create_stack(StackName="rotating", TemplateBody=TEMPLATE)
    stacks.get_waiter("stack_create_complete").wait(StackName="rotating", WaiterConfig={"Delay": 1})
    (stack,) = stacks.describe_stacks(StackName="rotating")["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    # When
    client = cognito.describe_user_pool_client(UserPoolId=outputs["Pool"], ClientId=outputs["Client"])
    # Then
    rotation = client["UserPoolClient"]["RefreshTokenRotation"]
    assert rotation == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30}


def test_amplify_goes_on_with_each_new_refresh_token(pool: Pool) -> None:
    # Given an app whose client rotates, without a grace period
    settings = {
        "userPoolId": pool.pool_id,
        "userPoolClientId": pool.client_id,
        "cognitoEndpoint": pool.cognito.meta.endpoint_url,
        "username": "dart",
        "password": PASSWORD,
    }
    with in_node("amplify") as install:
        app = install(settings)
        signed_in = app("signin")
        assert signed_in["signedIn"]
        # Then
        assert [app("refresh") for _ in range(3)] == [signed_in] * 3
