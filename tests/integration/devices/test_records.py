"""The logs, metrics and traces of each case: complete for operators, and without secrets."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from devices.observability import logger
from tests.support import canaries
from tests.support.cases import REFUSED, Case, by_name, happening
from tests.support.events import load
from tests.support.fake_cognito import REQUEST_ID, FakeCognito
from tests.support.faults import PROMPT
from tests.support.handler import invoke
from tests.support.recorder import Record, recording
from tests.support.upstream_cases import EVENTS, STATUSES, UPSTREAM

OK = [
    Case(
        operation,
        status,
        "ok",
        {},
        load(EVENTS[operation], token=canaries.TOKEN),
        (canaries.SUCCESSES[operation],),
        1,
        operation,
    )
    for operation, status in STATUSES.items()
]
PREFLIGHT = Case("preflight", 204, "ok", event=load("preflight"))
CASES = [*REFUSED, *UPSTREAM, *(case for case in PROMPT if case.slug != "ok")]
# A success comes first, because the first request is a cold start.
ALL = [*OK, PREFLIGHT, *CASES, *(case for case in PROMPT if case.slug == "ok")]

METRIC_KEYS = {"_aws", "Requests", "outcome"}
LAMBDA_KEYS = {"level", "message", "timestamp", "service", "cold_start", "function_name", "function_memory_size",
               "function_arn", "function_request_id", "correlation_id", "xray_trace_id"}  # fmt: skip
COGNITO_KEYS = {"cognito_operation", "cognito_latency_ms", "cognito_attempts", "CognitoLatency"}
IF_COGNITO_RESPONDED = {"cognito_request_id"}


@pytest.fixture(scope="module")
def recordings(layer: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Record]]:
    """Run all cases in two processes, one of which imports from the layer alone.

    The two run at the same time, because each waits for the deadlines of some cases.
    """
    places = {"as installed": None, "in the layer": layer}
    files = [tmp_path_factory.mktemp("recording") / "stderr" for _ in places]
    with ThreadPoolExecutor() as threads:
        return dict(zip(places, threads.map(_record, places.values(), files), strict=True))


def _record(layer: Path | None, stderr: Path) -> dict[str, Record]:
    records = {}
    with FakeCognito() as fake, recording(fake.url, stderr, layer) as invoke:
        for case in ALL:
            with happening(case, fake):
                records[case.name] = invoke(canaries.marked(case.event), case.unforeseen)
    records["stderr"] = Record(0, "", [stderr.read_text()], [])
    return records


@pytest.fixture(scope="module", params=["as installed", "in the layer"])
def records(request: pytest.FixtureRequest, recordings: dict[str, dict[str, Record]]) -> dict[str, Record]:
    """Return the records of one process. The record `stderr` holds its standard error."""
    return recordings[request.param]


@pytest.mark.parametrize("case", ALL, ids=by_name)
def test_logs_and_traces_hold_no_secret(case: Case, records: dict[str, Record]) -> None:
    record = records[case.name]
    written = "".join([*record.lines, json.dumps(record.segments), *records["stderr"].lines])

    assert record.status == case.status
    assert canaries.found(written, case.event) == []


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_a_problem_holds_no_secret(case: Case, records: dict[str, Record]) -> None:
    body = records[case.name].body

    assert json.loads(body).keys() == {"type", "title", "status", "detail", "requestId"}
    assert canaries.found(body, case.event) == []


def test_a_device_shows_only_its_name_and_network(records: dict[str, Record]) -> None:
    listed = json.loads(records["ListDevices"].body)
    device = json.loads(records["GetDevice"].body)

    assert listed == {"devices": [device], "nextToken": "canary-position"}
    assert device.pop("name") == "canary-name"
    assert device.pop("lastIpUsed") == "203.0.113.0/24"
    assert "canary" not in json.dumps(device)


@pytest.mark.parametrize("operation", ["UpdateDeviceStatus", "ForgetDevice"])
def test_a_change_gets_a_response_without_a_body(operation: str, records: dict[str, Record]) -> None:
    assert records[operation].body == ""


@pytest.mark.parametrize("case", ALL, ids=by_name)
def test_a_request_logs_one_line_with_exactly_these_keys(case: Case, records: dict[str, Record]) -> None:
    (line,) = [line for line in records[case.name].logs if line["message"] == "answered"]

    cognito_keys = COGNITO_KEYS | ({"error_type"} if case.slug != "ok" else set()) if case.replies else set()
    keys = line.keys() - (IF_COGNITO_RESPONDED if case.replies else set())
    assert keys == LAMBDA_KEYS | METRIC_KEYS | {"status"} | cognito_keys
    assert (line["outcome"], line["status"]) == (case.slug, case.status)
    assert line["correlation_id"] == case.event["requestContext"]["requestId"]
    assert line.get("cognito_operation") == case.operation
    assert line["cold_start"] is (case is ALL[0])


@pytest.mark.parametrize("case", [*OK, *UPSTREAM, *PROMPT], ids=by_name)
def test_the_line_has_the_attempts_and_the_latency_of_the_cognito_call(case: Case, records: dict[str, Record]) -> None:
    (line,) = [line for line in records[case.name].logs if line["message"] == "answered"]

    assert line["cognito_attempts"] == case.attempts
    assert line["cognito_latency_ms"] > 0


@pytest.mark.parametrize("name", ["GetDevice", "GetDevice: ResourceNotFoundException", "ForgetDevice"])
def test_the_line_has_the_request_id_of_cognitos_response(name: str, records: dict[str, Record]) -> None:
    (line,) = [line for line in records[name].logs if line["message"] == "answered"]

    assert line["cognito_request_id"] == REQUEST_ID


@pytest.mark.parametrize(
    ("name", "error_type"),
    [
        ("ForgetDevice: ForbiddenException", "ForbiddenException"),
        (
            "GetDevice: CanaryException",
            "ClientError",
        ),  # botocore has no class for an unknown code, which may hold any text
        ("GetDevice: a list", "UnreadableResponseError"),
        ("GetDevice: null", "ValidationError"),
        ("UpdateDeviceStatus: an HTML document", "UnreadableResponseError"),
        ("ListDevices: a refused connection", "EndpointConnectionError"),
    ],
)
def test_the_line_has_the_class_of_a_failed_calls_exception(
    name: str, error_type: str, records: dict[str, Record]
) -> None:
    (line,) = [line for line in records[name].logs if line["message"] == "answered"]

    assert line["error_type"] == error_type


def test_an_unforeseen_exception_is_logged_with_its_class_and_frames(records: dict[str, Record]) -> None:
    (line,) = [line for line in records["unforeseen exception"].logs if line["level"] == "ERROR"]

    assert line["error_type"] == "RuntimeError"
    assert any("devices/app.py:" in place and place.endswith(" _request_and_caller") for place in line["where"])


@pytest.mark.parametrize("case", ALL, ids=by_name)
def test_the_metrics_count_a_request_once_by_its_outcome(case: Case, records: dict[str, Record]) -> None:
    (metric,) = [metric for metric in records[case.name].metrics if "Requests" in metric]
    (directive,) = metric["_aws"]["CloudWatchMetrics"]

    assert directive["Namespace"] == "CognitoDeviceApi"
    assert [set(dimensions) for dimensions in directive["Dimensions"]] == [{"service", "outcome"}]
    assert (metric["service"], metric["outcome"], metric["Requests"]) == ("devices", case.slug, [1.0])
    units = {each["Name"]: each["Unit"] for each in directive["Metrics"]}
    assert units == {"Requests": "Count"} | ({"CognitoLatency": "Milliseconds"} if case.replies else {})
    assert all(latency > 0 for latency in metric.get("CognitoLatency", []))


def test_the_metrics_count_the_cold_start_once(records: dict[str, Record]) -> None:
    cold = {name for name, record in records.items() for metric in record.metrics if "ColdStart" in metric}

    assert cold == {ALL[0].name}


@pytest.mark.parametrize("case", ALL, ids=by_name)
def test_a_cognito_call_has_a_subsegment_with_its_outcome(case: Case, records: dict[str, Record]) -> None:
    segments = [each for segment in records[case.name].segments for each in [segment, *segment.get("subsegments", [])]]
    calls = [each for each in segments if each["name"].startswith("## cognito-idp ")]

    assert any(each["name"] == "## lambda_handler" for each in segments)
    assert [each["name"] for each in calls] == [f"## cognito-idp {case.operation}"] * bool(case.attempts)
    assert all(each["annotations"].keys() == {"outcome"} for each in calls)
    assert all(each["annotations"]["outcome"] == case.slug for each in calls)
    assert [each for each in segments if "cause" in each or "exceptions" in each] == []


def test_metrics_are_printed_above_log_level_info(
    fake: FakeCognito, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given
    request.addfinalizer(partial(logger.setLevel, logger.log_level))
    logger.setLevel(logging.WARNING)
    # When
    invoke(load("get_device", token=canaries.TOKEN))
    # Then
    (metric,) = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "Requests" in line]
    assert metric["outcome"] == "ok"
    assert "level" not in metric
    assert len(fake.requests) == 1
