"""What device tracking adds to sign-ins: boto3 and pycognito's SRP client call the emulator."""

import base64
import json
import re
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.user_pools import REMEMBERED_AT_ONCE, Pool, attributes, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


from tests.support.errors import NO_DEVICE, refusal


def claim(token: str) -> object:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "==")).get("device_key")


def test_a_sign_in_announces_a_new_device_and_binds_the_token_to_it(pool: Pool) -> None:
    # When
    signed_in = pool.sign_in()
    # Then
    metadata = signed_in.answer["AuthenticationResult"]["NewDeviceMetadata"]
    assert re.fullmatch(r"us-east-1_[0-9a-f-]{36}", metadata["DeviceKey"])
    assert metadata["DeviceGroupKey"].startswith("-")
    assert claim(signed_in.token) == metadata["DeviceKey"]
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
    assert claim(signed_in.token) is None
    assert refusal(lambda: cognito.list_devices(AccessToken=signed_in.token)) == (
        "InvalidUserPoolConfigurationException",
        "Device tracking is not configured for this user pool.",
    )


def test_a_sign_in_on_a_known_device_updates_it_and_announces_no_new_one(pool: Pool, emulator: str) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    before = pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)["Device"]
    time.sleep(1.1)  # DeviceLastAuthenticatedDate has whole seconds
    parameters = {"USERNAME": "dart", "PASSWORD": "Remember-me-1", "DEVICE_KEY": key}
    # When
    response = httpx.post(
        emulator,
        headers={
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "X-Forwarded-For": "2001:db8::7, 192.0.2.1",
        },
        json={"ClientId": pool.client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters},
    )
    # Then
    result = response.json()["AuthenticationResult"]
    assert "NewDeviceMetadata" not in result
    assert claim(result["AccessToken"]) == key
    after = pool.cognito.get_device(AccessToken=result["AccessToken"], DeviceKey=key)["Device"]
    assert attributes(after)["last_ip_used"] == "2001:db8::7"
    assert after["DeviceLastAuthenticatedDate"] > before["DeviceLastAuthenticatedDate"]


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_sign_in_on_a_device_that_is_not_the_users_is_rejected(pool: Pool, *, confirmed: bool) -> None:
    # Given
    pool.add_user("other")
    others = pool.sign_in("other")
    key = others.confirmed() if confirmed else pool.sign_in().device_key
    # Then
    assert refusal(lambda: pool.sign_in_on(key)) == NO_DEVICE


def test_a_device_key_in_the_response_to_a_challenge_counts(pool: Pool) -> None:
    # Given
    key = pool.sign_in().confirmed()
    srp = pool.sign_in().srp
    started = pool.cognito.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.get_auth_params()
    )
    assert "AuthenticationResult" not in started
    responses = srp.process_challenge(started["ChallengeParameters"], srp.get_auth_params())
    # When
    response = pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses={**responses, "DEVICE_KEY": key},
    )
    # Then
    assert claim(response["AuthenticationResult"]["AccessToken"]) == key


def test_an_administrators_sign_in_announces_a_new_device(pool: Pool) -> None:
    # When
    response = pool.cognito.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "dart", "PASSWORD": "Remember-me-1"},
    )
    # Then
    assert response["AuthenticationResult"]["NewDeviceMetadata"]["DeviceKey"]


def test_a_refreshed_token_keeps_the_device_of_its_sign_in(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    pool.sign_in()
    # When
    by_flow = pool.cognito.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": signed_in.refresh_token},
    )["AuthenticationResult"]
    by_operation = pool.cognito.get_tokens_from_refresh_token(
        ClientId=pool.client_id, RefreshToken=signed_in.refresh_token
    )["AuthenticationResult"]
    # Then
    for result in (by_flow, by_operation):
        assert "NewDeviceMetadata" not in result
        assert claim(result["AccessToken"]) == key


def test_the_refresh_of_a_sign_in_from_before_tracking_adds_no_device(
    cognito: "CognitoIdentityProviderClient",
) -> None:
    # Given
    pool = create_pool(cognito, None)
    refresh_token = pool.sign_in().refresh_token
    cognito.update_user_pool(UserPoolId=pool.pool_id, DeviceConfiguration=REMEMBERED_AT_ONCE)  # type: ignore[arg-type]
    # When
    result = cognito.get_tokens_from_refresh_token(ClientId=pool.client_id, RefreshToken=refresh_token)
    # Then
    assert claim(result["AuthenticationResult"]["AccessToken"]) is None


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
