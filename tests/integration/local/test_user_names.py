"""Whether names in another case are the same user."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.support.errors import refusal
from tests.support.user_pools import PASSWORD, Pool, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

UNKNOWN = ("UserNotFoundException", "User does not exist.")


def pool_with(cognito: "CognitoIdentityProviderClient", **settings: Any) -> Pool:
    """Create a pool with the user `Flora`, whose address is flora@example.com."""
    pool = create_pool(cognito, None, **settings)
    name = "flora@example.com" if "UsernameAttributes" in settings else "Flora"
    cognito.admin_create_user(
        UserPoolId=pool.pool_id,
        Username=name,
        UserAttributes=[{"Name": "email", "Value": "flora@example.com"}, {"Name": "email_verified", "Value": "true"}],
        MessageAction="SUPPRESS",
    )
    cognito.admin_set_user_password(UserPoolId=pool.pool_id, Username=name, Password=PASSWORD, Permanent=True)
    return pool


@pytest.mark.parametrize("by", [{"UsernameAttributes": ["email"]}, {"AliasAttributes": ["email"]}], ids=str)
def test_an_address_in_capitals_is_the_same_user(cognito: "CognitoIdentityProviderClient", by: dict[str, Any]) -> None:
    pool = pool_with(cognito, UsernameConfiguration={"CaseSensitive": False}, **by)

    assert pool.sign_in("Flora@EXAMPLE.com").token
    assert pool.sign_in_with_password(username="FLORA@example.com")
    assert refusal(lambda: pool.sign_in("flora@example.org")) == UNKNOWN


def test_a_name_in_capitals_is_the_same_user(cognito: "CognitoIdentityProviderClient") -> None:
    pool = pool_with(cognito, UsernameConfiguration={"CaseSensitive": False})

    assert pool.sign_in("FLORA").token
    assert refusal(lambda: pool.sign_in("flora@example.com")) == UNKNOWN  # the address is not an alias


@pytest.mark.parametrize("settings", [{}, {"UsernameConfiguration": {"CaseSensitive": True}}], ids=str)
def test_a_pool_that_compares_case_does_so(cognito: "CognitoIdentityProviderClient", settings: dict[str, Any]) -> None:
    pool = pool_with(cognito, **settings)

    assert pool.sign_in("Flora").token
    assert refusal(lambda: pool.sign_in("FLORA")) == UNKNOWN


def test_a_name_that_is_null_is_nobody(cognito: "CognitoIdentityProviderClient", emulator: str) -> None:
    pool = create_pool(cognito, None, UsernameConfiguration={"CaseSensitive": False})
    pool.add_user("none")

    response = httpx.post(
        emulator,
        json={
            "ClientId": pool.client_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": None, "PASSWORD": PASSWORD},
        },
        headers={"x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth"},
    )

    assert (response.status_code, response.json()["__type"]) == (400, "UserNotFoundException")
