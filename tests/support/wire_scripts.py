"""What an upstream may send instead of one response to a request: each row is a script of WireCognito."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from tests.support.wire_cognito import Answer, End, Reset, Script, Step

_MEGABYTE = b"x" * 1_000_000
LATER = 0.05  # in the middle of the pauses before the next request
_SPLIT = 40  # inside of the head


def _interim(status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nLink: </style.css>\r\n\r\n".encode()


def error(a: Answer, status: str, code: str) -> bytes:
    """Return an error of Cognito in place of the response."""
    return bytes(replace(a, status=f"HTTP/1.1 {status}", body=f'{{"__type": "{code}"}}'.encode()))


def _lines(a: Answer, *lines: str, **changes: Any) -> bytes:
    return bytes(replace(a, lines=lines, **changes))


def _chunked(a: Answer, *lines: str, **changes: Any) -> bytes:
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(a.body), a.body)
    return _lines(a, *(lines or ("Transfer-Encoding: chunked",)), **changes).removesuffix(a.body) + body


def _declared(a: Answer, change: int) -> bytes:
    return _lines(a, f"Content-Length: {max(len(a.body) + change, 0)}")


def _other(a: Answer) -> bytes:
    return bytes(replace(a, body=a.body.replace(b"us-west-2_", b"us-west-2_9")))


def _large(a: Answer) -> bytes:
    """Return a response that fills the reader's buffer, so that the rest waits in the TLS object."""
    return bytes(replace(a, body=a.body.ljust(12_000)))


# Each interim response, and what is not a response at all, before the right one.
_BEFORE: dict[str, bytes] = {
    "103": _interim("103 Early Hints"),
    "101": _interim("101 Switching Protocols"),
    "102": _interim("102 Processing"),
    "199": _interim("199 Odd"),
    "two 103": _interim("103 Early Hints") * 2,
    "100 and 103": _interim("100 Continue") + _interim("103 Early Hints"),
    "100": _interim("100 Continue"),
    "103 with a Content-Length": b"HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n",
    "204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "204 with a Content-Length": b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n",
    "304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "201": b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
    "205": b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
    "302": b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.0 204": b"HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\n\r\n",
    "an empty 200": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "an empty object": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "a line break": b"\r\n",
    "a status line that is not HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/2.0": b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
}

# A second response after each of these.
SECOND: dict[str, Script] = {
    "a response": lambda a: [bytes(a)],
    "HTTP/1.0 with keep-alive": lambda a: [
        _lines(a, "Content-Length: {length}", "Connection: keep-alive", status="HTTP/1.0 200 OK")
    ],
    "chunks": lambda a: [_chunked(a)],
    "chunks with a trailer": lambda a: [_chunked(a).removesuffix(b"\r\n") + b"X-Odd: 1\r\n\r\n"],
    "chunks and a Content-Length": lambda a: [_chunked(a, "Transfer-Encoding: chunked", "Content-Length: {length}")],
    "Connection: close": lambda a: [_lines(a, "Content-Length: {length}", "Connection: close")],
    "two equal lengths": lambda a: [_lines(a, "Content-Length: {length}", "Content-Length: {length}")],
    "two lengths": lambda a: [_lines(a, "Content-Length: {length}", "Content-Length: 5")],
    "a length with a sign": lambda a: [_lines(a, "Content-Length: +{length}")],
    "a length with an underscore": lambda a: [_lines(a, "Content-Length: 0_{length}")],
    "a folded header": lambda a: [_lines(a, "X-Odd: 1", " 2", "Content-Length: {length}")],
    "bare line feeds": lambda a: [
        _lines(a, "Content-Length: {length}").replace(b"\r\n", b"\n"),
    ],
    "a NUL in a header": lambda a: [_lines(a, "X-Odd: \0", "Content-Length: {length}")],
    "a malformed line": lambda a: [_lines(a, "Content-Length: {length}", "malformed")],
    "a malformed line that hides chunks": lambda a: [
        _chunked(a, "Content-Length: {length}", "malformed", "Transfer-Encoding: chunked")
    ],
    "a length that is too small": lambda a: [_declared(a, -10)],
    "a length of 0": lambda a: [_declared(a, -len(a.body))],
    "a length that is too large": lambda a: [_declared(a, 10)],
    "a throttled request": lambda a: [error(a, "400 Bad Request", "TooManyRequestsException")],
    "no device": lambda a: [error(a, "400 Bad Request", "ResourceNotFoundException")],
    "status 500": lambda a: [error(a, "500 Internal Server Error", "InternalErrorException")],
    "another device": lambda a: [_other(a)],
}


def _then(first: Script, *more: Script | Step) -> Script:
    """Return a script that goes on after `first`."""

    def script(a: Answer) -> Sequence[Step]:
        steps = list(first(a))
        for step in more:
            steps += [step] if isinstance(step, bytes | float | type) else step(a)
        return steps

    return script


def _right(a: Answer) -> list[Step]:
    return [bytes(a)]


def _only(sent: bytes) -> Script:
    return lambda _: [sent]


