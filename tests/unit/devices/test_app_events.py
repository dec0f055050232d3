"""The forms that an event's headers, request ID and missing members may take."""

import io
import json
from typing import Any

import pytest

from tests.support.events import load, with_authorization
from tests.support.handler import invoke
from tests.support.tokens import DEVICE_KEY, access_token


def _fill(value: str | list[str], token: str) -> str | list[str]:
    return value.replace("TOKEN", token) if isinstance(value, str) else [each.replace("TOKEN", token) for each in value]


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
def test_the_handler_reads_authorization_in_any_case_and_from_either_map(
    headers: dict[str, dict[str, Any] | None], cognito_calls: list[tuple[str, str]]
) -> None:
    token = access_token()
    filled = {
        name: values and {key: _fill(value, token) for key, value in values.items()} for name, values in headers.items()
    }

    assert invoke(load("get_device") | filled).status == 200
    assert cognito_calls == [(token, DEVICE_KEY)]


@pytest.mark.parametrize(
    "maps", [{"headers": None, "multiValueHeaders": None}, {"headers": {}, "multiValueHeaders": {}}]
)
def test_an_event_with_empty_header_maps_gets_missing_token(maps: dict[str, Any]) -> None:
    response = invoke(load("get_device") | maps)

    assert (response.status, response.body["type"]) == (401, "urn:problem-type:missing-token")


def test_an_event_without_header_maps_gets_401() -> None:
    event = load("get_device")
    del event["headers"], event["multiValueHeaders"]

    assert invoke(event).status == 401


def test_two_authorization_headers_get_invalid_token(cognito_calls: list[tuple[str, str]]) -> None:
    token = access_token()

    response = invoke(with_authorization("Bearer other", f"Bearer {token}"))

    assert (response.status, response.body["type"]) == (401, "urn:problem-type:invalid-token")
    assert cognito_calls == []


def test_authorization_headers_that_differ_in_case_count_as_two(cognito_calls: list[tuple[str, str]]) -> None:
    bearer = f"Bearer {access_token()}"
    maps = {"headers": {}, "multiValueHeaders": {"Authorization": [bearer], "authorization": [bearer]}}

    response = invoke(load("get_device") | maps)

    assert (response.status, response.body["type"]) == (401, "urn:problem-type:invalid-token")
    assert cognito_calls == []


@pytest.mark.parametrize("request_id", ["a\ud800", "", "x" * 129, "canary\n", "canary \u2028", 5, {"secret": "canary"}])
def test_the_handler_neither_returns_nor_logs_a_malformed_request_id(request_id: object, logged: io.StringIO) -> None:
    # Given an event that only a direct invocation can contain
    event = load("get_device")
    # When
    response = invoke(event | {"requestContext": event["requestContext"] | {"requestId": request_id}})
    # Then
    line = json.loads(logged.getvalue())
    assert (response.status, response.body["requestId"]) == (404, line["function_request_id"])
    assert (line["message"], line["outcome"]) == ("answered", "not-found")
    assert "correlation_id" not in line


def test_the_handler_returns_and_logs_a_valid_request_id(logged: io.StringIO) -> None:
    event = load("missing_token")

    response = invoke(event | {"requestContext": event["requestContext"] | {"requestId": "!~" * 64}})

    assert response.body["requestId"] == json.loads(logged.getvalue())["correlation_id"] == "!~" * 64


def test_the_handler_accepts_null_for_missing_members() -> None:
    event = load("missing_token", token="")
    without = {name: None for name in event if name not in {"resource", "httpMethod"}}

    assert invoke(event | without).status == 401
    assert invoke(event | {"requestContext": {"requestId": None}}).status == 401


def test_a_header_without_values_makes_the_event_malformed() -> None:
    event = load("get_device")

    assert invoke(event | {"multiValueHeaders": event["multiValueHeaders"] | {"Origin": []}}).status == 404
