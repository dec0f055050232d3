"""Each error row of the HTTP contract that the function returns."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config

from devices import cognito, cognito_client
from devices.cognito_transport import Operation
from devices.problems import COGNITO_ERRORS
from tests.support.cases import REFUSED, Case, by_name, happening
from tests.support.events import ALLOWED_HEADERS, load
from tests.support.fake_cognito import SUCCESSES, FakeCognito, Reply
from tests.support.handler import Response, invoke
from tests.support.problems import PROBLEMS
from tests.support.upstream_cases import EVENTS, MODELLED, STATUSES, THROTTLED, UPSTREAM
from tools.openapi.document import document

CASES = [*REFUSED, *UPSTREAM, *THROTTLED]
DESCRIBED: dict[str, Any] = json.loads(document())
EVERY_PROBLEM = {
    "Cache-Control": "no-store",
    "Content-Type": "application/problem+json",
    "Vary": "Origin",
    "X-Content-Type-Options": "nosniff",
}
CORS = {
    "Access-Control-Allow-Headers": ",".join(ALLOWED_HEADERS),
    "Access-Control-Allow-Origin": "https://app.example.com",
    "Access-Control-Expose-Headers": "Retry-After,x-amzn-RequestId",
    "Access-Control-Max-Age": "3600",
}


@pytest.fixture(autouse=True)
def _short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the read timeout. test_records.py and the client's tests use the deployed one."""
    config = Config(signature_version=UNSIGNED, read_timeout=1, retries={"total_max_attempts": 2, "mode": "standard"})
    monkeypatch.setattr("devices.cognito_client.CONFIG", config)


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_an_error_gets_the_response_of_the_contract(
    case: Case, fake: FakeCognito, backoffs: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    if case.unforeseen:
        monkeypatch.setattr("devices.auth.Caller.parse", _raises(RuntimeError(case.unforeseen)))

    # When
    with happening(case, fake):
        response = invoke(case.event)

    # Then
    (problem,) = [each for each in PROBLEMS if each.slug == case.slug]
    assert response.status == case.status
    assert response.body == {
        "type": f"urn:problem-type:{case.slug}",
        "title": problem.title,
        "status": case.status,
        "detail": problem.detail,
        "requestId": case.event["requestContext"]["requestId"],
    }
    assert response.headers == EVERY_PROBLEM | CORS | case.headers
    assert_described(response)
    assert len(backoffs) == max(0, case.attempts - 1)


def assert_described(response: Response) -> None:
    """Check that docs/openapi.json has the response's type, its headers and no other required header for its status."""
    components = DESCRIBED["components"]
    described = components["responses"][HTTPStatus(response.status).name.title().replace("_", "")]
    required = {name for name in described["headers"] if components["headers"][name].get("required")}
    examples = described["content"]["application/problem+json"]["examples"].values()
    sent = response.headers.keys() - {"Content-Type"}
    assert response.body["type"] in {example["value"]["type"] for example in examples}
    assert sent <= described["headers"].keys()
    assert required - {"x-amzn-RequestId"} <= sent  # API Gateway adds this one


def test_every_problem_of_the_function_has_a_case() -> None:
    assert {(case.status, case.slug) for case in CASES} == {(each.status, each.slug) for each in PROBLEMS}


def test_every_operation_of_the_function_has_cases() -> None:
    operations = {each.name for each in vars(cognito).values() if isinstance(each, Operation)}

    assert operations == EVENTS.keys() == STATUSES.keys() == SUCCESSES.keys()


@pytest.mark.parametrize("operation", EVENTS)
def test_every_modelled_exception_of_each_operation_has_a_case(operation: str) -> None:
    modelled = cognito_client.client().meta.service_model.operation_model(operation).error_shapes

    assert {case.name for case in MODELLED if case.operation == operation} == {
        f"{operation}: {shape.name}" for shape in modelled
    }
    assert COGNITO_ERRORS.keys() == {shape.name for shape in modelled}


def test_a_modelled_exception_is_not_throttling_whatever_its_status(fake: FakeCognito) -> None:
    fake.replies = [Reply.error("NotAuthorizedException", status=429)]

    response = invoke(load("get_device"))

    assert (response.status, response.body["type"]) == (401, "urn:problem-type:invalid-token")
    assert len(fake.requests) == 1


@pytest.mark.parametrize("name", ["missing_token", "unknown_route", "method_not_allowed"])
def test_a_foreign_origin_cannot_read_an_error(name: str) -> None:
    response = invoke(load(name, origin="https://foreign.example.com"))

    assert [header for header in response.headers if header.startswith("Access-Control-")] == []
    assert response.headers["Vary"] == "Origin"


def _raises(error: Exception) -> object:
    def function(*_: object) -> None:
        raise error

    return function
