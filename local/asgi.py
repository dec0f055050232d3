"""The few things an ASGI wrapper needs: read a request and replay it, call an app in-process, send an answer.

The protocol: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from typing import Any

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]
type Headers = list[tuple[bytes, bytes]]

# Both describe the bytes of the body, so they go when the body is exchanged.
_BODY_HEADERS = frozenset({b"content-length", b"x-amz-crc32"})


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP answer."""

    status: int
    headers: Headers
    body: bytes

    def with_body(self, body: bytes) -> "Reply":
        """Return this answer with another body, and headers that fit it."""
        kept = [(name, value) for name, value in self.headers if name.lower() not in _BODY_HEADERS]
        return Reply(self.status, [*kept, (b"content-length", str(len(body)).encode())], body)


def header(scope: Scope, name: bytes) -> str:
    """Return a request header's first value, or an empty string; `name` is in lower case."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


async def read_body(receive: Receive) -> bytes | None:
    """Return the request's body, or None when the client left before it was complete."""
    chunks = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def call(app: App, scope: Scope, receive: Receive, body: bytes) -> Reply:
    """Let `app` answer a request whose body is `body`, and return the answer instead of sending it.

    Parameters
    ----------
    receive : callable
        The outer request's. The app reads it after the body, and so learns that the client has left.
    """
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    started: list[Message] = []
    chunks: list[bytes] = []

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        else:
            chunks.append(message.get("body", b""))

    await app(scope, replay, collect)
    return Reply(started[0]["status"], list(started[0]["headers"]), b"".join(chunks))


async def reply_with(send: Send, reply: Reply) -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body})
