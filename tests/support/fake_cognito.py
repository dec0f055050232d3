"""A stand-in for Amazon Cognito over real HTTP on loopback, which answers what it is told (AWS JSON 1.1)."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.support.tokens import DEVICE_KEY

REQUEST_ID = "11111111-2222-4333-8444-555555555555"

# The sample answer of AWS's API reference.
SAMPLE: dict[str, Any] = {
    "DeviceKey": DEVICE_KEY,
    "DeviceAttributes": [
        {"Name": "device_status", "Value": "valid"},
        {"Name": "device_name", "Value": "Dart-device"},
        {"Name": "last_ip_used", "Value": "192.0.2.1"},
    ],
    "DeviceCreateDate": 1715100742.022,
    "DeviceLastModifiedDate": 1723233651.167,
    "DeviceLastAuthenticatedDate": 1715100742.0,
}


type Send = Callable[[socket.socket, bytes, threading.Event], None]


def whole(connection: socket.socket, answer: bytes, _: threading.Event) -> None:
    """Send an answer as it should be."""
    connection.sendall(answer)


def stall(_connection: socket.socket, _answer: bytes, closing: threading.Event) -> None:
    """Never answer."""
    closing.wait()


def drop(_connection: socket.socket, _answer: bytes, _: threading.Event) -> None:
    """Close the connection unanswered."""


def drip(connection: socket.socket, answer: bytes, closing: threading.Event) -> None:
    """Send one byte a second."""
    for byte in answer:
        connection.sendall(bytes([byte]))
        if closing.wait(1):
            return


def reset(connection: socket.socket, answer: bytes, _: threading.Event) -> None:
    """Reset the connection within the body."""
    connection.sendall(answer[:-5])
    # With no time to linger, closing it is a reset (socket(7)).
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass(frozen=True)
class Reply:
    """One answer of the fake, and how it is sent; the connection is closed after it.

    With `unread` it is sent as soon as somebody connects, before the request is read. `headers` are lines of its head,
    in place of the one with the request id.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/x-amz-json-1.1"
    send: Send = whole
    unread: bool = False
    headers: tuple[str, ...] = ()

    @classmethod
    def json(cls, body: object, status: int = 200) -> Self:
        """Return an answer with a JSON body."""
        return cls(status, json.dumps(body).encode())

    @classmethod
    def device(cls, **changes: object) -> Self:
        """Return GetDevice's answer: the sample, but for `changes`."""
        return cls.json({"Device": SAMPLE | changes})

    @classmethod
    def devices(cls, *devices: dict[str, Any], **members: object) -> Self:
        """Return ListDevices' answer, with these devices."""
        return cls.json({"Devices": devices} | members)

    @classmethod
    def error(cls, code: str, message: str = "", status: int = 400) -> Self:
        """Return an error as Cognito words it."""
        return cls.json({"__type": code, "message": message}, status)


TARGET = "AWSCognitoIdentityProviderService."
# What Cognito answers where nothing goes wrong.
SUCCESSES = {
    "ForgetDevice": Reply(),
    "GetDevice": Reply.device(),
    "ListDevices": Reply.devices(SAMPLE),
    "UpdateDeviceStatus": Reply.json({}),
}


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any

    @property
    def operation(self) -> str:
        """The operation of Cognito that is asked for."""
        return self.headers["x-amz-target"].removeprefix(TARGET)


@dataclass
class FakeCognito:
    """A context manager: `requests` came in, over as many `connections`, but for those that went unread.

    `replies` are given in turn, the last one again and again; where there are none, each operation succeeds as
    `successes` says.
    """

    replies: list[Reply] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    successes: Mapping[str, Reply] = field(default_factory=lambda: SUCCESSES)
    _port: int = 0

    def __enter__(self) -> Self:
        fake = self
        self._closing = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def handle(self) -> None:
                fake.connections += 1
                if fake.replies and fake.replies[0].unread:
                    self._reply()
                else:
                    super().handle()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                fake.requests.append(Request(self.command, self.path, headers, json.loads(body)))
                self._reply()

            def _reply(self) -> None:
                replies = fake.replies or [fake.successes[fake.requests[-1].operation]]
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                head = [
                    f"HTTP/1.0 {reply.status} Status",
                    *([f"Content-Type: {reply.content_type}"] * bool(reply.content_type)),
                ]
                head += [f"Content-Length: {len(reply.body)}", *(reply.headers or [f"x-amzn-RequestId: {REQUEST_ID}"])]
                head += ["", ""]
                reply.send(self.connection, "\r\n".join(head).encode() + reply.body, fake._closing)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
                """Say nothing: a test's output is searched."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing of a caller that went away."""

            def shutdown_request(self, request: Any) -> None:
                """Close the connection without a farewell, or it would be one where there should be a reset."""
                self.close_request(request)

        self._server = Server(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refuse connections while the block runs; then listen at the same port again."""
        self.__exit__(None, None, None)
        yield
        self.__enter__()

    @property
    def url(self) -> str:
        """The endpoint, for AWS_ENDPOINT_URL."""
        return f"http://127.0.0.1:{self._port}"
