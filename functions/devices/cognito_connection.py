"""The connection to Amazon Cognito: how much it reads, and whether it may carry another request.

http.client keeps a connection open after responses whose end is unclear: an interim response, HTTP/1.0, chunks. What
the server still sends would then be read as the response to the next request, which is another user's.
"""

import socket
import time
from collections.abc import Callable, Generator
from http import HTTPStatus
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from pathlib import Path
from ssl import SSLWantReadError
from typing import Any

import urllib3
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.httpsession import DEFAULT_CA_BUNDLE

from devices.cognito_reuse import reuse

# More than the largest list page (60 devices) takes. A larger body would take too long to parse.
MAX_BYTES = 1_000_000
_MAX_HEAD_BYTES = 65_536
_HTTP_1_1 = 11
# A request with this method only opens the connection: nothing is sent. It is not a method of HTTP.
OPEN = "OPEN"
# Load balancers and NAT gateways forget connections that are idle for 350 s. What is sent later may get no response.
# https://repost.aws/knowledge-center/lambda-vpc-timeout
MAX_IDLE_SECONDS = 300
# The layer has a folder instead of botocore's file of certificates. OpenSSL reads only the one in which a server's
# chain ends. Loading all of them takes 24 ms of CPU time.
TRUST_STORE = Path(DEFAULT_CA_BUNDLE).with_suffix("")


class UnreadableResponseError(BaseException):
    """The response does not have the form that HTTP or Cognito's service model describes.

    Subclasses BaseException, so that urllib3 and botocore neither wrap it nor retry the request.
    """


class _Limited(RawIOBase):
    """Reads one response, and raises UnreadableResponseError once it is larger than any that the function accepts.

    The limit is for all bytes: interim responses, header lines, chunk sizes and trailers have none that is low enough.
    """

    def __init__(self, raw: RawIOBase) -> None:
        self._raw = raw
        self._left = _MAX_HEAD_BYTES + MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - the type is private to typeshed
        count: int | None = self._raw.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise UnreadableResponseError
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    """A response that ends its connection unless both sides must agree where it ends."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - http.client's
        super().__init__(sock, *arguments, **options)
        self.fp: BufferedReader = BufferedReader(_Limited(self.fp.detach()))

    def begin(self) -> None:
        """Read the head. http.client skips only 100 (Continue) as interim: 101, 103 and others end up here."""
        super().begin()
        lengths = self.headers.get_all("Content-Length", [])
        if (
            (self.status != HTTPStatus.OK and self.status < HTTPStatus.BAD_REQUEST)
            # http.client takes the first one and parses it with int(), which accepts more than digits.
            # https://www.rfc-editor.org/rfc/rfc9112#section-6.3-2.5
            or (lengths and not (len(lengths) == 1 and lengths[0].isdecimal()))
            or (self.length or 0) > MAX_BYTES
        ):
            raise UnreadableResponseError
        # With `will_close` http.client detaches the connection, as it does for `Connection: close`.
        self.will_close = (
            self.will_close
            or self.version != _HTTP_1_1
            or "Transfer-Encoding" in self.headers
            or bool(self.headers.defects)  # the parser drops all that follows a malformed line
        )


class _Opened(urllib3.HTTPResponse):
    """The response to OPEN: an empty JSON object, after which the connection is back in its pool."""

    def stream(self, *_: object, **__: object) -> Generator[bytes]:
        self.release_conn()
        yield b"{}"


class _Connection:
    """What this module adds to both connections of botocore."""

    sock: Any
    close: Callable[[], None]
    response_class = _Response
    _unsent: list[bytes] | None = None

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]  # the connection of botocore
        self._used_at = time.monotonic()
        reuse.connected()

    def request(self, method: str, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - urllib3's
        self._used_at, self._only_opens = time.monotonic(), method == OPEN
        if self._only_opens:
            if self.sock is None:  # urllib3 has connected only over TLS
                self.connect()
            return
        self._unsent = []
        try:
            super().request(method, *arguments, **options)  # type: ignore[misc]
            parts, self._unsent = self._unsent, None
            super().send(b"".join(parts))  # type: ignore[misc]
        finally:
            self._unsent = None

    def send(self, data: bytes) -> None:
        """Collect the parts of a request: urllib3 sends its head and its body one by one, in a TLS record each."""
        if self._unsent is None:
            super().send(data)  # type: ignore[misc]
        else:
            self._unsent.append(data)

    def getresponse(self) -> urllib3.BaseHTTPResponse:
        if self._only_opens:
            return _Opened(status=HTTPStatus.OK, preload_content=False)
        return super().getresponse()  # type: ignore[misc,no-any-return]

    @property
    def is_connected(self) -> bool:
        """Whether the connection is open, silent and recently used. Close it otherwise: urllib3 then opens a new one.

        Reading is the only test that works for TLS: session tickets make the socket readable without data for the
        application, and decrypted data may wait where the socket does not show it.
        """
        if self.sock is None:
            return False
        self.sock.settimeout(0)
        try:
            self.sock.recv(1)
        except (BlockingIOError, SSLWantReadError):
            if time.monotonic() - self._used_at < MAX_IDLE_SECONDS:
                return True
        except OSError:
            pass  # a reset
        self.close()
        return False


class _HTTPConnection(_Connection, AWSHTTPConnection):  # type: ignore[misc]  # botocore changes signatures too
    pass


class _HTTPSConnection(_Connection, AWSHTTPSConnection):  # type: ignore[misc]
    def connect(self) -> None:
        # All connections share the context, into which urllib3 would load a file of certificates each time (30 ms of
        # CPU time). A connection to a proxy over TLS has another context.
        if self.ssl_context and not self.proxy and self.ssl_context.cert_store_stats()["x509"]:
            self.ca_certs = None
        elif self.ca_certs == DEFAULT_CA_BUNDLE and TRUST_STORE.is_dir():
            self.ca_certs, self.ca_cert_dir = None, str(TRUST_STORE)
        super().connect()


class _HTTPPool(AWSHTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(AWSHTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


# For `pool_classes_by_scheme` of urllib3's PoolManager.
POOLS: dict[str, type[_HTTPPool | _HTTPSPool]] = {"http": _HTTPPool, "https": _HTTPSPool}
