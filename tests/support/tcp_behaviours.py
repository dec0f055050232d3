"""What a TcpProxy can do with a new connection besides relaying it."""

import socket
import time

from tests.support.fake_cognito import reset_when_closed
from tests.support.tcp_proxy import Behaviour, TcpProxy

# The beginning of a record with a ServerHello of TLS 1.2 and later.
_HALF_A_HELLO = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"


def never_read(proxy: TcpProxy, _: socket.socket) -> None:
    """Keep the connection open."""
    proxy.closing.wait()


def close(_proxy: TcpProxy, _client: socket.socket) -> None:
    """Close the connection at once."""


def reset(_: TcpProxy, client: socket.socket) -> None:
    """Reset the connection soon, but not while the client still connects."""
    time.sleep(0.1)
    reset_when_closed(client)


def reset_within_the_handshake(_: TcpProxy, client: socket.socket) -> None:
    """Reset the connection after half of a ServerHello."""
    client.recv(65_536)
    client.sendall(_HALF_A_HELLO)
    time.sleep(0.1)
    reset_when_closed(client)


def speak_first(proxy: TcpProxy, client: socket.socket) -> None:
    """Send an HTTP response before there is a request."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    proxy.relay(client)


def answer_in_plain_http(_: TcpProxy, client: socket.socket) -> None:
    """Answer a handshake as a server without TLS does."""
    client.recv(65_536)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def late(seconds: float) -> Behaviour:
    """Return a behaviour that begins to relay after some seconds."""

    def behaviour(proxy: TcpProxy, client: socket.socket) -> None:
        proxy.closing.wait(seconds)
        proxy.relay(client)

    return behaviour


def slow(chunk: int, pause: float) -> Behaviour:
    """Return a behaviour that relays chunks of so many bytes with pauses in seconds."""
    return lambda proxy, client: proxy.relay(client, chunk=chunk, pause=pause)
