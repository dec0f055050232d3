"""The query and the body of a request. test_app_events.py tests its headers and request ID."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from devices.problems import INVALID_REQUEST, ProblemError
from devices.request import Request
from tests.support.events import load
from tests.support.tokens import access_token


def with_query(parameters: dict[str, list[str]] | None, single: dict[str, str] | None = None) -> Request:
    query = {"multiValueQueryStringParameters": parameters, "queryStringParameters": single}
    return Request.parse(load("list_devices") | query)


def with_body(body: str | None, *, encoded: bool = False) -> Request:
    return Request.parse(load("remember_device") | {"body": body, "isBase64Encoded": encoded})


@pytest.mark.parametrize(
    ("parameters", "limit", "next_token"),
    [
        ({}, None, None),
        ({"limit": ["1"]}, 1, None),
        ({"limit": ["60"]}, 60, None),
        ({"limit": ["007"]}, 7, None),
        ({"nextToken": ["a"]}, None, "a"),
        ({"nextToken": ["CAIS/+==,&"], "limit": ["2"]}, 2, "CAIS/+==,&"),
        ({"Limit": ["x"], "next_token": ["n"], "other": ["1", "2"]}, None, None),
    ],
)
def test_list_query_reads_the_limit_and_the_next_token(
    parameters: dict[str, list[str]], limit: int | None, next_token: str | None
) -> None:
    query = with_query(parameters).list_query()

    assert (query.limit, query.next_token) == (limit, next_token)


@pytest.mark.parametrize(
    "parameters",
    [
        *({"limit": [text]} for text in ["0", "61", "-1", "+1", "1.0", "1_0", " 1", "", "x", "\u0665", "\u00b2"]),
        *({"nextToken": [text]} for text in ["", " ", "a b", "a\n", "\ta"]),
        {"limit": ["1", "1"]},
        {"limit": []},
        {"nextToken": ["a", "a"]},
    ],
)
def test_a_malformed_query_is_invalid_request(parameters: dict[str, list[str]]) -> None:
    with pytest.raises(ProblemError) as caught:
        with_query(parameters).list_query()

    assert caught.value.problem is INVALID_REQUEST


@pytest.mark.parametrize(
    ("body", "remembered"),
    [
        ('{"remembered": true}', True),
        ('{"remembered":false}', False),
        ('{"remembered": true, "remembered": false}', False),
    ],
)
def test_status_change_reads_a_plain_and_a_base64_body(body: str, remembered: bool) -> None:  # noqa: FBT001 - a table
    encoded = base64.b64encode(body.encode()).decode()

    assert with_body(body).status_change().remembered is remembered
    assert with_body(encoded, encoded=True).status_change().remembered is remembered


@pytest.mark.parametrize(
    "body",
    ["", "null", "{}", "[]", "true", '{"remembered": null}', '{"remembered": 1}', '{"remembered": "true"}',
     '{"remembered": true, "name": "a"}', '{"Remembered": true}'],
)  # fmt: skip
def test_a_malformed_body_is_invalid_request(body: str) -> None:
    with pytest.raises(ProblemError) as caught:
        with_body(body).status_change()

    assert caught.value.problem is INVALID_REQUEST


def test_list_query_reads_the_map_of_single_values_too() -> None:
    query = with_query(None, {"limit": "5", "nextToken": "a"}).list_query()

    assert (query.limit, query.next_token) == (5, "a")
    assert with_query({}, None).list_query().limit is None


@pytest.mark.parametrize("body", ["canary!", "//79", "e30"])
def test_a_body_that_is_not_base64_of_json_is_invalid_request(body: str) -> None:
    with pytest.raises(ProblemError) as caught:
        with_body(body, encoded=True).status_change()

    assert caught.value.problem is INVALID_REQUEST


@pytest.mark.parametrize(
    "parse",
    [
        lambda: with_query({"nextToken": ["canary canary"]}).list_query(),
        lambda: with_body('{"remembered": "canary"}').status_change(),
    ],
)
def test_the_error_does_not_quote_an_invalid_value(parse: Callable[[], Any]) -> None:
    with pytest.raises(ProblemError) as caught:
        parse()

    # A debugger or a log could show the error behind the problem.
    assert isinstance(caught.value.__context__, ValidationError)
    assert "canary" not in str(caught.value.__context__)


def test_a_request_and_its_parts_are_immutable() -> None:
    request = with_query({"limit": ["5"]})

    for part, name in [
        (request, "body"),
        (request.request_context, "request_id"),
        (request.list_query(), "limit"),
        (with_body('{"remembered": true}').status_change(), "remembered"),
    ]:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(part, name, None)


def test_the_repr_of_a_request_holds_no_token() -> None:
    request = Request.parse(load("get_device", token=access_token(signature="canary")))

    assert "canary" in request.authorization[0]
    assert "canary" not in f"{request!r} {request}"
