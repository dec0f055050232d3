"""Sends requests that no HTTP library would send, or that it would change."""

import socket

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, ResponseReceived, StreamReset


def exchange(port: int, request: bytes, address: str = "127.0.0.1") -> bytes:
    """Send bytes to a port of this machine; return all that comes back until the server closes the connection.

    If the server opens a WebSocket, return what it has sent so far.
    """
    with socket.create_connection((address, port), timeout=10) as connection:
        connection.sendall(request)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
            if chunks[0].startswith(b"HTTP/1.1 101 "):
                break
    return b"".join(chunks)


def exchange_text(port: int, text: str) -> bytes:
    """Send a request that asks to close the connection; `{right}` in its text stands for the right Host."""
    request = text.format(right=f"127.0.0.1:{port}").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)
    return exchange(port, request.encode())


def status_of(response: bytes) -> int:
    """Return the status of an HTTP/1.1 response."""
    return int(response.split(b" ", 2)[1])


def http2_status(port: int, *headers: tuple[str, str]) -> int:
    """Send an HTTP/2 request by prior knowledge, with the given headers and pseudo-headers.

    Return the status, or 0 if the server takes the request for a violation of the protocol.
    """
    connection = H2Connection(H2Configuration(validate_outbound_headers=False))
    connection.initiate_connection()
    connection.send_headers(1, headers, end_stream=dict(headers)[":method"] != "CONNECT")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as server:
        while True:
            server.sendall(connection.data_to_send())
            for event in connection.receive_data(server.recv(65536)):
                if isinstance(event, ResponseReceived):
                    return int(dict(event.headers)[b":status"])
                if isinstance(event, (StreamReset, ConnectionTerminated)):
                    return 0
