"""What the X-Ray daemon is sent: the same as by AWS's own SDK, but for exceptions' texts."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from aws_xray_sdk.core import xray_recorder
from aws_xray_sdk.core.lambda_launcher import LambdaContext

from devices.xray import XRay

ROOT = "1-581cf771-a006649127e371903a2de979"
PARENT = "70de5b6f19ff9a0a"

type InSubsegment = Callable[[str], AbstractContextManager[Any]]


class Daemon:
    """A stand-in for the X-Ray daemon."""

    def __init__(self, socket_: socket.socket) -> None:
        self._socket = socket_
        self.address = "{}:{}".format(*socket_.getsockname())

    def received(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Return the header and the document of each datagram that came since the last call."""
        datagrams = []
        with contextlib.suppress(BlockingIOError):
            while True:
                header, document = self._socket.recv(65536).decode().split("\n")
                datagrams.append((json.loads(header), json.loads(document)))
        return datagrams


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(0)
        daemon = Daemon(receiver)
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", daemon.address)
        monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={ROOT};Parent={PARENT};Sampled=1;Lineage=a87bd80c:0|68fd508a:5")
        yield daemon


@pytest.fixture
def xray() -> Iterator[XRay]:
    with contextlib.closing(XRay()) as xray:
        yield xray


@pytest.fixture
def of_the_sdk(daemon: Daemon) -> Iterator[InSubsegment]:
    xray_recorder.configure(
        sampling=False, context=LambdaContext(), daemon_address=daemon.address, streaming_threshold=0
    )
    yield xray_recorder.in_subsegment
    emitter: Any = xray_recorder.emitter
    emitter._socket.close()  # noqa: SLF001 - or Python complains when it ends


def run(in_subsegment: InSubsegment) -> None:
    """Handle two requests: one succeeds, one fails."""
    with in_subsegment("## lambda_handler") as handler:
        with in_subsegment("## cognito-idp GetDevice") as call:
            call.put_annotation("outcome", "ok")
        handler.put_annotation("ColdStart", value=True)
        handler.put_annotation("Service", "devices")
    with contextlib.suppress(RuntimeError), in_subsegment("## lambda_handler"):
        raise RuntimeError("canary")


def apart(datagrams: list[tuple[dict[str, Any], dict[str, Any]]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Take subsegments out of those that they are embedded in: what each then needs, it has from these."""
    for header, document in datagrams:
        of_all = {"type": document["type"], "trace_id": document["trace_id"], "parent_id": document["id"]}
        yield from apart([(header, inner | of_all) for inner in document.pop("subsegments", [])])
        yield header, document


def comparable(datagrams: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Name ids by the order of their first appearance, times by their type.

    Left out is why something failed, and what only the SDK writes: that the work is not in progress, which an
    end_time says too, and the namespace `local`, which X-Ray's documentation does not know.
    https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-subsegments
    """
    datagrams = list(apart(datagrams))
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


def test_the_daemon_is_sent_what_the_sdk_sends(daemon: Daemon, xray: XRay, of_the_sdk: InSubsegment) -> None:
    run(of_the_sdk)
    expected = comparable(daemon.received())

    run(xray.in_subsegment)

    sent = comparable(daemon.received())
    assert len(sent) == 3
    assert sent == expected


def test_times_are_those_of_the_work(xray: XRay) -> None:
    with xray.in_subsegment("outer") as outer, xray.in_subsegment("inner") as inner:
        pass

    inside, outside = inner.document, outer.document
    assert outside["start_time"] <= inside["start_time"] <= inside["end_time"] <= outside["end_time"]
    assert abs(outside["start_time"] - time.time()) < 60


def test_a_clock_that_is_set_meanwhile_changes_no_duration(xray: XRay, monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    with xray.in_subsegment("outer") as outer, xray.in_subsegment("inner") as inner:
        monkeypatch.setattr("time.time", lambda: real() - 86_400)

    inside, outside = inner.document, outer.document
    assert outside["start_time"] <= inside["start_time"] <= inside["end_time"] <= outside["end_time"]
    assert outside["end_time"] > real() - 3600


def test_an_exception_passes_through(xray: XRay) -> None:
    with pytest.raises(RuntimeError, match="canary"), xray.in_subsegment("## lambda_handler"):
        raise RuntimeError("canary")


def test_an_exceptions_text_is_not_sent(daemon: Daemon, xray: XRay) -> None:
    run(xray.in_subsegment)

    assert "canary" not in json.dumps(daemon.received())


@pytest.mark.parametrize("header", [None, "", "Self=1", f"Root={ROOT};Parent={PARENT};Sampled=0", f"Root={ROOT}"])
def test_what_is_not_sampled_is_not_sent(
    daemon: Daemon, xray: XRay, monkeypatch: pytest.MonkeyPatch, header: str | None
) -> None:
    monkeypatch.delenv("_X_AMZN_TRACE_ID")
    if header is not None:
        monkeypatch.setenv("_X_AMZN_TRACE_ID", header)

    run(xray.in_subsegment)

    assert daemon.received() == []


@pytest.mark.parametrize("address", [None, "", "nonsense", "127.0.0.1:http", "127.0.0.1:70000", "255.255.255.255:2000"])
def test_without_a_daemon_requests_are_answered_all_the_same(
    daemon: Daemon, xray: XRay, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.delenv("AWS_XRAY_DAEMON_ADDRESS")
    if address is not None:
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)

    run(xray.in_subsegment)

    assert daemon.received() == []
