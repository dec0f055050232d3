"""The headers of every response, and the response to an unforeseen exception."""

import io
from pathlib import Path

import pytest

from devices.responses import cors
from tests.support.events import ALLOWED_HEADERS, load
from tests.support.handler import invoke
from tests.support.logs import EVERY_LINE, comparable

READABLE = {
    "Access-Control-Allow-Headers": ",".join(ALLOWED_HEADERS),
    "Access-Control-Expose-Headers": "Retry-After,x-amzn-RequestId",
    "Access-Control-Max-Age": "3600",
}
ORIGINS = ("https://app.example.com", "https://admin.example.com", "https://ops.example.com")
PROBLEM = {"Content-Type": "application/problem+json", "WWW-Authenticate": "Bearer"}


@pytest.mark.parametrize("origin", ORIGINS)
def test_cors_lets_each_allowed_origin_read_responses(origin: str) -> None:
    assert cors(ORIGINS).to_dict(origin) == READABLE | {"Access-Control-Allow-Origin": origin}


@pytest.mark.parametrize("origins", [(), ORIGINS])
def test_cors_lets_a_foreign_origin_read_nothing(origins: tuple[str, ...]) -> None:
    assert cors(origins).to_dict("https://foreign.example.com") == {}


@pytest.mark.parametrize("origin", ["https://app.example.com", "https://admin.example.com"])
def test_each_allowed_origin_can_read_every_response_and_retry_after(
    origin: str, cognito_calls: list[tuple[str, str]]
) -> None:
    allowed = READABLE | {"Access-Control-Allow-Origin": origin}

    for event in ("get_device", "missing_token", "preflight"):
        headers = invoke(load(event, origin=origin)).headers
        assert {name: value for name, value in headers.items() if name in allowed} == allowed
    assert len(cognito_calls) == 1


@pytest.mark.usefixtures("cognito_calls")
def test_a_device_and_a_problem_declare_their_type_and_forbid_caching() -> None:
    success, problem = invoke(load("get_device")), invoke(load("missing_token"))

    every = {"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"}
    assert success.headers.items() >= (every | {"Content-Type": "application/json"}).items()
    assert problem.headers.items() >= (every | PROBLEM).items()
    assert problem.body["requestId"] == load("missing_token")["requestContext"]["requestId"]


def test_an_unforeseen_exception_becomes_500_and_is_logged_without_its_text(
    logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("canary")

    monkeypatch.setattr("devices.auth.Caller.parse", fail)

    response = invoke(load("get_device"))

    error, answered = comparable(logged.getvalue())
    where = error.pop("where")
    assert error == EVERY_LINE | {"level": "ERROR", "message": "unforeseen error", "error_type": "LookupError"}
    assert where[-1] == f"{Path(__file__)}:{fail.__code__.co_firstlineno + 1} fail"
    assert (answered["status"], answered["outcome"]) == (500, "internal-error")
    assert (response.status, response.body["type"]) == (500, "urn:problem-type:internal-error")
