"""A stand-in for the AWS X-Ray daemon."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class XRayDaemon:
    """A daemon that listens on `address` (host:port) and keeps the `datagrams` that it receives."""

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
        listening.sendto(b"", listening.getsockname())  # ends the thread
        thread.join()
