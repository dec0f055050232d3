"""The device operations with a user's token: boto3 and HTTP clients call the emulator."""

import time
from functools import partial
from typing import Any

import httpx
import pytest

from tests.support.errors import NO_DEVICE, refusal
from tests.support.user_pools import Pool, attributes

UNKNOWN_KEY = "us-east-1_00000000-0000-0000-0000-000000000000"


def test_a_confirmed_device_is_remembered_at_once_and_described(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    # When
    response = signed_in.confirm("Dart-device")
    # Then
    assert response["UserConfirmationNecessary"] is False
    device = pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=signed_in.device_key)["Device"]
    assert device["DeviceKey"] == signed_in.device_key
    assert attributes(device) == {
        "device_status": "valid",
        "device_name": "Dart-device",
        "last_ip_used": "127.0.0.1",
    }
    assert device["DeviceCreateDate"] <= device["DeviceLastModifiedDate"]
    assert pool.cognito.list_devices(AccessToken=signed_in.token)["Devices"] == [device]


def test_a_device_confirmed_without_a_name_has_no_device_name(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    # When
    signed_in.confirm(None)
    # Then
    device = pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=signed_in.device_key)["Device"]
    assert "device_name" not in attributes(device)


def test_timestamps_are_epoch_seconds_and_browsers_may_read_the_response(pool: Pool, emulator: str) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    # When
    response = httpx.post(
        emulator,
        headers={
            "X-Amz-Target": "AWSCognitoIdentityProviderService.GetDevice",
            "Content-Type": "application/x-amz-json-1.1",
            "Origin": "https://app.example.com",
        },
        json={"AccessToken": signed_in.token, "DeviceKey": key},
    )
    # Then
    device = response.json()["Device"]
    assert abs(device["DeviceCreateDate"] - time.time()) < 60
    assert device["DeviceCreateDate"] == round(device["DeviceCreateDate"], 3)
    assert device["DeviceLastAuthenticatedDate"] == int(device["DeviceLastAuthenticatedDate"])
    assert response.headers["content-type"] == "application/x-amz-json-1.1"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-amzn-requestid"]


@pytest.mark.parametrize("token", ["...", "..", "a.b.c", ".e30.", "e30.e30.e30", "-", "=" * 4096])
def test_a_token_that_is_not_a_token_is_refused(pool: Pool, token: str) -> None:
    refused = refusal(lambda: pool.cognito.list_devices(AccessToken=token))

    assert refused == ("NotAuthorizedException", "Invalid Access Token")


def test_a_pool_that_prompts_hides_a_device_until_it_is_remembered(prompting_pool: Pool) -> None:
    # Given
    pool = prompting_pool
    signed_in = pool.sign_in()
    response = signed_in.confirm("Dart-device")
    key = signed_in.device_key
    assert response["UserConfirmationNecessary"] is True
    assert refusal(lambda: pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)) == NO_DEVICE
    assert pool.cognito.list_devices(AccessToken=signed_in.token)["Devices"] == []
    # When
    pool.cognito.update_device_status(AccessToken=signed_in.token, DeviceKey=key, DeviceRememberedStatus="remembered")
    # Then
    assert pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)["Device"]["DeviceKey"] == key
    # When
    pool.cognito.update_device_status(
        AccessToken=signed_in.token, DeviceKey=key, DeviceRememberedStatus="not_remembered"
    )
    # Then
    assert refusal(lambda: pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)) == NO_DEVICE


def test_a_status_update_without_a_status_changes_nothing(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    before = pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)["Device"]
    # When
    pool.cognito.update_device_status(AccessToken=signed_in.token, DeviceKey=key)
    # Then
    assert pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)["Device"] == before


