"""The connection to Cognito that init opens: it is there for the first request, and cannot make init fail or late."""

import json
import socket
import threading
import time
from io import StringIO
from pathlib import Path

import pytest

from devices import cognito_client
from devices.cognito_connection import MAX_IDLE_SECONDS
from devices.cognito_reuse import reuse
from tests.support import tcp_behaviours
from tests.support.certificates import create_server
from tests.support.handler import invoke
from tests.support.tcp_proxy import Behaviour, TcpProxy
from tests.support.upstream_cases import EVENTS, STATUSES
from tests.support.wire_cognito import End, Reset, User, WireCognito

A = User(1)


@pytest.fixture(autouse=True)
def _new_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    monkeypatch.setattr(reuse, "_trusted", True)


def _connect() -> None:
    cognito_client.connect()
    time.sleep(0.1)  # the fake counts connections in another thread


def _status(operation: str = "GetDevice") -> int:
    return invoke(A.event(operation)).status


@pytest.mark.parametrize("operation", EVENTS)
def test_the_first_request_goes_over_the_connection_that_init_opened(
    operation: str, wire: WireCognito, logged: StringIO
) -> None:
    # Given
    _connect()
    assert (wire.connections, wire.received) == (1, 0)
    # When
    status = _status(operation)
    # Then
    assert (status, wire.connections, wire.requests) == (STATUSES[operation], 1, 1)
    assert json.loads(logged.getvalue().splitlines()[-1])["cognito_attempts"] == 1


@pytest.mark.usefixtures("wire_tcp")
def test_the_connection_is_that_of_the_sdks_own_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a Region whose dual-stack endpoint is another one than the client's metadata has
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-east-2")
    hosts: list[str] = []

    def look_up(host: str, *_: object, **__: object) -> None:
        hosts.append(host)
        _no_name()

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    # When both try twice
    cognito_client.connect()
    _status()
    # Then
    assert hosts == [hosts[0]] * 4


def test_the_connection_goes_through_a_proxy(proxied_hosts: list[str], wire_tls: WireCognito) -> None:
    _connect()
    assert (len(proxied_hosts), wire_tls.connections, wire_tls.received) == (1, 1, 0)

    assert _status() == 200
    assert (len(proxied_hosts), wire_tls.connections, wire_tls.requests) == (1, 1, 1)


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"])
def test_a_connection_that_was_closed_or_spoke_before_the_first_request_is_replaced(
    greeting: bytes, wire: WireCognito, logged: StringIO
) -> None:
    # Given
    wire.greeting = greeting
    _connect()
    # When
    wire.greeting = b""
    wire.hang_up()
    time.sleep(0.1)
    # Then
    assert (_status(), wire.connections, wire.requests) == (200, 2, 1)
    assert json.loads(logged.getvalue().splitlines()[-1])["cognito_attempts"] == 1


