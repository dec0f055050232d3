"""Problems, and how they are written."""

import json
import re

import pytest

from devices import problems
from devices.problems import INVALID_TOKEN, METHOD_NOT_ALLOWED, Problem, ProblemError

PROBLEMS = [each for each in vars(problems).values() if isinstance(each, Problem)]


def test_a_type_names_one_problem() -> None:
    slugs = [problem.slug for problem in PROBLEMS]

    assert sorted(slugs) == sorted(set(slugs))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_a_problem_is_written_as_the_contract_says(problem: Problem) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem.slug)
    assert 400 <= problem.status <= 599
    assert problem.title
    assert problem.detail.endswith(".")
    assert ("WWW-Authenticate" in problem.headers) == (problem.status in {401, 403})
    assert ("Retry-After" in problem.headers) == (problem.status == 429)


def test_a_body_has_the_members_of_rfc_9457_and_the_request_id() -> None:
    assert json.loads(Problem("a-slug", 418, "A title", "A detail.").body("an-id")) == {
        "type": "urn:problem-type:a-slug",
        "title": "A title",
        "status": 418,
        "detail": "A detail.",
        "requestId": "an-id",
    }


def test_an_error_adds_headers_to_its_problems_own() -> None:
    assert ProblemError(METHOD_NOT_ALLOWED, {"Allow": "GET"}).headers == {"Allow": "GET"}
    assert ProblemError(INVALID_TOKEN, {"Allow": "GET"}).headers == INVALID_TOKEN.headers | {"Allow": "GET"}  # type: ignore[operator]
