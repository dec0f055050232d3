"""A TCP proxy in front of a Cognito, whose behaviour can change at any time."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.support.fake_cognito import reset_when_closed

# What the proxy does with a new connection, which it closes afterwards.
type Behaviour = Callable[[TcpProxy, socket.socket], object]


class TcpProxy:
    """The proxy, inside a `with` block. It refuses connections until it is opened.

    Attributes
    ----------
    behaviour : callable
        What the proxy does with each new connection.
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
        self.behaviour: Behaviour = TcpProxy.relay
        self.connections = 0
        self.heard: list[bytearray] = []
        self._dropped: set[socket.socket] = set()
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
        """Accept connections from now on, including those that wait."""
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
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            self.behaviour(self, connection)
        connection.close()

    def drop(self) -> None:
        """Drop what is sent over the open connections from now on, as a router does that forgot them."""
        self._dropped.update(self._open)

    def end(self, how: int = socket.SHUT_RDWR) -> None:
        """Close the open connections, or with SHUT_WR only the side that clients read."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(how)

    def reset(self) -> None:
        """Reset the open connections."""
        for each in self._open:
            self._reset(each)

    def send(self, text: bytes) -> None:
        """Send bytes to the clients of the open connections."""
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
                if client not in self._dropped:
                    server.sendall(received)

    def _back(self, server: socket.socket, client: socket.socket, chunk: int, pause: float) -> None:
        try:
            while received := server.recv(chunk):
                if client not in self._dropped:
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
