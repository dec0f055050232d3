"""What an ASGI wrapper needs: read a request's body, call another app with it, send a response.

The protocol: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import math
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]
type Headers = list[tuple[bytes, bytes]]

# These headers describe the bytes of the body, so another body needs others.
_BODY_HEADERS = frozenset({b"content-length", b"x-amz-crc32"})


class BodyTooLargeError(Exception):
    """A request's body is larger than its reader allows."""


@dataclass(frozen=True, slots=True)
class Response:
    """A complete HTTP response."""

    status: int
    headers: Headers
    body: bytes

    def with_body(self, body: bytes) -> "Response":
        """Return this response with another body and the headers that describe it."""
        kept = [(name, value) for name, value in self.headers if name.lower() not in _BODY_HEADERS]
        return Response(self.status, [*kept, (b"content-length", str(len(body)).encode())], body)


def header(scope: Scope, name: bytes) -> str:
    """Return a request header's first value, or an empty string; `name` is in lower case."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def query_names(scope: Scope) -> set[str]:
    """Return the names of the parameters in a request's query."""
    query = scope.get("query_string", b"").decode("latin-1")
    return {name for name, _ in parse_qsl(query, keep_blank_values=True)}


async def read_body(receive: Receive, limit: float = math.inf) -> bytes | None:
    """Return the request's body, or None if the client disconnects before the body is complete.

    Raises
    ------
    BodyTooLargeError
        The body has more than `limit` bytes. All were read, and at most `limit` kept.
    """
    chunks = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        size += len(message.get("body", b""))
        if size <= limit:
            chunks.append(message.get("body", b""))
        else:
            chunks.clear()
        more = message.get("more_body", False)
    if size > limit:
        raise BodyTooLargeError
    return b"".join(chunks)


def replaying(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that yields a body that has been read, and then what `receive` yields."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


async def call(app: App, scope: Scope, receive: Receive, body: bytes) -> Response:
    """Call `app` with a request, and return its response instead of sending it.

    Parameters
    ----------
    app : ASGI app
    scope : mapping
        The request's scope, with its headers.
    receive : callable
        That of the outer request. The app calls it after the body, and so learns when the client disconnects.
    body : bytes
        The request's body.
    """
    started: list[Message] = []
    chunks: list[bytes] = []

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        else:
            chunks.append(message.get("body", b""))

    await app(scope, replaying(body, receive), collect)
    return Response(started[0]["status"], list(started[0]["headers"]), b"".join(chunks))


async def send_response(send: Send, response: Response) -> None:
    """Send a complete response."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    await send({"type": "http.response.body", "body": response.body})


async def respond_early(receive: Receive, send: Send, response: Response) -> None:
    """Send a complete response, and forget the request's body. The client may then use the connection again."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    while (await receive()).get("more_body", False):
        pass
    await send({"type": "http.response.body", "body": b""})
