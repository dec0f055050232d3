"""What AWS X-Ray's daemon would be sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class XRayDaemon:
    """A daemon at an `address` (host:port) that keeps the `datagrams` that it was sent."""

    address: str
    datagrams: list[str]


@contextmanager
def xray_daemon() -> Iterator[XRayDaemon]:
    """Listen on loopback while the block runs."""
    with socket.socket(type=socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        daemon = XRayDaemon("{}:{}".format(*listening.getsockname()), [])

        def listen() -> None:
            while datagram := listening.recv(65536):
                daemon.datagrams.append(datagram.decode())

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield daemon
        listening.sendto(b"", listening.getsockname())  # the last one
        thread.join()
