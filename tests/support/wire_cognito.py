"""A fake Cognito that keeps connections open and sends any bytes at any time, over TCP or TLS.

It knows every user and device. A user's devices are called as the user.
"""

import json
import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from local.cognito.upstream import claims_of
from tests.support.events import load
from tests.support.fake_cognito import SAMPLE, TARGET, reset_when_closed
from tests.support.tokens import access_token
from tests.support.upstream_cases import EVENTS


@dataclass(frozen=True)
class User:
    """A user with a token, and with a device unless `device_number` names another user's."""

    number: int
    device_number: int | None = None

    @property
    def name(self) -> str:
        return f"user-{self.number}"

    @property
    def device_key(self) -> str:
        return f"us-west-2_{self.device_number or self.number:08}-5678-90ab-cdef-0123456789ab"

    @cached_property
    def token(self) -> str:
        return access_token({"username": self.name, "device_key": self.device_key})

    def event(self, operation: str) -> dict[str, Any]:
        """Return the request for which the function calls an operation of Cognito."""
        return load(EVENTS[operation], token=self.token, device_key=self.device_key)


@dataclass(frozen=True)
class Answer:
    """The right response to a request. A script changes it."""

    body: bytes
    status: str = "HTTP/1.1 200 OK"
    lines: tuple[str, ...] = ("Content-Length: {length}",)

    def __bytes__(self) -> bytes:
        lines = [self.status, "Content-Type: application/x-amz-json-1.1", *self.lines, "", ""]
        return "\r\n".join(lines).format(length=len(self.body)).encode() + self.body

    @classmethod
    def to(cls, operation: str, name: str, device_key: str) -> Self:
        """Return Cognito's response to an operation of the user called `name`."""
        device = SAMPLE | {"DeviceKey": device_key, "DeviceAttributes": [{"Name": "device_name", "Value": name}]}
        bodies = {"GetDevice": {"Device": device}, "ListDevices": {"Devices": [device, device]}}
        return cls(json.dumps(bodies.get(operation, {})).encode())


class End(Exception):  # noqa: N818 - not an error
    """The script closes the connection."""


class Reset(End):
    """The script resets the connection."""


# What the fake sends in turn: bytes, pauses in seconds, and the end of the connection.
type Step = bytes | float | type[End]
type Script = Callable[[Answer], Iterable[Step]]


@dataclass
class WireCognito:
    """The fake, which listens inside a `with` block.

    Attributes
    ----------
    context : ssl.SSLContext or None
        The server's, for TLS.
    scripts : dict
        The script that answers each request with this access token. Any other token gets the right response.
    greeting : bytes
        What the fake sends on each new connection, before it reads a request.
    unasked : callable
        What the fake does with each connection that has been silent for 0.2 s.
    sent : dict of str to bytes
        What the fake has sent as the response to each access token.
    connections, requests : int
        What it has accepted and read.
    received : int
        The bytes that it has read, without those of TLS.
    """

    context: ssl.SSLContext | None = None
    scripts: dict[str, Script] = field(default_factory=dict)
    greeting: bytes = b""
    unasked: Callable[[socket.socket], object] = lambda _: None
    sent: dict[str, bytes] = field(default_factory=lambda: defaultdict(bytes))
    connections: int = 0
    requests: int = 0
    received: int = 0

    def __enter__(self) -> Self:
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self.hang_up()
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"{'https' if self.context else 'http'}://localhost:{self.port}"

    def hang_up(self) -> None:
        """Close all connections."""
        while self._open:
            with suppress(OSError):
                # Without TLS's own method, which would let the thread read what is encrypted.
                socket.socket.shutdown(self._open.pop(), socket.SHUT_RDWR)

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener is shut down
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(0.2)  # to notice that the block has ended
        with connection, suppress(OSError):
            if self.context:
                connection.settimeout(20)
                connection = self.context.wrap_socket(connection, server_side=True)
                connection.settimeout(0.2)
            with connection, suppress(OSError, End):
                self._open.append(connection)
                connection.sendall(self.greeting)
                buffer = b""
                while not self._closing.is_set():
                    try:
                        received = connection.recv(65_536)
                    except TimeoutError:
                        self.unasked(connection)
                        continue
                    if not received:
                        return
                    self.received += len(received)
                    buffer = self._answered(connection, buffer + received)

    def _answered(self, connection: socket.socket, buffer: bytes) -> bytes:
        """Answer the requests in the buffer, and return what is left of it."""
        while b"\r\n\r\n" in buffer:
            head, _, rest = buffer.partition(b"\r\n\r\n")
            headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            length = int(headers[b"content-length"])
            if len(rest) < length:
                break
            self.requests += 1
            target = headers[b"x-amz-target"].decode().removeprefix(TARGET.lower())
            self._answer(connection, target, json.loads(rest[:length]))
            buffer = rest[length:]
        return buffer

    def _answer(self, connection: socket.socket, target: str, request: dict[str, Any]) -> None:
        token = request["AccessToken"]
        name = claims_of(token)["username"]
        (operation,) = [each for each in EVENTS if each.lower() == target]
        answer = Answer.to(operation, name, request.get("DeviceKey", f"us-west-2_of-{name}"))
        for step in self.scripts.get(token, _rightly)(answer):
            match step:
                case bytes():
                    self.sent[token] += step
                    connection.sendall(step)
                case float():
                    self._closing.wait(step)
                case _:
                    if step is Reset:
                        reset_when_closed(connection)
                    raise step


def _rightly(answer: Answer) -> list[Step]:
    return [bytes(answer)]
