"""The problems, their form, and the table of Cognito's exceptions."""

import json
import re
from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from devices.problems import (
    COGNITO_ERRORS,
    COGNITO_LIST_ERRORS,
    FORBIDDEN,
    INVALID_REQUEST,
    INVALID_TOKEN,
    METHOD_NOT_ALLOWED,
    TOO_MANY_REQUESTS,
    Problem,
    ProblemError,
)
from tests.support.problems import PROBLEMS
from tests.support.upstream_cases import RESPONSES, RESPONSES_OF_LIST

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs/openapi.json").read_text(encoding="utf-8"))
EXAMPLES = [
    example["value"]
    for response in DOCUMENT["components"]["responses"].values()
    for content in response["content"].values()
    for example in content["examples"].values()
]


def test_each_problem_has_a_slug_of_its_own() -> None:
    slugs = [problem.slug for problem in PROBLEMS]

    assert sorted(slugs) == sorted(set(slugs))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_a_problem_has_the_members_and_headers_of_its_status(problem: Problem) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem.slug)
    assert 400 <= problem.status <= 599
    assert problem.title
    assert problem.detail.endswith(".")
    assert ("WWW-Authenticate" in problem.headers) == (problem.status in {401, 403})
    assert ("Retry-After" in problem.headers) == (problem.status == 429)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_a_problem_matches_its_examples_in_the_openapi_document(problem: Problem) -> None:
    examples = [each for each in EXAMPLES if each["type"] == f"urn:problem-type:{problem.slug}"]

    assert examples
    for example in examples:
        assert json.loads(problem.body(example["requestId"])) == example


@pytest.mark.parametrize(("table", "expected"), [(COGNITO_ERRORS, RESPONSES), (COGNITO_LIST_ERRORS, RESPONSES_OF_LIST)])
def test_each_exception_of_cognito_has_the_problem_of_the_contract(
    table: Mapping[str, Problem], expected: dict[str, tuple[int, str, dict[str, str], int]]
) -> None:
    problems = {code: (each.status, each.slug, dict(each.headers)) for code, each in table.items()}

    assert problems == {code: (status, slug, headers) for code, (status, slug, headers, _) in expected.items()}


def test_problems_and_their_table_are_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        INVALID_TOKEN.status = 200  # type: ignore[misc]
    with pytest.raises(TypeError):
        INVALID_TOKEN.headers["WWW-Authenticate"] = "Basic"  # type: ignore[index]
    with pytest.raises(TypeError):
        INVALID_REQUEST.headers["Retry-After"] = "1"  # type: ignore[index]
    with pytest.raises(TypeError):
        TOO_MANY_REQUESTS.headers["Retry-After"] = "2"  # type: ignore[index]
    with pytest.raises(TypeError):
        COGNITO_ERRORS["NotAuthorizedException"] = FORBIDDEN  # type: ignore[index]
    with pytest.raises(TypeError):
        COGNITO_LIST_ERRORS["NotAuthorizedException"] = FORBIDDEN  # type: ignore[index]


def test_the_text_of_an_error_is_the_slug_of_its_problem() -> None:
    assert str(ProblemError(INVALID_TOKEN)) == "invalid-token"


def test_a_body_has_the_members_of_rfc_9457_and_the_request_id() -> None:
    assert json.loads(Problem("a-slug", 418, "A title", "A detail.").body("an-id")) == {
        "type": "urn:problem-type:a-slug",
        "title": "A title",
        "status": 418,
        "detail": "A detail.",
        "requestId": "an-id",
    }


def test_an_error_adds_its_headers_to_those_of_its_problem() -> None:
    assert ProblemError(METHOD_NOT_ALLOWED, {"Allow": "GET"}).headers == {"Allow": "GET"}
    assert ProblemError(INVALID_TOKEN, {"Allow": "GET"}).headers == INVALID_TOKEN.headers | {"Allow": "GET"}  # type: ignore[operator]
