"""GET /devices/{deviceKey}: the call to Cognito, and the device as sent to the browser."""

import re

import boto3
import botocore
import pytest

from devices.settings import settings
from tests.support.events import ALLOWED_HEADERS, load
from tests.support.fake_cognito import FakeCognito, Reply, stall
from tests.support.handler import invoke
from tests.support.tokens import DEVICE_KEY, access_token

DEVICE = {
    "deviceKey": DEVICE_KEY,
    "name": "Dart-device",
    "status": "valid",
    "lastIpUsed": "192.0.2.0/24",
    "current": True,
    "createdAt": "2024-05-07T16:52:22.022Z",
    "lastModifiedAt": "2024-08-09T20:00:51.167Z",
    "lastAuthenticatedAt": "2024-05-07T16:52:22.000Z",
}


@pytest.mark.parametrize("event", ["get_device", "get_current_device"])
def test_a_device_has_exactly_the_members_of_the_contract(fake: FakeCognito, event: str) -> None:
    response = invoke(load(event))

    assert response.status == 200
    assert response.body == DEVICE
    assert len(fake.requests) == 1


def test_a_device_is_sent_with_exactly_these_headers(fake: FakeCognito) -> None:
    assert invoke(load("get_device", origin="https://admin.example.com")).headers == {
        "Access-Control-Allow-Headers": ",".join(ALLOWED_HEADERS),
        "Access-Control-Allow-Origin": "https://admin.example.com",
        "Access-Control-Expose-Headers": "Retry-After,x-amzn-RequestId",
        "Access-Control-Max-Age": "3600",
        "Cache-Control": "no-store",
        "Content-Type": "application/json",
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
    }
    assert fake.requests


def test_cognito_receives_the_token_and_the_key_without_a_signature(
    fake: FakeCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given credentials that the SDK could sign with
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    token = access_token()

    # When
    invoke(load("get_device", token=token))

    # Then
    (request,) = fake.requests
    assert (request.method, request.path) == ("POST", "/")
    assert request.headers["x-amz-target"] == "AWSCognitoIdentityProviderService.GetDevice"
    assert request.headers["content-type"] == "application/x-amz-json-1.1"
    assert "authorization" not in request.headers
    assert request.body == {"AccessToken": token, "DeviceKey": DEVICE_KEY}


def test_the_user_agent_names_the_sdk_and_this_api(fake: FakeCognito) -> None:
    invoke(load("get_device"))

    versions = rf"Boto3/{boto3.__version__} Botocore/{botocore.__version__}"
    assert re.match(rf"{versions} cognito-device-api( |$)", fake.requests[0].headers["user-agent"])


def test_a_device_is_not_current_if_the_token_has_another_key(fake: FakeCognito) -> None:
    fake.replies = [Reply.device(DeviceKey="us-west-2_other")]

    response = invoke(load("get_device", device_key="us-west-2_other"))

    assert response.body == DEVICE | {"deviceKey": "us-west-2_other", "current": False}
    assert fake.requests[0].body["DeviceKey"] == "us-west-2_other"


def test_a_member_that_cognito_did_not_send_is_null(fake: FakeCognito) -> None:
    fake.replies = [Reply.json({"Device": {"DeviceKey": DEVICE_KEY}})]

    assert invoke(load("get_device")).body == dict.fromkeys(DEVICE) | {"deviceKey": DEVICE_KEY, "current": True}


def test_characters_that_utf8_cannot_encode_are_replaced(fake: FakeCognito) -> None:
    fake.replies = [Reply.device(DeviceAttributes=[{"Name": "device_status", "Value": "va\ud800lid"}])]

    assert invoke(load("get_device")).body["status"] == "va?lid"


def test_other_attributes_of_cognito_are_not_shown(fake: FakeCognito) -> None:
    # Given the attributes with the account ID and the user name, and an unknown member
    names = ["dev:device_arn", "dev:device_owner", "dev:device_remembered_status", "dev:device_sdk"]
    attributes = [{"Name": name, "Value": "not to be shown"} for name in names]
    fake.replies = [Reply.device(DeviceAttributes=attributes, Owner="not to be shown")]

    # When
    response = invoke(load("get_device"))

    # Then
    assert response.body == DEVICE | {"name": None, "status": None, "lastIpUsed": None}


def test_a_throttled_call_is_retried_once_after_at_most_a_second(fake: FakeCognito, backoffs: list[float]) -> None:
    fake.replies = [Reply.error("TooManyRequestsException"), Reply.device()]

    response = invoke(load("get_device"))

    assert (response.status, response.body) == (200, DEVICE)
    assert len(fake.requests) == 2
    assert [0 <= seconds <= 1 for seconds in backoffs] == [True]


def test_text_is_cut_at_the_length_that_cognito_allows(fake: FakeCognito) -> None:
    fake.replies = [Reply.device(DeviceAttributes=[{"Name": "device_status", "Value": "v" * 3000}])]

    assert invoke(load("get_device")).body["status"] == "v" * 2048


@pytest.mark.parametrize("milliseconds", [1500, 1000, 1, 0])
def test_cognito_is_not_called_if_too_little_time_is_left(milliseconds: int, fake: FakeCognito) -> None:
    response = invoke(load("get_device"), milliseconds_left=milliseconds)

    assert (response.status, response.body["type"]) == (504, "urn:problem-type:upstream-timeout")
    assert fake.requests == []


def test_a_call_to_cognito_ends_when_the_time_left_is_over(fake: FakeCognito) -> None:
    # Given
    fake.replies = [Reply(send=stall)]
    # When the invocation has less time than the client's read timeout of two seconds
    response = invoke(load("get_device"), milliseconds_left=1600)
    # Then
    assert (response.status, response.body["type"]) == (504, "urn:problem-type:upstream-timeout")
    assert len(fake.requests) == 1


@pytest.mark.parametrize(("visibility", "shown"), [("masked", "192.0.2.0/24"), ("full", "192.0.2.1"), ("hidden", None)])
def test_the_visibility_setting_decides_how_addresses_are_shown(
    visibility: str,
    shown: str | None,
    fake: FakeCognito,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("LAST_IP_VISIBILITY", visibility)
    settings.cache_clear()
    request.addfinalizer(settings.cache_clear)

    assert invoke(load("get_device")).body["lastIpUsed"] == shown
    assert [device["lastIpUsed"] for device in invoke(load("list_devices")).body["devices"]] == [shown]
    assert len(fake.requests) == 2
