"""The log line and the subsegment of a call to Cognito, and the limits that the client sets to the call."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from devices.cognito_response import MAX_BYTES
from tests.support.events import load
from tests.support.fake_cognito import REQUEST_ID, SAMPLE, FakeCognito, Reply, drop
from tests.support.handler import invoke
from tests.support.xray_daemon import xray_daemon

THROTTLED = Reply.error("TooManyRequestsException")
MISSING = Reply.error("ResourceNotFoundException")


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], dict[str, Any]]]:
    """Return a function that returns the subsegment of the call to Cognito, as the X-Ray daemon received it."""
    with xray_daemon() as daemon:
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", daemon.address)
        monkeypatch.setenv(
            "_X_AMZN_TRACE_ID", "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1"
        )

        def received() -> dict[str, Any]:
            (datagram,) = daemon.received()
            (call,) = json.loads(datagram.split("\n")[1])["subsegments"]
            assert isinstance(call, dict)
            return call

        yield received


@pytest.mark.parametrize(
    ("replies", "outcome", "attempts", "error_type"),
    [
        ([Reply.device()], "ok", 1, None),
        ([THROTTLED, Reply.device()], "ok", 2, None),
        ([THROTTLED], "too-many-requests", 2, "TooManyRequestsException"),
        ([MISSING], "device-not-found", 1, "ResourceNotFoundException"),
        ([Reply.json({})], "upstream-error", 1, "ValidationError"),
        ([Reply(send=drop)], "upstream-error", 2, "ConnectionClosedError"),
    ],
)
def test_a_call_is_recorded_with_its_outcome_attempts_and_exception(
    replies: list[Reply], outcome: str, attempts: int, error_type: str | None, fake: FakeCognito,
    backoffs: list[float], logged: io.StringIO, traced: Callable[[], dict[str, Any]],
) -> None:  # fmt: skip
    # Given
    fake.replies = replies

    # When
    invoke(load("get_device"))

    # Then
    line = json.loads(logged.getvalue().splitlines()[-1])
    assert (line["cognito_operation"], line["cognito_attempts"]) == ("GetDevice", attempts)
    assert line.get("error_type") == error_type
    assert 0 < line["cognito_latency_ms"] < 10_000
    subsegment = traced()
    assert (subsegment["name"], subsegment["annotations"]["outcome"]) == ("## cognito-idp GetDevice", outcome)
    assert len(backoffs) == attempts - 1


@pytest.mark.parametrize("reply", [Reply.device(), MISSING])
def test_the_log_line_has_cognitos_request_id(reply: Reply, fake: FakeCognito, logged: io.StringIO) -> None:
    fake.replies = [reply]

    invoke(load("get_device"))

    assert json.loads(logged.getvalue().splitlines()[-1])["cognito_request_id"] == REQUEST_ID


def test_the_client_ignores_the_wait_that_cognito_requests(fake: FakeCognito, backoffs: list[float]) -> None:
    fake.replies = [replace(THROTTLED, headers=("x-amz-retry-after: 60000",))]

    assert invoke(load("get_device")).status == 429

    assert len(backoffs) == 1
    assert backoffs[0] <= 1


@pytest.mark.parametrize(("size", "status"), [(MAX_BYTES, 200), (MAX_BYTES + 1, 502)])
def test_the_client_reads_responses_of_at_most_a_megabyte(size: int, status: int, fake: FakeCognito) -> None:
    padded = json.dumps({"Device": SAMPLE, "Padding": ""})[:-2]
    fake.replies = [Reply(200, f'{padded}{"x" * (size - len(padded) - 2)}"}}'.encode())]

    assert len(fake.replies[0].body) == size
    assert invoke(load("get_device")).status == status