@pytest.mark.parametrize("end", [End, Reset])
def test_a_connection_that_ends_when_the_first_request_comes_is_replaced(
    end: type[End], wire: WireCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    wire.scripts = {A.token: lambda answer: [end] if wire.connections == 1 else [bytes(answer)]}

    cognito_client.connect()

    assert (_status(), wire.connections, wire.requests) == (200, 2, 2)


@pytest.mark.parametrize(("connections_with_408", "status"), [(1, 200), (2, 502)])
def test_a_408_that_crosses_the_first_request_is_repeated_once(
    connections_with_408: int, status: int, wire: WireCognito
) -> None:
    gone = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    wire.scripts = {A.token: lambda a: [gone, End] if wire.connections <= connections_with_408 else [bytes(a)]}
    _connect()

    assert (_status(), wire.connections, wire.requests) == (status, 2, 2)


@pytest.mark.parametrize(("seconds", "connections"), [(MAX_IDLE_SECONDS - 10, 1), (MAX_IDLE_SECONDS + 1, 2)])
def test_a_connection_that_was_idle_for_long_is_replaced(
    seconds: float, connections: int, wire: WireCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    _connect()
    monotonic = time.monotonic
    monkeypatch.setattr("devices.cognito_connection.time.monotonic", lambda: monotonic() + seconds)

    assert (_status(), wire.connections, wire.requests) == (200, connections, 1)


def test_a_failed_connection_is_logged_and_the_first_request_opens_one(
    wire: WireCognito, monkeypatch: pytest.MonkeyPatch, logged: StringIO
) -> None:
    # Given
    with monkeypatch.context() as offline:
        offline.setattr("socket.getaddrinfo", _no_name)
        # When
        cognito_client.connect()
    # Then
    line = json.loads(logged.getvalue())
    assert (line["level"], line["message"]) == ("WARNING", "not connected to Cognito during init")
    assert line["error_type"] == "EndpointConnectionError"
    assert (_status(), wire.connections, wire.requests) == (200, 1, 1)


def _no_name(*_: object, **__: object) -> None:
    raise socket.gaierror


def test_a_certificate_of_another_authority_is_refused(
    wire_tls: WireCognito, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logged: StringIO
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(create_server(tmp_path).bundle))

    cognito_client.connect()

    assert json.loads(logged.getvalue())["error_type"] == "SSLError"
    assert wire_tls.received == 0


def test_init_outside_of_the_main_thread_does_not_connect(wire: WireCognito, logged: StringIO) -> None:
    # Only the main thread receives the signal that ends the wait.
    thread = threading.Thread(target=_connect)
    thread.start()
    thread.join()

    assert json.loads(logged.getvalue())["error_type"] == "ValueError"
    assert wire.connections == 0


@pytest.mark.parametrize(("kind", "connections"), [("provisioned-concurrency", 1), ("snap-start", 0), ("", 0)])
def test_snapshots_and_other_programs_do_not_connect(
    kind: str, connections: int, wire: WireCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", kind)

    _connect()

    assert wire.connections == connections


def _drip(proxy: TcpProxy, client: socket.socket) -> None:
    client.sendall(b"\x16\x03\x03\x40\x00")  # the head of a handshake record of 16,384 bytes
    while not proxy.closing.wait(0.05):
        client.sendall(b"\x02")


def _flood(proxy: TcpProxy, client: socket.socket) -> None:
    client.recv(65_536)
    client.sendall(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X: %s\r\n" % (b"x" * 60_000) for _ in range(30)))
    proxy.closing.wait()


def test_a_proxy_whose_response_is_too_large_does_not_make_init_fail(
    wire_tls: WireCognito, monkeypatch: pytest.MonkeyPatch, logged: StringIO
) -> None:
    with TcpProxy(wire_tls.port) as proxy:
        proxy.behaviour = _flood
        proxy.open()
        monkeypatch.setenv("HTTPS_PROXY", f"http://localhost:{proxy.port}")

        cognito_client.connect()

    assert json.loads(logged.getvalue())["error_type"] == "UnreadableResponseError"


@pytest.mark.parametrize("behaviour", [tcp_behaviours.never_read, _drip, tcp_behaviours.close])
def test_an_endpoint_that_does_not_finish_the_handshake_delays_init_only_for_so_long(
    behaviour: Behaviour, wire_tls: WireCognito, monkeypatch: pytest.MonkeyPatch, logged: StringIO
) -> None:
    # Given
    monkeypatch.setattr("devices.cognito_client.MAX_CONNECT_SECONDS", 0.5)
    with TcpProxy(wire_tls.port) as proxy:
        proxy.behaviour = behaviour
        proxy.open()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://localhost:{proxy.port}")
        # When
        started = time.monotonic()
        cognito_client.connect()
        # Then
        assert time.monotonic() - started < 3
        assert json.loads(logged.getvalue())["message"] == "not connected to Cognito during init"
