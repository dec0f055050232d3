"""Which refreshes a device allows: boto3 and an HTTP client call the emulator."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from botocore.exceptions import ClientError

from local.cognito.upstream import claims_of
from tests.support.errors import refusal
from tests.support.tokens import DEEP
from tests.support.user_pools import PASSWORD, REMEMBERED_AT_ONCE, Pool, SignIn, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

INVALID = ("NotAuthorizedException", "Invalid Refresh Token.")
TOKENS = ("tokens", "tokens")
UNKNOWN_KEY = "us-east-1_00000000-0000-0000-0000-000000000000"


def refreshed(pool: Pool, refresh_token: str, key: str | None) -> list[tuple[str, str]]:
    """Return the outcomes of both refreshes, without repeats."""

    def outcome(refresh: Callable[[str, str | None], Any]) -> tuple[str, str]:
        try:
            return TOKENS if refresh(refresh_token, key)["AccessToken"] else ("", "")
        except ClientError as error:
            return error.response["Error"]["Code"], error.response["Error"]["Message"]

    return list(dict.fromkeys(map(outcome, (pool.refresh, pool.rotate))))


@dataclass(frozen=True)
class Devices:
    """A user who is signed in on two devices; `keys` has device keys by what they are to the first one."""

    pool: Pool
    first: SignIn
    keys: dict[str, str | None]


@pytest.fixture(scope="module")
def devices(cognito: "CognitoIdentityProviderClient") -> Devices:
    pool = create_pool(cognito, REMEMBERED_AT_ONCE)
    pool.add_user("other")
    first = pool.sign_in()
    keys = {
        "its own": first.confirmed(),
        "none": None,
        "another device of the user": pool.sign_in().confirmed(),
        "another user's device": pool.sign_in("other").confirmed(),
        "never issued": UNKNOWN_KEY,
    }
    return Devices(pool, first, keys)


@pytest.mark.parametrize(
    "refresh", [Pool.refresh, Pool.rotate], ids=["REFRESH_TOKEN_AUTH", "GetTokensFromRefreshToken"]
)
def test_a_refresh_with_the_key_of_its_device_keeps_the_device(
    devices: Devices, refresh: Callable[..., dict[str, Any]]
) -> None:
    # Given
    key = devices.keys["its own"]
    # When
    result = refresh(devices.pool, devices.first.refresh_token, key)
    # Then
    assert "NewDeviceMetadata" not in result
    assert claims_of(result["AccessToken"])["device_key"] == key
    assert devices.pool.cognito.get_device(AccessToken=result["AccessToken"], DeviceKey=str(key))["Device"]


@pytest.mark.parametrize("given", ["none", "another device of the user", "another user's device", "never issued"])
def test_a_refresh_without_the_key_of_its_device_is_refused(devices: Devices, given: str) -> None:
    assert refreshed(devices.pool, devices.first.refresh_token, devices.keys[given]) == [INVALID]


@pytest.mark.parametrize("key", ["x", "us-east-1_" + "a" * 60, " ", "us-east-1_é"])
def test_a_malformed_device_key_is_refused(devices: Devices, key: str) -> None:
    token = devices.first.refresh_token

    assert refusal(lambda: devices.pool.refresh(token, key)) == INVALID
    code, message = refusal(lambda: devices.pool.rotate(token, key))
    assert (code, "at 'deviceKey' failed to satisfy constraint" in message) == ("InvalidParameterException", True)


def test_an_empty_device_key_counts_as_missing(devices: Devices) -> None:
    assert refusal(lambda: devices.pool.refresh(devices.first.refresh_token, "")) == INVALID


def test_a_refresh_before_confirm_device_is_refused(pool: Pool) -> None:
    signed_in = pool.sign_in()

    assert refreshed(pool, signed_in.refresh_token, signed_in.device_key) == [INVALID]


@pytest.mark.parametrize("by", ["the device itself", "another device", "an administrator"])
def test_forgetting_a_device_ends_its_refreshes_but_not_its_access_token(devices: Devices, by: str) -> None:
    # Given
    pool, other = devices.pool, devices.first
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    # When
    match by:
        case "the device itself":
            pool.cognito.forget_device(AccessToken=signed_in.token, DeviceKey=key)
        case "another device":
            pool.cognito.forget_device(AccessToken=other.token, DeviceKey=key)
        case _:
            pool.cognito.admin_forget_device(UserPoolId=pool.pool_id, Username="dart", DeviceKey=key)
    # Then
    assert refreshed(pool, signed_in.refresh_token, key) == [INVALID]
    assert pool.cognito.get_user(AccessToken=signed_in.token)["Username"] == "dart"
    assert refreshed(pool, other.refresh_token, devices.keys["its own"]) == [TOKENS]


def test_a_device_that_is_not_remembered_still_refreshes(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    pool.cognito.update_device_status(
        AccessToken=signed_in.token, DeviceKey=key, DeviceRememberedStatus="not_remembered"
    )
    # Then
    assert refreshed(pool, signed_in.refresh_token, key) == [TOKENS]


def test_a_sign_in_with_the_password_itself_never_refreshes(devices: Devices) -> None:
    # Given
    pool, key = devices.pool, devices.keys["its own"]
    by_admin: dict[str, Any] = pool.cognito.admin_initiate_auth(  # type: ignore[assignment]
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "dart", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    # Then
    for result in (pool.sign_in_with_password(), pool.sign_in_with_password(key), by_admin):
        for given in (None, key):
            assert refreshed(pool, result["RefreshToken"], given) == [INVALID]


def test_a_pool_without_tracking_refreshes_without_a_device_also_after_it_tracks(
    cognito: "CognitoIdentityProviderClient",
) -> None:
    # Given
    pool = create_pool(cognito, None)
    tokens = pool.sign_in().refresh_token, pool.sign_in_with_password()["RefreshToken"]
    for change in ({}, {"DeviceConfiguration": REMEMBERED_AT_ONCE}):
        # When
        cognito.update_user_pool(UserPoolId=pool.pool_id, **change)  # type: ignore[arg-type]
        # Then
        for token in tokens:
            assert refreshed(pool, token, None) == [TOKENS]
            assert "device_key" not in claims_of(pool.refresh(token)["AccessToken"])


def test_a_refresh_token_that_cognito_rejects_gets_its_error(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    pool.cognito.revoke_token(Token=signed_in.refresh_token, ClientId=pool.client_id)
    # Then
    revoked = ("NotAuthorizedException", "Refresh Token has been revoked")
    assert refreshed(pool, signed_in.refresh_token, key) == [revoked]


def test_a_refresh_token_belongs_to_its_app_client(devices: Devices) -> None:
    # Given
    cognito, pool_id = devices.pool.cognito, devices.pool.pool_id
    other = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="other")["UserPoolClient"]["ClientId"]
    # Then
    key = devices.keys["its own"]
    assert refreshed(Pool(cognito, pool_id, other), devices.first.refresh_token, key) == [INVALID]


@pytest.mark.parametrize("token", ["junk", "a.b.c", "e30.e30.e30"])
def test_a_token_that_is_not_a_refresh_token_is_refused(devices: Devices, token: str) -> None:
    assert refreshed(devices.pool, token, devices.keys["its own"]) == [INVALID]


def test_a_refresh_token_ends_after_its_validity(cognito: "CognitoIdentityProviderClient") -> None:
    # Given an app client whose refresh tokens live for a second
    pool = create_pool(cognito, REMEMBERED_AT_ONCE)
    cognito.update_user_pool_client(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        RefreshTokenValidity=1,
        TokenValidityUnits={"RefreshToken": "seconds"},
    )
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    # When
    time.sleep(2)
    # Then
    expired = ("NotAuthorizedException", "Refresh Token has expired")
    assert refreshed(pool, signed_in.refresh_token, key) == [expired]


def test_a_pool_that_stops_tracking_refreshes_without_a_device(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    assert refreshed(pool, signed_in.refresh_token, None) == [INVALID]
    # When an update leaves the device configuration out, which sets it to its default
    pool.cognito.update_user_pool(UserPoolId=pool.pool_id, AutoVerifiedAttributes=["email"])
    # Then
    assert "DeviceConfiguration" not in pool.cognito.describe_user_pool(UserPoolId=pool.pool_id)["UserPool"]
    assert refreshed(pool, signed_in.refresh_token, None) == [TOKENS]


def test_a_refresh_without_required_members_is_refused(emulator: str) -> None:
    target = "AWSCognitoIdentityProviderService.GetTokensFromRefreshToken"

    response = httpx.post(emulator, headers={"X-Amz-Target": target}, json={})

    assert response.status_code == 400
    assert response.json()["message"].startswith("2 validation errors detected: Value null at 'refreshToken'")


def test_the_token_endpoint_refuses_the_refresh_token_of_a_sign_in(devices: Devices, emulator: str) -> None:
    for token in (devices.first.refresh_token, devices.pool.sign_in_with_password()["RefreshToken"]):
        # Given
        form = {"grant_type": "refresh_token", "client_id": devices.pool.client_id, "refresh_token": token}
        # When
        response = httpx.post(f"{emulator}/oauth2/token", data=form)
        # Then
        assert (response.status_code, response.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize("token", ["", "x", "a.b.c", ".W10.", ".e30.", DEEP])
def test_the_token_endpoint_leaves_other_tokens_to_the_wrapped_cognito(
    devices: Devices, emulator: str, token: str
) -> None:
    form = {"grant_type": "refresh_token", "client_id": devices.pool.client_id, "refresh_token": token}

    response = httpx.post(f"{emulator}/oauth2/token", data=form)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")
