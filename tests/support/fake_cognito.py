"""A fake Cognito over HTTP on loopback, which sends the replies that a test gives it (AWS JSON 1.1)."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.support.tokens import DEVICE_KEY

REQUEST_ID = "11111111-2222-4333-8444-555555555555"

# The sample response of AWS's API reference.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html
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


def whole(connection: socket.socket, reply: bytes, _: threading.Event) -> None:
    """Send the whole reply."""
    connection.sendall(reply)


def stall(_connection: socket.socket, _reply: bytes, closing: threading.Event) -> None:
    """Send nothing, and keep the connection open."""
    closing.wait()


def drop(_connection: socket.socket, _reply: bytes, _: threading.Event) -> None:
    """Close the connection without a reply."""


def drip(connection: socket.socket, reply: bytes, closing: threading.Event) -> None:
    """Send one byte a second."""
    for byte in reply:
        connection.sendall(bytes([byte]))
        if closing.wait(1):
            return


def reset(connection: socket.socket, reply: bytes, _: threading.Event) -> None:
    """Reset the connection inside the body."""
    connection.sendall(reply[:-5])
    reset_when_closed(connection)


def reset_when_closed(connection: socket.socket) -> None:
    """Let a socket linger for 0 s, so that closing it resets the connection (socket(7))."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass(frozen=True)
class Reply:
    """A response of the fake, which closes the connection after it.

    Attributes
    ----------
    send : Send
        How to send it.
    unread : bool
        Whether to send it on connection, before the request is read.
    headers : tuple of str
        Lines of the head, which replace the one with the request ID.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/x-amz-json-1.1"
    send: Send = whole
    unread: bool = False
    headers: tuple[str, ...] = ()

    @classmethod
    def json(cls, body: object, status: int = 200) -> Self:
        """Return a reply with a JSON body."""
        return cls(status, json.dumps(body).encode())

    @classmethod
    def device(cls, **changes: object) -> Self:
        """Return a reply of GetDevice: the sample device with `changes`."""
        return cls.json({"Device": SAMPLE | changes})

    @classmethod
    def devices(cls, *devices: dict[str, Any], **members: object) -> Self:
        """Return a reply of ListDevices with these devices."""
        return cls.json({"Devices": devices} | members)

    @classmethod
    def error(cls, code: str, message: str = "", status: int = 400) -> Self:
        """Return a reply with an error in Cognito's form."""
        return cls.json({"__type": code, "message": message}, status)


TARGET = "AWSCognitoIdentityProviderService."
# Cognito's replies if nothing fails.
SUCCESSES = {
    "ForgetDevice": Reply(),
    "GetDevice": Reply.device(),
    "ListDevices": Reply.devices(SAMPLE),
    "UpdateDeviceStatus": Reply.json({}),
}


@dataclass(frozen=True)
class Request:
    """A request that the fake received. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any

    @property
    def operation(self) -> str:
        """The operation of Cognito that the request calls."""
        return self.headers["x-amz-target"].removeprefix(TARGET)


@dataclass
class FakeCognito:
    """A fake Cognito that listens inside a `with` block.

    Attributes
    ----------
    replies : list of Reply
        Sent in turn; the last one repeats. If the list is empty, each operation gets its reply in `successes`.
    requests : list of Request
        The requests that the fake has read.
    connections : int
        The connections that the fake has accepted, including those whose request it did not read.
    successes : mapping
        The reply of each operation that does not fail.
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
                replies = fake.replies or [fake._success(fake.requests[-1])]
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                head = [
                    f"HTTP/1.0 {reply.status} Status",
                    *([f"Content-Type: {reply.content_type}"] * bool(reply.content_type)),
                ]
                head += [f"Content-Length: {len(reply.body)}", *(reply.headers or [f"x-amzn-RequestId: {REQUEST_ID}"])]
                head += ["", ""]
                reply.send(self.connection, "\r\n".join(head).encode() + reply.body, fake._closing)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
                """Log nothing, because tests search the output."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Ignore clients that close the connection."""

            def shutdown_request(self, request: Any) -> None:
                """Close the connection without a shutdown, which would replace the reset of `reset`."""
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

    def _success(self, request: Request) -> Reply:
        """Return the reply of a Cognito that does not fail. It knows every device."""
        reply = self.successes[request.operation]
        key: str = request.body.get("DeviceKey", DEVICE_KEY)
        return replace(reply, body=reply.body.replace(DEVICE_KEY.encode(), key.encode()))

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
