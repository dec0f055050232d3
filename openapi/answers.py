"""What each operation can answer besides success: the function's problems, by status, and the headers of answers."""

import json
from http import HTTPStatus
from itertools import groupby
from typing import Any

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import BaseModel, Field, JsonValue

from devices import problems
from devices.problems import COGNITO_ERRORS, MEDIA_TYPE

REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

# API Gateway's own: the function never sees such a request.
REQUEST_TOO_LARGE = problems.Problem(
    "request-too-large", 413, "Request too large", "The request is larger than API Gateway accepts."
)
# What can go wrong with each operation, and what a request for none is told.
_ANY_OPERATION = (
    *COGNITO_ERRORS.values(),
    problems.INVALID_REQUEST,
    problems.MISSING_TOKEN,
    problems.INSUFFICIENT_SCOPE,
    problems.INTERNAL_ERROR,
    problems.UPSTREAM_TIMEOUT,
    REQUEST_TOO_LARGE,
)
_NO_OPERATION = (problems.NOT_FOUND, problems.METHOD_NOT_ALLOWED)

_TEXT = {"type": "string"}
HEADERS: dict[str, dict[str, Any]] = {
    "Access-Control-Allow-Origin": {
        "description": "The caller's origin, if the deployment's AllowedOrigins has it.",
        "schema": _TEXT,
        "examples": {"a page": {"value": "https://app.example.com"}},
    },
    "Cache-Control": {"description": "Nothing is ever stored.", "schema": {**_TEXT, "const": "no-store"}},
    "Retry-After": {
        "description": "Seconds to wait before the next try (RFC 9110 section 10.2.3).",
        "schema": {"type": "integer", "minimum": 0},
        "examples": {"a second": {"value": 1}},
    },
    "Vary": {"description": "Answers differ by the caller's origin.", "schema": {**_TEXT, "const": "Origin"}},
    "WWW-Authenticate": {
        "description": (
            "RFC 6750 section 3. On the function's own answers API Gateway calls it "
            "`x-amzn-remapped-www-authenticate`; the problem's type says the same."
        ),
        "schema": _TEXT,
        "examples": {"a bad token": {"value": 'Bearer error="invalid_token"'}},
    },
    "X-Content-Type-Options": {"description": "The type is as it says.", "schema": {**_TEXT, "const": "nosniff"}},
    "x-amzn-RequestId": {
        "description": "API Gateway's id of the request, as in a problem's requestId.",
        "schema": _TEXT,
        "examples": {"an id": {"value": REQUEST_ID}},
    },
}
_ALWAYS = ("Access-Control-Allow-Origin", "Cache-Control", "Vary", "X-Content-Type-Options", "x-amzn-RequestId")


_TYPES: list[JsonValue] = [*sorted({f"urn:problem-type:{each.slug}" for each in _ANY_OPERATION + _NO_OPERATION})]


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str = Field(description="What a program switches on.", json_schema_extra={"enum": _TYPES})
    title: str = Field(description="The type in words.")
    status: int = Field(description="The answer's HTTP status.", ge=400, le=599)
    detail: str = Field(description="One sentence for the developer of the page.")
    requestId: str = Field(description="API Gateway's id of the request, to report.")  # noqa: N815 - as it is sent


def headers(*further: str) -> Any:  # noqa: ANN401 - Powertools' type has no references
    """Return references to the headers of every answer and to `further` ones."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted({*_ALWAYS, *further})}


def failures() -> dict[int, OpenAPIResponse]:
    """Return the answers that tell what went wrong with an operation, by status."""
    possible = {each.slug: each for each in _ANY_OPERATION}.values()
    by_status = sorted(possible, key=lambda problem: (problem.status, problem.slug))
    return {status: _failure(status, list(same)) for status, same in groupby(by_status, lambda each: each.status)}


def _failure(status: int, possible: list[problems.Problem]) -> OpenAPIResponse:
    examples = {each.slug: {"summary": each.title, "value": json.loads(each.body(REQUEST_ID))} for each in possible}
    types = ", ".join(f"`{each.slug}`" for each in possible)
    return {
        "description": f"{HTTPStatus(status).phrase}: {types}.",
        "headers": headers(*(name for each in possible for name in each.headers)),
        "content": {MEDIA_TYPE: {"model": Problem, "examples": examples}},
    }
