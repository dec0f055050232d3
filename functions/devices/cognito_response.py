"""The response of Amazon Cognito as HTTP: how much is read, and whether its connection may carry another request.

http.client keeps a connection open after responses whose end is unclear: an interim response, HTTP/1.0, chunks. What
the server still sends would then be read as the response to the next request, which is another user's.
"""

import socket
from http import HTTPStatus
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from typing import Any

# More than the largest list page (60 devices) takes. A larger body would take too long to parse.
MAX_BYTES = 1_000_000
_MAX_HEAD_BYTES = 65_536
_HTTP_1_1 = 11


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


class Response(HTTPResponse):
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
