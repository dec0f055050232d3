"""A name server on loopback that knows one address, and can be silent or deny that a name exists."""

import socket
import threading
from types import TracebackType
from typing import Self

# The flags of a response with RD and RA, without an error and with NXDOMAIN, and the type of an IPv4 address.
# https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1
FOUND, NO_SUCH_NAME = b"\x81\x80", b"\x81\x83"
_A = b"\x00\x01"
_HEAD_BYTES = 12


class NameServer:
    """The server, inside a `with` block.

    Attributes
    ----------
    flags : bytes or None
        FOUND: each name has the address 127.0.0.1. NO_SUCH_NAME: no name exists. None: the server is silent.
    port : int
        Where it receives queries over UDP.
    """

    def __init__(self) -> None:
        self.flags: bytes | None = FOUND
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            query, client = self._socket.recvfrom(512)
            if not query:
                return
            if self.flags:
                self._socket.sendto(_response(query, self.flags), client)


def _response(query: bytes, flags: bytes) -> bytes:
    end = query.index(b"\x00", _HEAD_BYTES) + 5  # the name, its type and its class
    has_address = flags == FOUND and query[end - 4 : end - 2] == _A
    # A pointer to the name in the question, its type and class, 0 s to live, and 4 bytes.
    record = b"\xc0\x0c" + query[end - 4 : end] + bytes(4) + b"\x00\x04" + socket.inet_aton("127.0.0.1")
    counts = b"\x00\x01" + (b"\x00\x01" if has_address else bytes(2)) + bytes(4)
    return query[:2] + flags + counts + query[_HEAD_BYTES:end] + record * has_address
