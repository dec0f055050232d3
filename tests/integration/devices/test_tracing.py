"""The traces that the function sends to the X-Ray daemon: those of AWS's own SDK, without the texts of exceptions."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from devices.xray import XRay
from tests.support.xray_daemon import XRayDaemon, xray_daemon

ROOT = "1-581cf771-a006649127e371903a2de979"
PARENT = "70de5b6f19ff9a0a"

# The header and the segment document of a datagram.
type Datagram = tuple[dict[str, Any], dict[str, Any]]
type InSubsegment = Callable[[str], AbstractContextManager[Any]]


def received(daemon: XRayDaemon) -> list[Datagram]:
    """Return the datagrams since the last call."""
    datagrams = [datagram.split("\n") for datagram in daemon.received()]
    return [(json.loads(header), json.loads(document)) for header, document in datagrams]


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[XRayDaemon]:
    with xray_daemon() as daemon:
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", daemon.address)
        monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={ROOT};Parent={PARENT};Sampled=1;Lineage=a87bd80c:0|68fd508a:5")
        yield daemon


@pytest.fixture
def xray() -> Iterator[XRay]:
    with contextlib.closing(XRay()) as xray:
        yield xray


@pytest.fixture
def sdk_in_subsegment(daemon: XRayDaemon) -> Iterator[InSubsegment]:
    # Importing it opens a socket.
    from aws_xray_sdk.core import xray_recorder  # noqa: PLC0415
    from aws_xray_sdk.core.lambda_launcher import LambdaContext  # noqa: PLC0415

    xray_recorder.configure(
        sampling=False, context=LambdaContext(), daemon_address=daemon.address, streaming_threshold=0
    )
    yield xray_recorder.in_subsegment
    emitter: Any = xray_recorder.emitter
    emitter._socket.close()  # noqa: SLF001 - or Python warns of it


def run(in_subsegment: InSubsegment) -> None:
    """Handle two requests: one succeeds, one fails."""
    with in_subsegment("## lambda_handler") as handler:
        with in_subsegment("## cognito-idp GetDevice") as call:
            call.put_annotation("outcome", "ok")
        handler.put_annotation("ColdStart", value=True)
        handler.put_annotation("Service", "devices")
    with contextlib.suppress(RuntimeError), in_subsegment("## lambda_handler"):
        raise RuntimeError("canary")


def unnested(datagrams: list[Datagram]) -> Iterator[Datagram]:
    """Yield each embedded subsegment as a datagram of its own, with the members that it inherits."""
    for header, document in datagrams:
        inherited = {"type": document["type"], "trace_id": document["trace_id"], "parent_id": document["id"]}
        yield from unnested([(header, inner | inherited) for inner in document.pop("subsegments", [])])
        yield header, document


def comparable(datagrams: list[Datagram]) -> list[Datagram]:
    """Replace IDs by their order of appearance and times by their type, and remove members that only the SDK sends.

    The function leaves out `cause`, which quotes exceptions; `in_progress`, which `end_time` implies; and the namespace
    `local`, which X-Ray's documentation does not list.
    https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-subsegments
    """
    datagrams = list(unnested(datagrams))
    names = {ROOT: ROOT, PARENT: PARENT}
    for _, document in datagrams:
        names.setdefault(document["id"], f"id {len(names)}")
    for _, document in datagrams:
        document.pop("cause", None)
        assert document.pop("namespace", "local") == "local"
        assert document.pop("in_progress", False) is False
        for key in ("id", "parent_id"):
            assert len(document[key]) == 16
            document[key] = names[document[key]]
        for key in ("start_time", "end_time"):
            document[key] = type(document[key])
    return datagrams


def test_the_function_sends_the_same_traces_as_the_sdk(
    daemon: XRayDaemon, xray: XRay, sdk_in_subsegment: InSubsegment
) -> None:
    run(sdk_in_subsegment)
    expected = comparable(received(daemon))

    run(xray.in_subsegment)

    sent = comparable(received(daemon))
    assert len(sent) == 3
    assert sent == expected


def test_a_subsegment_has_the_times_of_its_work(xray: XRay) -> None:
    with xray.in_subsegment("outer") as outer, xray.in_subsegment("inner") as inner:
        pass

    inside, outside = inner.document, outer.document
    assert outside["start_time"] <= inside["start_time"] <= inside["end_time"] <= outside["end_time"]
    assert abs(outside["start_time"] - time.time()) < 60


def test_a_change_of_the_wall_clock_does_not_change_a_duration(xray: XRay, monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    with xray.in_subsegment("outer") as outer, xray.in_subsegment("inner") as inner:
        monkeypatch.setattr("time.time", lambda: real() - 86_400)

    inside, outside = inner.document, outer.document
    assert outside["start_time"] <= inside["start_time"] <= inside["end_time"] <= outside["end_time"]
    assert outside["end_time"] > real() - 3600


def test_an_exception_passes_through_a_subsegment(xray: XRay) -> None:
    with pytest.raises(RuntimeError, match="canary"), xray.in_subsegment("## lambda_handler"):
        raise RuntimeError("canary")


def test_a_trace_does_not_hold_the_text_of_an_exception(daemon: XRayDaemon, xray: XRay) -> None:
    run(xray.in_subsegment)

    assert "canary" not in json.dumps(received(daemon))


@pytest.mark.parametrize("header", [None, "", "Self=1", f"Root={ROOT};Parent={PARENT};Sampled=0", f"Root={ROOT}"])
def test_a_request_that_lambda_does_not_sample_is_not_traced(
    daemon: XRayDaemon, xray: XRay, monkeypatch: pytest.MonkeyPatch, header: str | None
) -> None:
    monkeypatch.delenv("_X_AMZN_TRACE_ID")
    if header is not None:
        monkeypatch.setenv("_X_AMZN_TRACE_ID", header)

    run(xray.in_subsegment)

    assert received(daemon) == []


@pytest.mark.parametrize("address", [None, "", "nonsense", "127.0.0.1:http", "127.0.0.1:70000", "255.255.255.255:2000"])
def test_an_unreachable_daemon_does_not_fail_the_request(
    daemon: XRayDaemon, xray: XRay, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.delenv("AWS_XRAY_DAEMON_ADDRESS")
    if address is not None:
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)

    run(xray.in_subsegment)

    assert received(daemon) == []
