"""Routes: which device is asked for, and who asks."""

import json
from io import StringIO
from typing import Any

import pytest

from devices.cognito_transport import Operation
from devices.deadlines import Deadline
from devices.models import CognitoDevice
from devices.observability import logger
from tests.support.events import load, with_authorization
from tests.support.handler import invoke
from tests.support.start import started
from tests.support.tokens import DEVICE_KEY, access_token


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The tokens and keys that Cognito was asked with; it knows every device."""
    calls: list[tuple[str, str]] = []

    def call(operation: Operation[CognitoDevice], parameters: dict[str, str], deadline: Deadline) -> CognitoDevice:
        assert operation.name == "GetDevice"
        assert 9 < deadline.seconds_left() <= 10
        calls.append((parameters["AccessToken"], parameters["DeviceKey"]))
        return operation.read({"Device": {"DeviceKey": parameters["DeviceKey"]}})

    monkeypatch.setattr("devices.cognito_transport.call", call)
    return calls


def at(key: str) -> dict[str, Any]:
    """A request for a device key, as API Gateway gives it: decoded."""
    event = load("get_device")
    return event | {"path": f"/devices/{key}", "pathParameters": {"deviceKey": key}}


@pytest.mark.parametrize("key", [DEVICE_KEY, "us-west-2_EXAMPLE-a1b2", "a_b", "___", "-_-", "a" * 53 + "_b"])
def test_a_well_formed_key_is_asked_for(key: str, asked: list[tuple[str, str]]) -> None:
    assert invoke(at(key)).body["deviceKey"] == key
    assert [each for _, each in asked] == [key]


@pytest.mark.parametrize(
    "key",
    ["", "a", "nounderscore", "_", "a_", "_b", "a" * 54 + "_b", "us-east-1_a b", "us-east-1_é", "us-east-1_\u0661",
     "us-east-1_a.b", "us-east-1_a/b", "us-east-1_%61", "us-east-1_a\x00", "Current", "current_",
     "current_device/x", "_a_", "us-east-1_\U0001f600", "us-east-1_a'--"],
)  # fmt: skip
def test_a_malformed_key_is_an_invalid_request(key: str, asked: list[tuple[str, str]]) -> None:
    answer = invoke(at(key))

    assert (answer.status, answer.body["type"]) == (400, "urn:problem-type:invalid-request")
    assert asked == []


def test_current_is_the_device_of_the_token(asked: list[tuple[str, str]]) -> None:
    token = access_token({"device_key": "us-east-1_mine"})

    answer = invoke(load("get_current_device", token=token))

    assert (answer.body["deviceKey"], answer.body["current"]) == ("us-east-1_mine", True)
    assert asked == [(token, "us-east-1_mine")]


@pytest.mark.parametrize("key", ["", "current", "é_é"])
def test_a_malformed_key_in_the_token_is_no_device(key: str, asked: list[tuple[str, str]]) -> None:
    answer = invoke(load("get_current_device", token=access_token({"device_key": key})))

    assert (answer.status, answer.body["type"]) == (404, "urn:problem-type:device-not-found")
    assert asked == []


@pytest.mark.parametrize("base", ["/my", "/devices", "/my/devices"])
def test_a_custom_domain_may_map_a_base_path(base: str, asked: list[tuple[str, str]]) -> None:
    token = access_token()
    event = load("get_device", token=token)

    answer = invoke(event | {"path": base + event["path"]})

    assert answer.status == 200
    assert asked == [(token, DEVICE_KEY)]


def test_a_device_called_devices_is_no_list(asked: list[tuple[str, str]]) -> None:
    answer = invoke(at("devices"))

    assert (answer.status, answer.body["type"]) == (400, "urn:problem-type:invalid-request")
    assert asked == []


@pytest.mark.parametrize("parameters", [None, {}])
def test_without_a_key_the_request_is_invalid(parameters: dict[str, str] | None) -> None:
    assert invoke(load("get_device") | {"pathParameters": parameters}).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"headers": {"authorization": "Bearer TOKEN"}, "multiValueHeaders": {"authorization": ["Bearer TOKEN"]}},
        {"headers": {"AUTHORIZATION": "Bearer TOKEN"}, "multiValueHeaders": {"AUTHORIZATION": ["Bearer TOKEN"]}},
        {"headers": None, "multiValueHeaders": {"Authorization": ["Bearer TOKEN"]}},
        {"headers": {"Authorization": "Bearer TOKEN"}, "multiValueHeaders": None},
        {"headers": {"authorization": "Bearer TOKEN"}, "multiValueHeaders": {}},
    ],
)
def test_the_header_is_found_in_any_case_and_in_either_map(
    headers: dict[str, dict[str, Any] | None], asked: list[tuple[str, str]]
) -> None:
    token = access_token()
    filled = {
        name: values and {key: _fill(value, token) for key, value in values.items()} for name, values in headers.items()
    }

    assert invoke(load("get_device") | filled).status == 200
    assert asked == [(token, DEVICE_KEY)]


@pytest.mark.parametrize(
    "maps", [{"headers": None, "multiValueHeaders": None}, {"headers": {}, "multiValueHeaders": {}}]
)
def test_without_any_header_the_token_is_missing(maps: dict[str, Any]) -> None:
    answer = invoke(load("get_device") | maps)

    assert (answer.status, answer.body["type"]) == (401, "urn:problem-type:missing-token")


def test_without_the_maps_the_token_is_missing() -> None:
    event = load("get_device")
    del event["headers"], event["multiValueHeaders"]

    assert invoke(event).status == 401


def test_two_authorization_headers_are_refused(asked: list[tuple[str, str]]) -> None:
    token = access_token()

    answer = invoke(with_authorization("Bearer other", f"Bearer {token}"))

    assert (answer.status, answer.body["type"]) == (401, "urn:problem-type:invalid-token")
    assert asked == []


def test_two_that_are_written_differently_are_two(asked: list[tuple[str, str]]) -> None:
    bearer = f"Bearer {access_token()}"
    maps = {"headers": {}, "multiValueHeaders": {"Authorization": [bearer], "authorization": [bearer]}}

    answer = invoke(load("get_device") | maps)

    assert (answer.status, answer.body["type"]) == (401, "urn:problem-type:invalid-token")
    assert asked == []


@pytest.mark.parametrize(
    ("event", "methods", "allowed"),
    [
        ("get_device", ["POST", "PUT", "HEAD", "TRACE"], "DELETE, GET, OPTIONS, PATCH"),
        ("list_devices", ["POST", "PUT", "PATCH", "DELETE", "HEAD"], "GET, OPTIONS"),
    ],
)
def test_another_method_is_not_allowed(event: str, methods: list[str], allowed: str) -> None:
    for method in methods:
        answer = invoke(load(event) | {"httpMethod": method})
        assert (answer.status, answer.headers["Allow"]) == (405, allowed), method


@pytest.mark.parametrize("path", ["/", "/device/us-east-1_a", "/devices/x", "/devices/{deviceKey}/x"])
def test_another_resource_is_not_found(path: str) -> None:
    answer = invoke(load("unknown_route") | {"path": path, "resource": path})

    assert (answer.status, answer.body["type"]) == (404, "urn:problem-type:not-found")


@pytest.mark.parametrize("origin", ["https://app.example.com", "https://admin.example.com"])
def test_each_allowed_origin_may_read_answers_and_what_they_say_of_retries(
    origin: str, asked: list[tuple[str, str]]
) -> None:
    allowed = {
        "Access-Control-Allow-Headers": "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After,x-amzn-RequestId",
        "Access-Control-Max-Age": "3600",
    }

    for event in ("get_device", "missing_token", "preflight"):
        headers = invoke(load(event, origin=origin)).headers
        assert {name: value for name, value in headers.items() if name in allowed} == allowed
    assert len(asked) == 1


ANSWER = """
import json
from tests.support.events import load
from tests.support.handler import invoke
answer = invoke(load("{}"))
print(json.dumps([answer.status, sorted(answer.headers)]))
"""


def test_without_allowed_origins_no_page_may_read_anything() -> None:
    (status, headers), _ = started(ANSWER.format("preflight"), ALLOWED_ORIGINS="")

    assert status == 204
    assert [name for name in headers if name.startswith("Access-Control-Allow-Origin")] == []


def test_powertools_development_mode_prints_no_event() -> None:
    (status, _), printed = started(ANSWER.format("malformed_device_key"), POWERTOOLS_DEV="true")

    assert status == 400
    assert "Bearer" not in printed
    assert "multiValueHeaders" not in printed


def test_the_start_makes_the_client_and_leaves_nothing_of_itself_to_collect() -> None:
    program = """
