"""The administrators' device operations, and which callers the emulator rejects."""

from functools import partial

import httpx

from tests.support.errors import NO_DEVICE, refusal
from tests.support.user_pools import Pool, attributes


def test_an_administrator_sees_devices_that_are_not_remembered_and_their_internals(prompting_pool: Pool) -> None:
    # Given
    pool = prompting_pool
    key = pool.sign_in().confirmed()
    # When
    device = pool.cognito.admin_get_device(UserPoolId=pool.pool_id, Username="dart", DeviceKey=key)["Device"]
    # Then
    owner = f"dart.{pool.pool_id}"
    assert attributes(device) == {
        "device_status": "valid",
        "device_name": "Test browser",
        "last_ip_used": "127.0.0.1",
        "dev:device_arn": f"arn:aws:cognito-idp:us-east-1:000000000000:owner/{owner}/device/{key}",
        "dev:device_owner": owner,
        "dev:device_remembered_status": "not_remembered",
        "dev:device_sdk": "aws-sdk",
    }
    assert pool.cognito.admin_list_devices(UserPoolId=pool.pool_id, Username="dart")["Devices"] == [device]


def test_an_administrator_remembers_and_forgets_a_users_device(prompting_pool: Pool) -> None:
    # Given
    pool = prompting_pool
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    # When
    pool.cognito.admin_update_device_status(
        UserPoolId=pool.pool_id, Username="dart", DeviceKey=key, DeviceRememberedStatus="remembered"
    )
    # Then
    assert pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)["Device"]["DeviceKey"] == key
    # When
    pool.cognito.admin_forget_device(UserPoolId=pool.pool_id, Username="dart", DeviceKey=key)
    # Then
    assert refusal(lambda: pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)) == NO_DEVICE


def test_the_wrapped_cognitos_errors_about_tokens_and_users_pass_through(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    revoked = pool.sign_in()
    pool.cognito.revoke_token(Token=revoked.refresh_token, ClientId=pool.client_id)
    id_token = signed_in.answer["AuthenticationResult"]["IdToken"]
    # Then
    expected = {
        id_token: ("NotAuthorizedException", "Invalid Access Token"),
        revoked.token: ("NotAuthorizedException", "Access Token has been revoked"),
    }
    for token, error in expected.items():
        assert refusal(partial(pool.cognito.list_devices, AccessToken=token)) == error
    # Given
    pool.cognito.admin_disable_user(UserPoolId=pool.pool_id, Username="dart")
    # Then
    disabled = refusal(lambda: pool.cognito.list_devices(AccessToken=signed_in.token))
    assert disabled == ("NotAuthorizedException", "User is disabled.")
    # Given
    pool.cognito.admin_delete_user(UserPoolId=pool.pool_id, Username="dart")
    # Then
    deleted = refusal(lambda: pool.cognito.list_devices(AccessToken=signed_in.token))
    assert deleted == ("UserNotFoundException", "User does not exist.")


def test_an_unknown_user_or_pool_of_an_administrator_is_rejected(pool: Pool) -> None:
    # Then
    assert refusal(lambda: pool.cognito.admin_list_devices(UserPoolId=pool.pool_id, Username="nobody")) == (
        "UserNotFoundException",
        "User does not exist.",
    )
    code, _ = refusal(lambda: pool.cognito.admin_list_devices(UserPoolId="us-east-1_none", Username="dart"))
    assert code == "ResourceNotFoundException"


def test_an_administrators_operation_needs_a_signature(pool: Pool, emulator: str) -> None:
    # When
    response = httpx.post(
        emulator,
        headers={"X-Amz-Target": "AWSCognitoIdentityProviderService.AdminListDevices"},
        json={"UserPoolId": pool.pool_id, "Username": "dart"},
    )
    # Then
    assert response.status_code == 400
    assert response.json() == {
        "__type": "MissingAuthenticationTokenException",
        "message": "Missing Authentication Token",
    }
    assert response.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
