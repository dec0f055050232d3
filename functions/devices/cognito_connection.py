"""The connection to Amazon Cognito: how it opens, sends and stays usable."""

import time
from collections.abc import Callable, Generator
from http import HTTPStatus
from pathlib import Path
from ssl import SSLSocket, SSLWantReadError
from typing import Any

import urllib3
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.httpsession import DEFAULT_CA_BUNDLE
from urllib3.util import wait_for_read

from devices.cognito_response import Response
from devices.cognito_reuse import reuse

# A request with this method only opens the connection: nothing is sent. It is not a method of HTTP.
OPEN = "OPEN"
# Load balancers and NAT gateways forget connections that are idle for 350 s. What is sent later may get no response.
# https://repost.aws/knowledge-center/lambda-vpc-timeout
MAX_IDLE_SECONDS = 300
# The layer has a folder instead of botocore's file of certificates. OpenSSL reads only the one in which a server's
# chain ends. Loading all of them takes 24 ms of CPU time.
TRUST_STORE = Path(DEFAULT_CA_BUNDLE).with_suffix("")


class _Opened(urllib3.HTTPResponse):
    """The response to OPEN: an empty JSON object, after which the connection is back in its pool."""

    def stream(self, *_: object, **__: object) -> Generator[bytes]:
        self.release_conn()
        yield b"{}"


class _Connection:
    """What this module adds to both connections of botocore."""

    sock: Any
    close: Callable[[], None]
    response_class = Response
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
        """Whether the connection is open, silent and recently used. If not, close it: urllib3 then opens another."""
        if self.sock is None:
            return False
        if time.monotonic() - self._used_at < MAX_IDLE_SECONDS and self._is_silent():
            return True
        self.close()
        return False

    def _is_silent(self) -> bool:
        """Whether nothing has arrived.

        What has arrived may be session tickets of TLS, without data for the application. Only reading can tell.
        """
        # Spares three system calls in most requests. TLS through a proxy over TLS has buffers that hide data.
        if isinstance(self.sock, SSLSocket) and not (self.sock.pending() or wait_for_read(self.sock, 0)):
            return True
        self.sock.settimeout(0)
        try:
            self.sock.recv(1)
        except (BlockingIOError, SSLWantReadError):
            return True
        except OSError:
            pass  # a reset
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
