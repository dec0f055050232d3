"""A device that Cognito knows, as the page gets it."""

import json
import re
from dataclasses import replace
from io import StringIO

import boto3
import botocore
import pytest

from devices.observability import logger
from devices.settings import settings
from tests.support.events import load
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
def test_a_device_has_exactly_the_keys_and_forms_of_the_contract(fake: FakeCognito, event: str) -> None:
    response = invoke(load(event))

    assert response.status == 200
    assert response.body == DEVICE
    assert len(fake.requests) == 1


def test_the_answer_has_exactly_these_headers(fake: FakeCognito) -> None:
    assert invoke(load("get_device", origin="https://admin.example.com")).headers == {
        "Access-Control-Allow-Headers": "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key",
        "Access-Control-Allow-Origin": "https://admin.example.com",
        "Access-Control-Expose-Headers": "Retry-After,x-amzn-RequestId",
        "Access-Control-Max-Age": "3600",
        "Cache-Control": "no-store",
        "Content-Type": "application/json",
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
    }
    assert fake.requests


def test_cognito_gets_the_token_and_the_key_and_no_signature(
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


def test_cognito_is_told_who_asks(fake: FakeCognito) -> None:
    invoke(load("get_device"))

    versions = rf"Boto3/{boto3.__version__} Botocore/{botocore.__version__}"
    assert re.match(rf"{versions} cognito-device-api( |$)", fake.requests[0].headers["user-agent"])


def test_another_device_than_the_tokens_own_is_not_current(fake: FakeCognito) -> None:
    fake.replies = [Reply.device(DeviceKey="us-west-2_other")]

    response = invoke(load("get_device", device_key="us-west-2_other"))

    assert response.body == DEVICE | {"deviceKey": "us-west-2_other", "current": False}
    assert fake.requests[0].body["DeviceKey"] == "us-west-2_other"


def test_what_cognito_did_not_give_is_null(fake: FakeCognito) -> None:
    fake.replies = [Reply.json({"Device": {"DeviceKey": DEVICE_KEY}})]

    assert invoke(load("get_device")).body == dict.fromkeys(DEVICE) | {"deviceKey": DEVICE_KEY, "current": True}


def test_text_that_no_answer_can_carry_is_replaced(fake: FakeCognito) -> None:
    fake.replies = [Reply.device(DeviceAttributes=[{"Name": "device_status", "Value": "va\ud800lid"}])]

    assert invoke(load("get_device")).body["status"] == "va?lid"


def test_nothing_else_that_cognito_gives_is_shown(fake: FakeCognito) -> None:
    # Given the attributes that hold the account id and the user name, and fields that nobody knows yet
    names = ["dev:device_arn", "dev:device_owner", "dev:device_remembered_status", "dev:device_sdk"]
    attributes = [{"Name": name, "Value": "not to be shown"} for name in names]
    fake.replies = [Reply.device(DeviceAttributes=attributes, Owner="not to be shown")]

    # When
    response = invoke(load("get_device"))

    # Then
    assert response.body == DEVICE | {"name": None, "status": None, "lastIpUsed": None}


def test_throttling_is_tried_once_more_after_a_backoff_of_at_most_a_second(
    fake: FakeCognito, backoffs: list[float]
) -> None:
    fake.replies = [Reply.error("TooManyRequestsException"), Reply.device()]

    response = invoke(load("get_device"))

    assert (response.status, response.body) == (200, DEVICE)
    assert len(fake.requests) == 2
    assert [0 <= seconds <= 1 for seconds in backoffs] == [True]


def test_text_is_as_long_as_cognito_lets_it_become(fake: FakeCognito) -> None:
    fake.replies = [Reply.device(DeviceAttributes=[{"Name": "device_status", "Value": "v" * 3000}])]

    assert invoke(load("get_device")).body["status"] == "v" * 2048


@pytest.mark.parametrize("milliseconds", [1500, 1000, 1, 0])
def test_without_time_to_answer_cognito_is_not_asked(milliseconds: int, fake: FakeCognito) -> None:
    response = invoke(load("get_device"), milliseconds_left=milliseconds)

    assert (response.status, response.body["type"]) == (504, "urn:problem-type:upstream-timeout")
    assert fake.requests == []


def test_with_a_little_time_cognito_is_asked_for_that_long(fake: FakeCognito) -> None:
    # Given
    fake.replies = [Reply(send=stall)]
    # When the client would wait for two seconds, twice
    response = invoke(load("get_device"), milliseconds_left=1600)
    # Then
    assert (response.status, response.body["type"]) == (504, "urn:problem-type:upstream-timeout")
    assert len(fake.requests) == 1


@pytest.mark.parametrize(("visibility", "shown"), [("masked", "192.0.2.0/24"), ("full", "192.0.2.1"), ("hidden", None)])
def test_the_deployment_says_how_much_of_an_address_is_shown(
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


@pytest.mark.parametrize("given", ["0123456789abcdef-ABCDEF", "a" * 64])
def test_cognito_s_request_id_is_logged(given: str, fake: FakeCognito, monkeypatch: pytest.MonkeyPatch) -> None:
    assert logged_request_id(given, fake, monkeypatch) == given


@pytest.mark.parametrize("given", ["canary", "g", "a" * 65, "a b", ""])
def test_what_is_no_request_id_is_not_logged(given: str, fake: FakeCognito, monkeypatch: pytest.MonkeyPatch) -> None:
    assert logged_request_id(given, fake, monkeypatch) is None


def logged_request_id(given: str, fake: FakeCognito, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Return the request id that is logged of an response of Cognito with a given one."""
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    fake.replies = [replace(Reply.device(), headers=(f"x-amzn-RequestId: {given}",))]
    assert invoke(load("get_device")).status == 200
    logged: str | None = json.loads(log.getvalue()).get("cognito_request_id")
    return logged