def test_a_forgotten_device_does_not_exist_for_any_operation(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    # When
    pool.cognito.forget_device(AccessToken=signed_in.token, DeviceKey=key)
    # Then
    by_token = {"AccessToken": signed_in.token, "DeviceKey": key}
    by_admin = {"UserPoolId": pool.pool_id, "Username": "dart", "DeviceKey": key}
    for operation in ("get_device", "forget_device", "update_device_status"):
        assert refusal(partial(getattr(pool.cognito, operation), **by_token)) == NO_DEVICE
        assert refusal(partial(getattr(pool.cognito, f"admin_{operation}"), **by_admin)) == NO_DEVICE
    assert pool.cognito.list_devices(AccessToken=signed_in.token)["Devices"] == []


def test_another_users_device_does_not_exist(pool: Pool) -> None:
    # Given
    pool.add_user("other")
    key = pool.sign_in("other").confirmed()
    token = pool.sign_in().token
    # Then
    assert refusal(lambda: pool.cognito.get_device(AccessToken=token, DeviceKey=key)) == NO_DEVICE


def test_a_user_who_is_created_again_gets_none_of_the_old_devices(pool: Pool) -> None:
    # Given
    key = pool.sign_in().confirmed()
    pool.cognito.admin_delete_user(UserPoolId=pool.pool_id, Username="dart")
    pool.add_user("dart")
    # When
    token = pool.sign_in().token
    # Then
    assert refusal(lambda: pool.cognito.get_device(AccessToken=token, DeviceKey=key)) == NO_DEVICE


def test_only_a_key_issued_to_the_user_can_be_confirmed_and_only_once(pool: Pool) -> None:
    # Given
    invalid = ("InvalidParameterException", "Invalid device key given.")
    pool.add_user("other")
    others = pool.sign_in("other").device_key
    signed_in = pool.sign_in()
    own = signed_in.confirmed()
    confirm = partial(pool.cognito.confirm_device, AccessToken=signed_in.token)
    # Then
    for key in (UNKNOWN_KEY, others, own):
        assert refusal(partial(confirm, DeviceKey=key)) == invalid


def test_a_device_that_is_not_confirmed_does_not_exist(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    # Then
    key = signed_in.device_key
    assert refusal(lambda: pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=key)) == NO_DEVICE
    assert pool.cognito.admin_list_devices(UserPoolId=pool.pool_id, Username="dart")["Devices"] == []


def test_the_next_list_page_is_right_even_if_a_device_was_forgotten_in_between(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    keys = [signed_in.confirmed(), *(pool.sign_in().confirmed() for _ in range(3))]
    # When
    first = pool.cognito.list_devices(AccessToken=signed_in.token, Limit=2)
    pool.cognito.forget_device(AccessToken=signed_in.token, DeviceKey=keys[1])
    second = pool.cognito.list_devices(AccessToken=signed_in.token, Limit=2, PaginationToken=first["PaginationToken"])
    # Then
    assert [device["DeviceKey"] for device in first["Devices"]] == keys[:2]
    assert [device["DeviceKey"] for device in second["Devices"]] == keys[2:]
    assert "PaginationToken" not in second


def test_a_limit_of_zero_means_the_default(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    key = signed_in.confirmed()
    # When
    devices = pool.cognito.list_devices(AccessToken=signed_in.token, Limit=0)["Devices"]
    # Then
    assert [device["DeviceKey"] for device in devices] == [key]


VERIFIERS = {
    "a verifier that is not Base64": {"PasswordVerifier": "not Base64!", "Salt": "c2FsdA=="},
    "a salt that is not Base64": {"PasswordVerifier": "dmVyaWZpZXI=", "Salt": "c2F*dA=="},
    "a salt without its padding": {"PasswordVerifier": "dmVyaWZpZXI=", "Salt": "c2FsdA"},
    "no salt": {"PasswordVerifier": "dmVyaWZpZXI="},
    "a verifier of zero": {"PasswordVerifier": "AA==", "Salt": "c2FsdA=="},
}


@pytest.mark.parametrize("case", VERIFIERS)
def test_a_verifier_that_cannot_be_right_is_refused(pool: Pool, case: str) -> None:
    # Given
    signed_in = pool.sign_in()
    verifier: Any = VERIFIERS[case]
    confirm = partial(pool.cognito.confirm_device, AccessToken=signed_in.token, DeviceKey=signed_in.device_key)
    # When
    code, message = refusal(lambda: confirm(DeviceSecretVerifierConfig=verifier))
    # Then
    assert code == "InvalidParameterException"
    assert message.startswith("Invalid Salt" if "salt" in case else "Invalid PasswordVerifier")
    assert pool.cognito.list_devices(AccessToken=signed_in.token)["Devices"] == []
    assert signed_in.confirm()["UserConfirmationNecessary"] is False
