"""The connection to Cognito: how much it reads, and when it carries another request."""

import contextlib
import gc
import gzip
import json
import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trust_store

from devices import cognito_client, cognito_connection
from devices.cognito_connection import POOLS
from devices.cognito_response import MAX_BYTES
from tests.support.certificates import Server, create_server
from tests.support.fake_cognito import TARGET
from tests.support.handler import Response, invoke
from tests.support.upstream_cases import EVENTS, STATUSES
from tests.support.wire_cognito import End, Reset, Script, User, WireCognito
from tests.support.wire_scripts import ENDLESS, SCRIPTS, SECOND, error

A, B = User(1), User(2)
_UNCLEAR: dict[str, Script] = {
    name: SECOND[name]
    for name in ("HTTP/1.0 with keep-alive", "chunks", "chunks and a Content-Length", "a malformed line")
}


def _ask(user: User, operation: str = "GetDevice", **options: int) -> Response:
    return invoke(user.event(operation), **options)


def _name(response: Response) -> str:
    assert response.status == 200, response
    name: str = response.body["name"]
    return name


@pytest.mark.parametrize(
    ("requests", "connections"),
    [
        ([(A, "GetDevice"), (B, "GetDevice"), (A, "GetDevice")], 1),
        ([(A, "ListDevices"), (B, "GetDevice")], 1),
        ([(A, "GetDevice"), (A, "ListDevices")], 2),
        ([(A, "ListDevices"), (A, "ListDevices")], 2),
        ([(A, "GetDevice"), (A, "UpdateDeviceStatus")], 2),
        ([(A, "ForgetDevice"), (A, "ForgetDevice"), (A, "GetDevice")], 2),
    ],
)
def test_only_a_request_whose_response_names_its_device_goes_over_a_used_connection(
    requests: list[tuple[User, str]], connections: int, wire: WireCognito
) -> None:
    for user, operation in requests:
        assert _ask(user, operation).status == STATUSES[operation]

    assert wire.connections == connections


