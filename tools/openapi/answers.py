"""What each operation can answer besides success: the function's problems, by status, and the headers of answers."""

import json
from http import HTTPStatus
from itertools import groupby
from typing import Any

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import BaseModel, Field, JsonValue

from devices import problems
from devices.parameters import DEVICE, DEVICES, METHODS
from devices.problems import COGNITO_ERRORS, MEDIA_TYPE

REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

# API Gateway's own: the function never sees such a request.
REQUEST_TOO_LARGE = problems.Problem(
    "request-too-large", 413, "Request too large", "The request is larger than API Gateway accepts."
)
# What can go wrong with each operation. A path that API Gateway cannot match is answered as if it were none.
_ANY_OPERATION = (
    *COGNITO_ERRORS.values(),
    problems.INVALID_REQUEST,
    problems.MISSING_TOKEN,
    problems.INSUFFICIENT_SCOPE,
    problems.NOT_FOUND,
    problems.INTERNAL_ERROR,
    problems.UPSTREAM_TIMEOUT,
    REQUEST_TOO_LARGE,
)

_TEXT = {"type": "string"}
HEADERS: dict[str, dict[str, Any]] = {
    "Access-Control-Allow-Headers": {
        "description": "The headers that a page may send; on the function's answers to an allowed origin.",
        "schema": _TEXT,
        "examples": {"these": {"value": "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key"}},
    },
    "Access-Control-Allow-Origin": {
        "description": (
            "The caller's origin, if the deployment's AllowedOrigins has it. API Gateway's own errors, which hold "
            "nothing about anybody, echo any origin."
        ),
        "schema": _TEXT,
        "examples": {"a page": {"value": "https://app.example.com"}},
    },
    "Access-Control-Expose-Headers": {
        "description": "The headers that a page may read; with Access-Control-Allow-Origin.",
        "schema": {**_TEXT, "const": "Retry-After,x-amzn-RequestId"},
    },
    "Access-Control-Max-Age": {
        "description": "Seconds for which a preflight's answer holds; on the function's answers to an allowed origin.",
        "schema": {"type": "integer", "const": 3600},
    },
    "Allow": {
        "description": "The methods that the resource has (RFC 9110 section 10.2.1).",
        "required": True,
        "schema": _TEXT,
        "examples": {"of a device": {"value": METHODS[DEVICE]}, "of the list": {"value": METHODS[DEVICES]}},
    },
    "Cache-Control": {
        "description": "Nothing is ever stored.",
        "required": True,
        "schema": {**_TEXT, "const": "no-store"},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next try (RFC 9110 section 10.2.3).",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
        "examples": {"a second": {"value": 1}},
    },
    "Vary": {
        "description": "Answers differ by the caller's origin.",
        "required": True,
        "schema": {**_TEXT, "const": "Origin"},
    },
    "WWW-Authenticate": {
        "description": (
            "RFC 6750 section 3. On the function's own answers API Gateway calls it "
            "`x-amzn-remapped-www-authenticate`; the problem's type says the same."
        ),
        "schema": _TEXT,
        "examples": {"a bad token": {"value": 'Bearer error="invalid_token"'}},
    },
    "X-Content-Type-Options": {
        "description": "The type is as it says.",
        "required": True,
        "schema": {**_TEXT, "const": "nosniff"},
    },
    "x-amzn-RequestId": {
        "description": "API Gateway's id of the request, as in a problem's requestId.",
        "required": True,
        "schema": _TEXT,
        "examples": {"an id": {"value": REQUEST_ID}},
    },
}
_OF_SOME = {name for each in vars(problems).values() if isinstance(each, problems.Problem) for name in each.headers} | {
    "Allow"
}
_TYPES: list[JsonValue] = [
    *sorted({f"urn:problem-type:{each.slug}" for each in (*_ANY_OPERATION, problems.METHOD_NOT_ALLOWED)})
]


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str = Field(description="What a program switches on.", json_schema_extra={"enum": _TYPES})
    title: str = Field(description="The type in words.")
    status: int = Field(description="The answer's HTTP status.", ge=400, le=599)
    detail: str = Field(description="One sentence for the developer of the page.")
    requestId: str = Field(description="API Gateway's id of the request, to report.")  # noqa: N815 - as it is sent


def headers(*further: str) -> Any:
    """Return references to the headers of every answer and to `further` ones."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted({*HEADERS} - _OF_SOME | {*further})}


def failures() -> dict[int, OpenAPIResponse]:
    """Return the answers that tell what went wrong with an operation, by status."""
    possible = {each.slug: each for each in _ANY_OPERATION}.values()
    by_status = sorted(possible, key=lambda problem: (problem.status, problem.slug))
    return {status: _failure(status, list(same)) for status, same in groupby(by_status, lambda each: each.status)}


def method_not_allowed() -> dict[str, Any]:
    """Return the answer that no operation gives, as a component of the document."""
    schema = {"$ref": "#/components/schemas/Problem"}  # a model would do in an operation alone
    return {
        "description": (
            "The function's answer to a method that the resource lacks. API Gateway, where it stands before the "
            "function, knows no such method and answers 404 `not-found`."
        ),
        "headers": headers("Allow"),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": _examples([problems.METHOD_NOT_ALLOWED])}},
    }


def _failure(status: int, possible: list[problems.Problem]) -> OpenAPIResponse:
    types = ", ".join(f"`{each.slug}`" for each in possible)
    return {
        "description": f"{HTTPStatus(status).phrase}: {types}.",
        "headers": headers(*(name for each in possible for name in each.headers)),
        "content": {MEDIA_TYPE: {"model": Problem, "examples": _examples(possible)}},
    }


def _examples(possible: list[problems.Problem]) -> Any:
    return {each.slug: {"summary": each.title, "value": json.loads(each.body(REQUEST_ID))} for each in possible}
