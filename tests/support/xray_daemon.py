"""A stand-in for the AWS X-Ray daemon."""

import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_MARK, _END = b"mark", b"end"


@dataclass(frozen=True)
class XRayDaemon:
    """A daemon that keeps the datagrams that it receives.

    Attributes
    ----------
    address : str
        Host and port, for AWS_XRAY_DAEMON_ADDRESS.
    """

    address: str
    _socket: socket.socket
    _datagrams: "queue.SimpleQueue[bytes]"

    def received(self) -> list[str]:
        """Return the datagrams since the last call, each a header and a segment document on a line of its own."""
        # A datagram of our own marks the end: it comes after those that were sent before.
        self._socket.sendto(_MARK, self._socket.getsockname())
        return [datagram.decode() for datagram in iter(self._datagrams.get, _MARK)]


@contextmanager
def xray_daemon() -> Iterator[XRayDaemon]:
    """Listen on loopback while the block runs."""
    with socket.socket(type=socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        datagrams: queue.SimpleQueue[bytes] = queue.SimpleQueue()

        def listen() -> None:
            # A thread, because the socket's buffer could not hold the traces of a long run.
            for datagram in iter(lambda: listening.recv(65536), _END):
                datagrams.put(datagram)

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield XRayDaemon("{}:{}".format(*listening.getsockname()), listening, datagrams)
        finally:
            listening.sendto(_END, listening.getsockname())
            thread.join()
