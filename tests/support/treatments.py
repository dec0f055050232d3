"""What a Line does with a new connection, beside relaying it."""

import socket
import time

from tests.support.fake_cognito import reset_when_closed
from tests.support.line import Line, Treatment

# The beginning of a record with a ServerHello of TLS 1.2 and later.
_HALF_A_HELLO = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"


def never_read(line: Line, _: socket.socket) -> None:
    """Keep the connection open."""
    line.closing.wait()


def close(_line: Line, _client: socket.socket) -> None:
    """Close the connection at once."""


def reset(_: Line, client: socket.socket) -> None:
    """Reset the connection soon, but not while the client still connects."""
    time.sleep(0.1)
    reset_when_closed(client)


def reset_within_the_handshake(_: Line, client: socket.socket) -> None:
    """Reset the connection after half of a ServerHello."""
    client.recv(65_536)
    client.sendall(_HALF_A_HELLO)
    time.sleep(0.1)
    reset_when_closed(client)


def speak_first(line: Line, client: socket.socket) -> None:
    """Send a response of HTTP before there is a request."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    line.relay(client)


def answer_in_plain_http(_: Line, client: socket.socket) -> None:
    """Answer a handshake as a server without TLS does."""
    client.recv(65_536)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def late(seconds: float) -> Treatment:
    """Return a treatment that begins to read after some seconds."""

    def treatment(line: Line, client: socket.socket) -> None:
        line.closing.wait(seconds)
        line.relay(client)

    return treatment


def slow(chunk: int, pause: float) -> Treatment:
    """Return a treatment that passes on a few bytes at a time."""
    return lambda line, client: line.relay(client, chunk=chunk, pause=pause)
