"""What is recorded of one request, value by value; tests/integration/devices/test_records.py looks at all of them."""

import io
import json
import logging
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from devices import observability, xray
from devices.cognito_transport import Operation
from devices.models import CognitoDevice
from devices.observability import cognito_subsegment, logger
from tests.support.events import load
from tests.support.handler import Context, invoke

PROBLEM = {"Content-Type": "application/problem+json", "WWW-Authenticate": "Bearer"}
EVERY_LINE = {
    "correlation_id": load("get_device")["requestContext"]["requestId"],
    "function_arn": Context().invoked_function_arn,
    "function_memory_size": 256,
    "function_name": "devices",
    "function_request_id": Context().aws_request_id,
    "service": "devices",
}


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is logged, a line each."""
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


@pytest.fixture(autouse=True)
def cognito(monkeypatch: pytest.MonkeyPatch) -> list[xray.Subsegment]:
    """A Cognito that answers after 12.3456 ms; the subsegments that were under way then, the innermost last."""
    subsegments = []

    def call(operation: Operation[CognitoDevice], parameters: dict[str, str], _: object) -> CognitoDevice:
        with cognito_subsegment("GetDevice") as record:
            record(outcome="ok", milliseconds=12.3456, attempts=2, request_id="a-request-id")
            subsegments.extend(observability.tracer.provider.open)  # type: ignore[attr-defined]
        return operation.read({"Device": {"DeviceKey": parameters["DeviceKey"]}})

    monkeypatch.setattr("devices.cognito_transport.call", call)
    return subsegments


def lines(logged: io.StringIO) -> list[dict[str, Any]]:
    """Return what was logged, but for what differs each time."""
    found = [json.loads(line) for line in logged.getvalue().splitlines()]
    for line in found:
        assert isinstance(line.pop("timestamp"), str)
        line.pop("cold_start")
        if "_aws" in line:
            assert line["_aws"].pop("Timestamp") > 0
            (directive,) = line["_aws"]["CloudWatchMetrics"]
            directive["Dimensions"] = [sorted(each) for each in directive["Dimensions"]]
    return found


def directive(*metrics: dict[str, str]) -> dict[str, Any]:
    dimensions = [["outcome", "service"]]
    return {
        "CloudWatchMetrics": [{"Namespace": "CognitoDeviceApi", "Dimensions": dimensions, "Metrics": list(metrics)}]
    }


def test_an_answer_is_one_line_with_the_call_of_cognito_and_the_metrics(logged: io.StringIO) -> None:
    invoke(load("preflight"))  # the cold start, if none was before
    logged.truncate(0)
    logged.seek(0)

    invoke(load("get_device"))

    assert lines(logged) == [
        EVERY_LINE
        | {
            "level": "INFO",
            "message": "answered",
            "status": 200,
            "outcome": "ok",
            "cognito_operation": "GetDevice",
            "cognito_latency_ms": 12.3,
            "cognito_attempts": 2,
            "cognito_request_id": "a-request-id",
            "Requests": [1.0],
            "CognitoLatency": [12.3456],
            "_aws": directive(
                {"Name": "CognitoLatency", "Unit": "Milliseconds"}, {"Name": "Requests", "Unit": "Count"}
            ),
        }
    ]


def test_nothing_of_the_request_before_is_logged(logged: io.StringIO) -> None:
    invoke(load("get_device"))
    logged.truncate(0)
    logged.seek(0)

    invoke(load("missing_token"))

    assert lines(logged) == [
        EVERY_LINE
        | {
            "correlation_id": load("missing_token")["requestContext"]["requestId"],
            "level": "INFO",
            "message": "answered",
            "status": 401,
            "outcome": "missing-token",
            "Requests": [1.0],
            "_aws": directive({"Name": "Requests", "Unit": "Count"}),
        }
    ]


def test_an_unforeseen_error_is_a_line_of_its_own(logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LookupError("canary")

    monkeypatch.setattr("devices.auth.Caller.parse", fail)

    answer = invoke(load("get_device"))

    error, answered = lines(logged)
    where = error.pop("where")
    assert error == EVERY_LINE | {"level": "ERROR", "message": "unforeseen error", "error_type": "LookupError"}
    assert where[-1] == f"{Path(__file__)}:{fail.__code__.co_firstlineno + 1} fail"
    assert (answered["status"], answered["outcome"]) == (500, "internal-error")
    assert (answer.status, answer.body["type"]) == (500, "urn:problem-type:internal-error")


def test_above_info_the_metrics_are_all_that_is_written(
    logged: io.StringIO, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(partial(logger.setLevel, logger.log_level))
    logger.setLevel(logging.WARNING)

    for _ in range(2):
        invoke(load("missing_token"))

    written, again = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "Requests" in line]
    assert {**again, "_aws": None} == {**written, "_aws": None}

    assert (written["outcome"], written["Requests"], written["service"]) == ("missing-token", [1.0], "devices")
    assert logged.getvalue() == ""


def test_a_call_of_cognito_is_a_part_of_the_invocation_s_trace(cognito: list[xray.Subsegment]) -> None:
    invoke(load("get_device"))

    handler, call = cognito
    assert handler.document["name"] == "## lambda_handler"
    assert call.document["name"] == "## cognito-idp GetDevice"
    assert call.document["annotations"] == {"outcome": "ok"}


def test_a_success_and_a_problem_say_what_they_are_and_must_not_be_stored() -> None:
    success, problem = invoke(load("get_device")), invoke(load("missing_token"))

    every = {"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"}
    assert success.headers.items() >= (every | {"Content-Type": "application/json"}).items()
    assert problem.headers.items() >= (every | PROBLEM).items()
    assert problem.body["requestId"] == load("missing_token")["requestContext"]["requestId"]


def test_without_metrics_nothing_is_written(logged: io.StringIO) -> None:
    observability.metrics.flush_metrics()

    assert logged.getvalue() == ""