import gc, json
import devices.app
from devices import cognito_client
print(json.dumps([cognito_client.client.cache_info().currsize, gc.isenabled(), gc.get_freeze_count() > 0]))
"""
    assert started(program)[0] == [1, True, True]


@pytest.mark.parametrize("request_id", ["a\ud800", "", "x" * 129, "canary\n", "canary \u2028", 5, {"secret": "canary"}])
def test_a_request_id_that_is_none_is_neither_answered_nor_logged(
    request_id: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an event of nobody's but a direct caller's
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    event = load("get_device")
    # When
    answer = invoke(event | {"requestContext": event["requestContext"] | {"requestId": request_id}})
    # Then
    line = json.loads(log.getvalue())
    assert (answer.status, answer.body["requestId"]) == (404, line["function_request_id"])
    assert (line["message"], line["outcome"]) == ("answered", "not-found")
    assert "correlation_id" not in line


def test_a_request_id_is_logged_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)

    event = load("missing_token")

    answer = invoke(event | {"requestContext": event["requestContext"] | {"requestId": "!~" * 64}})

    assert answer.body["requestId"] == json.loads(log.getvalue())["correlation_id"] == "!~" * 64


def test_what_api_gateway_has_not_is_null() -> None:
    event = load("missing_token", token="")
    without = {name: None for name in event if name not in {"resource", "httpMethod"}}

    assert invoke(event | without).status == 401
    assert invoke(event | {"requestContext": {"requestId": None}}).status == 401


def test_a_header_without_values_is_no_event() -> None:
    event = load("get_device")

    assert invoke(event | {"multiValueHeaders": event["multiValueHeaders"] | {"Origin": []}}).status == 404


def _fill(value: str | list[str], token: str) -> str | list[str]:
    return value.replace("TOKEN", token) if isinstance(value, str) else [each.replace("TOKEN", token) for each in value]
