"""A proxy that opens tunnels (CONNECT), as companies have."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def tunnelling_proxy(context: ssl.SSLContext | None) -> Iterator[tuple[str, list[str]]]:
    """Run a proxy, over TLS if there is a context; yield its URL and the list of hosts that it has connected to."""
    hosts: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):  # the listener is shut down
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=tunnel, args=(connection,), daemon=True).start()

    def tunnel(connection: socket.socket) -> None:
        with suppress(OSError):
            client = context.wrap_socket(connection, server_side=True) if context else connection
            request = client.recv(65_536).decode()
            hosts.append(request.split()[1])
            host, _, port = hosts[-1].rpartition(":")
            server = socket.create_connection((host, int(port)))
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=pump, args=(server, client), daemon=True).start()
            pump(client, server)

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError), source, target:
            while received := source.recv(65_536):
                target.sendall(received)

    thread = threading.Thread(target=accept)
    thread.start()
    yield f"{'https' if context else 'http'}://localhost:{listener.getsockname()[1]}", hosts
    listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    listener.close()