_OTHERS: dict[str, Script] = {
    "103 and the response at once": lambda a: [_interim("103 Early Hints") + bytes(a)],
    "a second response at once": lambda a: [bytes(a) * 2],
    "two more responses at once": lambda a: [bytes(a) * 3],
    "a large second response at once": lambda a: [bytes(a) + _large(a)],
    "two large responses at once": lambda a: [_large(a) * 2],
    "a second response after 5 ms": _then(_right, 0.005, _right),
    "a second response after 150 ms": _then(_right, 0.15, _right),
    "a second response in two parts": lambda a: [bytes(a) + bytes(a)[:_SPLIT], LATER, bytes(a)[_SPLIT:]],
    "an error after the response": lambda a: [
        bytes(a),
        LATER,
        error(a, "400 Bad Request", "ResourceNotFoundException"),
    ],
    "bytes after the response": lambda a: [bytes(a) + b"surplus"],
    "bytes after the response, later": lambda a: [bytes(a), LATER, b"surplus"],
    "a line break after the response, and a second one": lambda a: [bytes(a), LATER, b"\r\n" + bytes(a)],
    "the rest of the body, later": lambda a: [_declared(a, -10).removesuffix(a.body[-10:]), LATER, a.body[-10:]],
    "a length of 0, and a response as the body": lambda a: [_declared(a, -len(a.body)).removesuffix(a.body) + bytes(a)],
    "a length that is too large, and the end": lambda a: [_declared(a, 10), LATER, End],
    "chunks without an end": lambda a: [_chunked(a).removesuffix(b"0\r\n\r\n"), LATER, End],
    "chunks, and a second response at once": lambda a: [_chunked(a) + bytes(a)],
    "no length, and the end": lambda a: [_lines(a), LATER, End],
    "chunks that are compressed, a second response and the end": lambda a: [
        _chunked(a, "Transfer-Encoding: gzip, chunked"),
        LATER,
        bytes(a),
        LATER,
        End,
    ],
    "a list of lengths, a second response and the end": lambda a: [
        _lines(a, "Content-Length: {length}, {length}"),
        LATER,
        bytes(a),
        LATER,
        End,
    ],
    "a folded length, a second response and the end": lambda a: [
        _lines(a, "Content-Length: {length}", " 0"),
        LATER,
        bytes(a),
        LATER,
        End,
    ],
    "the end after the response": lambda a: [bytes(a), LATER, End],
    "the end at once after the response": lambda a: [bytes(a), End],
    "a reset after the response": lambda a: [bytes(a), LATER, Reset],
    "a reset in the response": lambda a: [bytes(a)[:-5], LATER, Reset],
    "a reset without a response": lambda _: [Reset],
    "more than a megabyte, and a response": lambda a: [
        bytes(replace(a, body=a.body.ljust(1_500_000))),
        LATER,
        bytes(a),
    ],
    "one part after the other": lambda a: [bytes(a)[:5], 0.02, bytes(a)[5:_SPLIT], 0.02, bytes(a)[_SPLIT:]],
}

# Cognito also sends the response before it reads the request.
_GREETED: dict[str, Script] = {
    "a response before the request, and one after it": _right,
    "a response before the request only": lambda _: [],
}
GREETED = frozenset(_GREETED)

SCRIPTS: dict[str, Script] = {
    **{f"{name}, then the response": _then(_only(it), LATER, _right) for name, it in _BEFORE.items()},
    **{f"{name}, then a second response": _then(script, LATER, _right) for name, script in SECOND.items()},
    **_OTHERS,
    **_GREETED,
}


def _endless(first: bytes, repeated: bytes) -> Script:
    """Return a script that sends 400 MB in parts of about a megabyte."""
    repeated *= len(_MEGABYTE) // len(repeated)

    def script(_: Answer) -> Iterable[Step]:
        yield first
        for _part in range(400):
            yield repeated

    return script


_OK = b"HTTP/1.1 200 OK\r\n"
# Responses of 400 MB.
ENDLESS = {
    "a length of 400 MB": _endless(_OK + b"Content-Length: 400000000\r\n\r\n", _MEGABYTE),
    "no length": _endless(_OK + b"\r\n", _MEGABYTE),
    "chunks": _endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
    "one chunk": _endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n17d78400\r\n", _MEGABYTE),
    "an extension of a chunk": _endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n1;", _MEGABYTE),
    "trailers": _endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Odd: 1\r\n"),
    "a status line": _endless(b"HTTP/1.1 200 ", _MEGABYTE),
    "a header line": _endless(_OK + b"X-Odd: ", _MEGABYTE),
    "header lines": _endless(_OK, b"X-Odd: 1\r\n"),
    "long header lines": _endless(_OK, b"X-Odd: " + b"x" * 60_000 + b"\r\n"),
    "interim responses": _endless(b"", b"HTTP/1.1 100 Continue\r\nX-Odd: 1\r\n\r\n"),
    "an error": _endless(b"HTTP/1.1 400 Bad Request\r\n\r\n", _MEGABYTE),
    "compressed": _endless(_OK + b"Content-Encoding: gzip\r\n\r\n", _MEGABYTE),
}