def test_a_request_is_sent_in_one_piece(wire: WireCognito, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[bytes] = []
    send = HTTPConnection.send

    def recorded(connection: HTTPConnection, data: bytes) -> None:
        pieces.append(data)
        send(connection, data)

    monkeypatch.setattr(HTTPConnection, "send", recorded)

    assert [_name(_ask(A)), _name(_ask(B))] == [A.name, B.name]
    assert [piece[-1:] for piece in pieces] == [b"}", b"}"]
    assert wire.received == sum(map(len, pieces))


def test_another_user_who_asks_for_the_same_device_gets_a_new_connection(wire: WireCognito) -> None:
    # Given a device whose response may come twice
    wire.scripts = {A.token: lambda a: [bytes(a), 0.05, bytes(a)]}
    _ask(A)
    # When
    name = _name(invoke(replace(B, device_number=A.number).event("GetDevice")))
    # Then
    assert (name, wire.connections) == (B.name, 2)


def test_a_connection_carries_a_limited_number_of_devices(wire: WireCognito, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.cognito_reuse._MAX_DEVICES", 3)

    for number in range(7):
        assert _name(_ask(User(number))) == f"user-{number}"

    assert wire.connections == 3


def test_an_error_over_a_used_connection_is_asked_for_again_over_a_new_one(wire: WireCognito) -> None:
    wire.scripts = {B.token: lambda a: [error(a, "400 Bad Request", "ResourceNotFoundException")]}

    over_a_new_one = _ask(B), wire.requests, wire.connections
    _ask(A)
    over_a_used_one = _ask(B), wire.requests, wire.connections

    assert [each[0].status for each in (over_a_new_one, over_a_used_one)] == [404, 404]
    assert (over_a_new_one[1:], over_a_used_one[1:]) == ((1, 1), (4, 3))


def test_an_error_over_a_connection_that_replaces_a_used_one_is_believed(wire: WireCognito) -> None:
    wire.scripts = {B.token: lambda a: [error(a, "400 Bad Request", "ResourceNotFoundException")]}
    _ask(A)
    wire.hang_up()
    time.sleep(0.1)

    assert (_ask(B).status, wire.requests, wire.connections) == (404, 2, 2)


@pytest.fixture
def _no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("status", ["400 Bad Request", "500 Internal Server Error", "200 OK"])
@pytest.mark.usefixtures("_no_collector")
def test_a_connection_does_not_wait_for_the_garbage_collector(
    status: str, wire: WireCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    wire.scripts = {A.token: lambda a: [error(a, status, "ResourceNotFoundException")]}
    monkeypatch.setattr("time.sleep", lambda _: None)
    # When
    for operation in [*EVENTS] * 3:
        _ask(A, operation)
    # Then
    assert _sockets(wire) <= 1


def _sockets(wire: WireCognito) -> int:
    """Return how many sockets of this process are connected to Cognito."""
    count = 0
    for each in gc.get_objects():
        if isinstance(each, socket.socket):
            with contextlib.suppress(OSError):  # closed, or not connected
                count += each.getpeername()[1] == urlsplit(wire.url).port
    return count


def test_the_error_to_another_user_does_not_count(wire: WireCognito) -> None:
    late_error: Script = lambda a: [bytes(a), 0.05, error(a, "400 Bad Request", "NotAuthorizedException")]  # noqa: E731
    wire.scripts = {A.token: late_error}

    _ask(A)

    assert _name(_ask(B)) == B.name


def test_another_device_than_the_one_asked_for_is_an_upstream_error_and_ends_the_connection(
    wire: WireCognito,
) -> None:
    wire.scripts = {A.token: lambda a: [bytes(replace(a, body=a.body.replace(b"us-west-2_", b"us-west-2_0")))]}

    responses = [_ask(User(3)), _ask(A), _ask(B)]

    assert [each.status for each in responses] == [200, 502, 200]
    assert responses[1].body["type"] == "urn:problem-type:upstream-error"
    assert (wire.requests, wire.connections) == (3, 2)


@pytest.mark.parametrize("status", [101, 102, 103, 199, 201, 202, 204, 205, 206, 226, 301, 302, 304, 307])
@pytest.mark.parametrize("operation", EVENTS)
def test_a_status_below_400_other_than_200_is_an_upstream_error(
    status: int, operation: str, wire_tcp: WireCognito
) -> None:
    wire_tcp.scripts = {A.token: lambda _: [f"HTTP/1.1 {status} Status\r\nContent-Length: 2\r\n\r\n{{}}".encode()]}

    response = _ask(A, operation)

    assert (response.status, response.body["type"]) == (502, "urn:problem-type:upstream-error")
    assert wire_tcp.requests == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: {length}", "Content-Length: {length}"),
        ("Content-Length: {length}", "Content-Length: 5"),
        ("Content-Length: {length}, {length}",),
        ("Content-Length: +{length}",),
        ("Content-Length: 0_{length}",),
        ("Content-Length: -{length}",),
        ("Content-Length: {length}", " 0"),
        ("Content-Length:",),
    ],
)
def test_an_invalid_length_is_an_upstream_error(lines: tuple[str, ...], wire_tcp: WireCognito) -> None:
    wire_tcp.scripts = {A.token: lambda a: [bytes(replace(a, lines=lines))]}

    assert (_ask(A).status, wire_tcp.requests) == (502, 1)


@pytest.mark.parametrize("name", _UNCLEAR)
def test_a_connection_ends_after_a_response_whose_end_is_unclear(name: str, wire: WireCognito) -> None:
    wire.scripts = {A.token: _UNCLEAR[name]}

    assert [_name(_ask(A)), _name(_ask(B))] == [A.name, B.name]
    assert wire.connections == 2


def test_100_continue_is_skipped(wire: WireCognito) -> None:
    wire.scripts = {A.token: lambda a: [b"HTTP/1.1 100 Continue\r\n\r\n", 0.05, bytes(a)]}

    assert _name(_ask(A)) == A.name


@pytest.mark.parametrize(
    "name", ["bytes after the response, later", "a large second response at once", "the end after the response"]
)
def test_a_connection_that_is_not_silent_is_replaced(name: str, wire: WireCognito) -> None:
    wire.scripts = {A.token: SCRIPTS[name]}
    _ask(A)
    time.sleep(0.1)

    assert _name(_ask(B)) == B.name
    assert (wire.requests, wire.connections) == (2, 2)


def test_session_tickets_do_not_make_an_idle_connection_unusable(wire_tls: WireCognito, authority: Server) -> None:
    # Given a connection over which nothing was sent, so that the tickets of TLS 1.3 are unread
    connection = _connected(wire_tls, authority)
    # Then
    assert connection.sock.version() == "TLSv1.3"
    assert connection.is_connected
    assert connection.is_connected
    connection.close()


@pytest.mark.parametrize("cause", ["bytes", "the end", "a reset"])
def test_a_connection_with_something_to_read_is_not_connected(cause: str, wire: WireCognito, authority: Server) -> None:
    wire.greeting = b"H" if cause == "bytes" else b""
    connection = _connected(wire, authority)
    assert connection.is_connected is (cause != "bytes")
    if cause == "the end":
        wire.hang_up()
    if cause == "a reset":
        wire.scripts = {A.token: lambda _: [Reset]}
        head = f"POST / HTTP/1.1\r\nX-Amz-Target: {TARGET}GetDevice\r\n"
        body = json.dumps({"AccessToken": A.token})
        connection.sock.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    time.sleep(0.1)

    assert not connection.is_connected
    connection.close()
    assert not connection.is_connected


def _connected(wire: WireCognito, authority: Server) -> Any:
    scheme, _, port = wire.url.split(":")
    options = (
        {"ca_certs": str(authority.bundle), "ssl_context": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
        if wire.context
        else {}
    )
    connection: Any = POOLS[scheme].ConnectionCls("localhost", int(port), **options)
    connection.connect()
    time.sleep(0.1)
    return connection


@pytest.mark.parametrize("operation", EVENTS)
def test_an_interrupted_connection_is_not_used_again(operation: str, wire: WireCognito) -> None:
    # Given a response whose last byte comes after the deadline
    wire.scripts = {A.token: lambda a: [bytes(a)[:-1], 0.4, bytes(a)[-1:]]}
    # When
    interrupted = _ask(A, operation, milliseconds_left=1700)
    # Then
    assert interrupted.status == 504
    time.sleep(0.3)
    assert _name(_ask(B)) == B.name
    assert wire.connections == 2


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_response_is_not_read_to_its_end(
    name: str, wire_tcp: WireCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setattr("time.sleep", lambda _: None)
    wire_tcp.scripts = {A.token: ENDLESS[name]}
    # When
    response = _ask(A)
    # Then
    assert (response.status, response.body["type"]) == (502, "urn:problem-type:upstream-error")
    # And the fake could send no more than the buffers of two connections hold
    assert len(wire_tcp.sent[A.token]) < 30_000_000
    assert _name(_ask(B)) == B.name


def test_a_length_above_a_megabyte_is_refused_at_once(wire_tcp: WireCognito) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {MAX_BYTES + 1}\r\n\r\n".encode()
    wire_tcp.scripts = {A.token: lambda _: [head, 1.0]}

    started = time.monotonic()

    assert (_ask(A).status, wire_tcp.requests) == (502, 1)
    assert time.monotonic() - started < 0.8


@pytest.mark.parametrize(("size", "status"), [(MAX_BYTES, 200), (MAX_BYTES + 1, 502)])
@pytest.mark.parametrize("lines", [("Content-Length: {length}",), ("Connection: close",)])
def test_a_megabyte_is_read_with_or_without_a_length(
    size: int, status: int, lines: tuple[str, ...], wire_tcp: WireCognito
) -> None:
    wire_tcp.scripts = {A.token: lambda a: [bytes(replace(a, body=a.body.ljust(size), lines=lines)), End]}

    assert _ask(A).status == status


def test_a_compressed_response_is_not_decompressed(wire_tcp: WireCognito) -> None:
    # The request accepts no encoding, and a megabyte can become a gigabyte.
    wire_tcp.scripts = {
        A.token: lambda a: [
            bytes(replace(a, body=gzip.compress(a.body), lines=(*a.lines, "Content-Encoding: gzip"))),
        ]
    }

    assert _ask(A).status == 502


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, ...]]:
    """The files and folders of certificates that are loaded."""
    paths: list[tuple[str | None, ...]] = []
    load = ssl.SSLContext.load_verify_locations

    def recorded(context: ssl.SSLContext, *arguments: Any) -> None:
        paths.append(arguments)
        load(context, *arguments)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", recorded)
    return paths


def test_the_trust_store_is_loaded_once_for_all_connections(
    wire_tls: WireCognito, loaded: list[tuple[str | None, ...]]
) -> None:
    assert [_ask(A, "ListDevices").status for _ in range(3)] == [200] * 3

    assert (len(loaded), wire_tls.connections) == (1, 3)


def test_the_layers_folder_takes_the_place_of_botocores_file(
    wire_tls: WireCognito,
    authority: Server,
    loaded: list[tuple[str | None, ...]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    folder = trust_store.split(Path(shutil.copy(authority.bundle, tmp_path)))
    monkeypatch.setattr(cognito_connection, "DEFAULT_CA_BUNDLE", str(authority.bundle))
    monkeypatch.setattr(cognito_connection, "TRUST_STORE", folder)

    assert _ask(A).status == 200

    assert [paths[:2] for paths in loaded] == [(None, str(folder))]
    assert wire_tls.connections == 1


def test_a_certificate_of_another_authority_is_refused(
    wire_tls: WireCognito, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(create_server(tmp_path).bundle))
    cognito_client.client.cache_clear()

    assert [_ask(A).status for _ in range(2)] == [502, 502]
    assert wire_tls.requests == 0


def test_connections_go_through_a_proxy(proxied_hosts: list[str], wire_tls: WireCognito) -> None:
    names = [_name(_ask(A)), _name(_ask(B))]
    statuses = [_ask(A, "ListDevices").status for _ in range(2)]

    assert (names, statuses) == ([A.name, B.name], [200, 200])
    assert (len(proxied_hosts), wire_tls.connections) == (3, 3)
