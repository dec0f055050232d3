"""The routes: each calls Cognito with the device key and the caller's access token."""

from typing import Any

import pytest

from tests.support.events import load
from tests.support.handler import invoke
from tests.support.tokens import DEVICE_KEY, access_token


def get_device(key: str) -> dict[str, Any]:
    """Return a request for a device key. API Gateway has decoded it already."""
    event = load("get_device")
    return event | {"path": f"/devices/{key}", "pathParameters": {"deviceKey": key}}


@pytest.mark.parametrize("key", [DEVICE_KEY, "us-west-2_EXAMPLE-a1b2", "a_b", "___", "-_-", "a" * 53 + "_b"])
def test_get_device_sends_a_well_formed_device_key(key: str, cognito_calls: list[tuple[str, str]]) -> None:
    assert invoke(get_device(key)).body["deviceKey"] == key
    assert [each for _, each in cognito_calls] == [key]


@pytest.mark.parametrize(
    "key",
    ["", "a", "nounderscore", "_", "a_", "_b", "a" * 54 + "_b", "us-east-1_a b", "us-east-1_é", "us-east-1_\u0661",
     "us-east-1_a.b", "us-east-1_a/b", "us-east-1_%61", "us-east-1_a\x00", "Current", "current_",
     "current_device/x", "_a_", "us-east-1_\U0001f600", "us-east-1_a'--"],
)  # fmt: skip
def test_get_device_responds_400_to_a_malformed_device_key(key: str, cognito_calls: list[tuple[str, str]]) -> None:
    response = invoke(get_device(key))

    assert (response.status, response.body["type"]) == (400, "urn:problem-type:invalid-request")
    assert cognito_calls == []


def test_current_stands_for_the_device_key_in_the_token(cognito_calls: list[tuple[str, str]]) -> None:
    token = access_token({"device_key": "us-east-1_mine"})

    response = invoke(load("get_current_device", token=token))

    assert (response.body["deviceKey"], response.body["current"]) == ("us-east-1_mine", True)
    assert cognito_calls == [(token, "us-east-1_mine")]


@pytest.mark.parametrize("key", ["", "current", "é_é"])
def test_current_responds_404_if_the_token_has_a_malformed_device_key(
    key: str, cognito_calls: list[tuple[str, str]]
) -> None:
    response = invoke(load("get_current_device", token=access_token({"device_key": key})))

    assert (response.status, response.body["type"]) == (404, "urn:problem-type:device-not-found")
    assert cognito_calls == []


@pytest.mark.parametrize("base", ["/my", "/devices", "/my/devices"])
def test_a_route_ignores_the_base_path_of_a_custom_domain(base: str, cognito_calls: list[tuple[str, str]]) -> None:
    token = access_token()
    event = load("get_device", token=token)

    response = invoke(event | {"path": base + event["path"]})

    assert response.status == 200
    assert cognito_calls == [(token, DEVICE_KEY)]


def test_the_device_key_devices_does_not_select_the_list(cognito_calls: list[tuple[str, str]]) -> None:
    response = invoke(get_device("devices"))

    assert (response.status, response.body["type"]) == (400, "urn:problem-type:invalid-request")
    assert cognito_calls == []


@pytest.mark.parametrize("parameters", [None, {}])
def test_get_device_responds_400_without_a_device_key(parameters: dict[str, str] | None) -> None:
    assert invoke(load("get_device") | {"pathParameters": parameters}).status == 400


@pytest.mark.parametrize(
    ("event", "methods", "allowed"),
    [
        ("get_device", ["POST", "PUT", "HEAD", "TRACE"], "DELETE, GET, OPTIONS, PATCH"),
        ("list_devices", ["POST", "PUT", "PATCH", "DELETE", "HEAD"], "GET, OPTIONS"),
    ],
)
def test_a_resource_responds_405_to_a_method_that_it_lacks(event: str, methods: list[str], allowed: str) -> None:
    for method in methods:
        response = invoke(load(event) | {"httpMethod": method})
        assert (response.status, response.headers["Allow"]) == (405, allowed), method


@pytest.mark.parametrize("path", ["/", "/device/us-east-1_a", "/devices/x", "/devices/{deviceKey}/x"])
def test_an_unknown_resource_gets_404(path: str) -> None:
    response = invoke(load("unknown_route") | {"path": path, "resource": path})

    assert (response.status, response.body["type"]) == (404, "urn:problem-type:not-found")
