"""The error responses of every operation: the function's problems and API Gateway's, by status."""

import json
from http import HTTPStatus
from itertools import groupby
from typing import Any

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import BaseModel, Field, JsonValue

from devices import problems
from devices.problems import MEDIA_TYPE, METHOD_NOT_ALLOWED
from tools.openapi.headers import REQUEST_ID, headers

# API Gateway rejects such a request itself, so the function has no problem for it.
REQUEST_TOO_LARGE = problems.Problem(
    "request-too-large", 413, "Request too large", "The request is larger than API Gateway accepts."
)
_ALL = (*(each for each in vars(problems).values() if isinstance(each, problems.Problem)), REQUEST_TOO_LARGE)
_TYPES: list[JsonValue] = [*sorted(f"urn:problem-type:{each.slug}" for each in _ALL)]


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str = Field(description="The kind of failure, for programs.", json_schema_extra={"enum": _TYPES})
    title: str = Field(description="The kind of failure, for people.")
    status: int = Field(
        default_factory=int,  # makes it optional without a default in the schema
        description="The HTTP status of the response. API Gateway may leave it out of a failure of its own.",
        ge=400,
        le=599,
    )
    detail: str = Field(description="One sentence for the developer of the page.")
    requestId: str = Field(  # noqa: N815 - as it is sent
        description="API Gateway's request ID. Report it to the operator of the API."
    )


def failures() -> dict[int, OpenAPIResponse]:
    """Return the error responses that each operation can have, by status."""
    possible = [each for each in _ALL if each is not METHOD_NOT_ALLOWED]
    by_status = sorted(possible, key=lambda problem: (problem.status, problem.slug))
    return {status: _failure(status, list(same)) for status, same in groupby(by_status, lambda each: each.status)}


def method_not_allowed() -> dict[str, Any]:
    """Return the response to a method that is not an operation, as a component of the document."""
    schema = {"$ref": "#/components/schemas/Problem"}  # Powertools replaces models with references in operations only
    return {
        "description": (
            "The function's response to a method that the resource does not have. A deployed API does not route such a "
            "request to the function: API Gateway responds with 404 `not-found`."
        ),
        "headers": headers("Allow"),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": _examples([METHOD_NOT_ALLOWED])}},
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
