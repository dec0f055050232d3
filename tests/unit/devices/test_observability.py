"""The log lines, metrics and subsegments of one request, value by value.

tests/integration/devices/test_records.py looks at those of every case.
"""

import io
import json
import logging
from functools import partial
from typing import Any

import pytest

from devices import observability, xray
from devices.cognito_transport import Operation
from devices.models import CognitoDevice
from devices.observability import cognito_subsegment, logger
from tests.support.events import load
from tests.support.handler import invoke
from tests.support.logs import EVERY_LINE, comparable


@pytest.fixture(autouse=True)
def subsegments(monkeypatch: pytest.MonkeyPatch) -> list[xray.Subsegment]:
    """The subsegments in progress when Cognito responds, the innermost last. Cognito's latency is 12.3456 ms."""
    found = []

    def call(operation: Operation[CognitoDevice], parameters: dict[str, str], _: object) -> CognitoDevice:
        with cognito_subsegment("GetDevice") as record:
            record(outcome="ok", milliseconds=12.3456, attempts=2, request_id="a-request-id")
            found.extend(observability.tracer.provider.in_progress)  # type: ignore[attr-defined]
        return operation.read({"Device": {"DeviceKey": parameters["DeviceKey"]}})

    monkeypatch.setattr("devices.cognito_transport.call", call)
    return found


def directive(*metrics: dict[str, str]) -> dict[str, Any]:
    """Return the part of a log line from which CloudWatch extracts metrics."""
    dimensions = [["outcome", "service"]]
    return {
        "CloudWatchMetrics": [{"Namespace": "CognitoDeviceApi", "Dimensions": dimensions, "Metrics": list(metrics)}]
    }


def test_a_request_logs_one_line_with_its_cognito_call_and_metrics(logged: io.StringIO) -> None:
    invoke(load("preflight"))  # takes the cold start, whose metric is a line of its own
    logged.truncate(0)
    logged.seek(0)

    invoke(load("get_device"))

    assert comparable(logged.getvalue()) == [
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


def test_a_log_line_holds_no_key_of_the_request_before(logged: io.StringIO) -> None:
    invoke(load("get_device"))
    logged.truncate(0)
    logged.seek(0)

    invoke(load("missing_token"))

    assert comparable(logged.getvalue()) == [
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


def test_a_request_prints_only_metrics_above_log_level_info(
    logged: io.StringIO, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(partial(logger.setLevel, logger.log_level))
    logger.setLevel(logging.WARNING)

    for _ in range(2):
        invoke(load("missing_token"))

    first, second = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "Requests" in line]
    assert {**second, "_aws": None} == {**first, "_aws": None}

    assert (first["outcome"], first["Requests"], first["service"]) == ("missing-token", [1.0], "devices")
    assert logged.getvalue() == ""


def test_a_cognito_call_is_a_subsegment_of_the_handlers(subsegments: list[xray.Subsegment]) -> None:
    invoke(load("get_device"))

    handler, call = subsegments
    assert handler.document["name"] == "## lambda_handler"
    assert call.document["name"] == "## cognito-idp GetDevice"
    assert call.document["annotations"] == {"outcome": "ok"}


def test_flushing_without_metrics_logs_nothing(logged: io.StringIO) -> None:
    observability.metrics.flush_metrics()

    assert logged.getvalue() == ""
