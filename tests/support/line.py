"""A TCP port in front of a Cognito. What happens to its connections can change at any time."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.support.fake_cognito import reset_when_closed

# What happens to a new connection. It is closed afterwards.
type Treatment = Callable[[Line, socket.socket], object]


class Line:
    """The port, inside a `with` block. It refuses connections until it is opened.

    Attributes
    ----------
    treatment : callable
        What happens to each new connection.
    connections : int
        How many it has accepted.
    heard : list of bytearray
        The bytes that each relayed connection has brought from its client, encrypted as they are.
    port : int
        The port on 127.0.0.1.
    closing : threading.Event
        Set when the block ends.
    """

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.treatment: Treatment = Line.relay
        self.connections = 0
        self.heard: list[bytearray] = []
        self._swallowing: set[int] = set()
        self._open: list[socket.socket] = []
        self._waiting: list[socket.socket] = []
        self._thread: threading.Thread | None = None
        self.closing = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.end()
        with suppress(OSError):  # it was never opened
            self._listener.shutdown(socket.SHUT_RDWR)
        if self._thread:
            self._thread.join()
        for each in [self._listener, *self._waiting]:
            each.close()

    def open(self) -> None:
        """Accept connections from now on, those that wait included."""
        if self._thread is None:
            self._listener.listen(50)
            self._thread = threading.Thread(target=self._accept)
            self._thread.start()

    def fill(self) -> None:
        """Let connections wait until there is room for no more: Linux then drops each SYN."""
        self._listener.listen(0)
        for _ in range(2):
            waiting = socket.socket()
            waiting.settimeout(0)
            waiting.connect_ex(("127.0.0.1", self.port))
            self._waiting.append(waiting)

    def _accept(self) -> None:
        with suppress(OSError):  # the listener is shut down
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._treat, args=(connection,), daemon=True).start()

    def _treat(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            self.treatment(self, connection)
        connection.close()

    def swallow(self) -> None:
        """Keep all that is sent over the connections there are, as a router does that forgot them."""
        self._swallowing.update(id(each) for each in self._open)

    def end(self, how: int = socket.SHUT_RDWR) -> None:
        """Close the connections there are, or with SHUT_WR only the side that clients read."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(how)

    def reset(self) -> None:
        """Reset the connections there are."""
        for each in self._open:
            self._reset(each)

    def say(self, text: bytes) -> None:
        """Send bytes over the connections there are."""
        for each in self._open:
            with suppress(OSError):
                each.sendall(text)

    def relay(self, client: socket.socket, *, chunk: int = 65_536, pause: float = 0) -> None:
        """Pass on what both sides send; the server's bytes in chunks with pauses between them, in seconds."""
        heard = bytearray()
        self.heard.append(heard)
        with socket.create_connection(("127.0.0.1", self._upstream)) as server:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._back, args=(server, client, chunk, pause), daemon=True).start()
            while received := client.recv(65_536):
                heard += received
                if id(client) not in self._swallowing:
                    server.sendall(received)

    def _back(self, server: socket.socket, client: socket.socket, chunk: int, pause: float) -> None:
        try:
            while received := server.recv(chunk):
                if id(client) not in self._swallowing:
                    client.sendall(received)
                self.closing.wait(pause)
        except OSError:  # a reset, which reaches the client too
            self._reset(client)
        else:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _reset(client: socket.socket) -> None:
        with suppress(OSError):
            reset_when_closed(client)
            client.shutdown(socket.SHUT_RD)  # ends the wait for the client, after which the socket is closed
