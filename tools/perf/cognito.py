"""A stand-in for Amazon Cognito and the X-Ray daemon, in a process of its own so that its work is not measured.

    python -m tools.perf.cognito [CERTIFICATES]

prints its URL and its UDP port, and serves until its standard input ends. With a PEM file of its key and certificates,
it speaks TLS, as a server called `localhost`.
"""

import contextlib
import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

from tools.perf.errors import BenchError

DEVICE_KEY = "us-east-1_a1b2c3d4-5678-90ab-cdef-0123456789ab"
_TARGET = "AWSCognitoIdentityProviderService.GetDevice"
_DEVICE = {
    "DeviceKey": DEVICE_KEY,
    "DeviceAttributes": [
        {"Name": "device_status", "Value": "valid"},
        {"Name": "device_name", "Value": "Firefox on Linux"},
        {"Name": "last_ip_used", "Value": "192.0.2.1"},
        {"Name": "dev:device_arn", "Value": "arn:aws:cognito-idp:us-east-1:123456789012:owner/user/device/1"},
    ],
    "DeviceCreateDate": 1715100742.022,
    "DeviceLastModifiedDate": 1723233651.167,
    "DeviceLastAuthenticatedDate": 1715100742.0,
}


@dataclass(frozen=True)
class StandIn:
    """The addresses of a running stand-in: Cognito's endpoint, and the X-Ray daemon's host and port."""

    endpoint: str
    daemon_address: str


@contextlib.contextmanager
def running(module: str = "tools.perf.cognito", *arguments: str) -> Iterator[StandIn]:
    """Run a module that calls `main`, with arguments, while the block runs.

    Raises
    ------
    BenchError
        The module ended at once. What it printed says why.
    """
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,  # Ctrl-C reaches the measurement alone, which then ends this process
    ) as process:
        assert process.stdin  # noqa: S101 - PIPE makes it one; for the type checker
        assert process.stdout  # noqa: S101
        url, _, udp_port = process.stdout.readline().strip().partition(" ")
        if not udp_port:
            raise BenchError(f"the stand-in for Cognito, {module}, did not start: see above")
        yield StandIn(url, f"127.0.0.1:{udp_port}")
        process.stdin.close()


class Handler(BaseHTTPRequestHandler):
    """Serves GetDevice for one device; a subclass overrides `reply`."""

    protocol_version = "HTTP/1.1"  # keeps connections alive, as Cognito does
    disable_nagle_algorithm = True
    wbufsize = -1  # sends a response in one packet

    def do_POST(self) -> None:
        """Serve one request in Cognito's protocol."""
        self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def reply(self, request: dict[str, Any]) -> None:
        """Send the device for its key, and an error for every other request."""
        known = self.headers["X-Amz-Target"] == _TARGET and request["DeviceKey"] == DEVICE_KEY
        response = {"Device": _DEVICE} if known else {"__type": "ResourceNotFoundException"}
        self.send(200 if known else 400, json.dumps(response).encode())

    def send(self, status: int, body: bytes, content_type: str = "application/x-amz-json-1.1") -> None:
        """Send a response."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", "11111111-2222-4333-8444-555555555555")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing: writing a line per request would take time from what is measured."""


class _Server(ThreadingHTTPServer):
    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent if the client broke the connection or the handshake: it reports that itself."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def main(handler: type[Handler] = Handler, certificates: str | None = None) -> None:
    """Print the URL and the UDP port, and serve until standard input ends."""
    server = _Server(("127.0.0.1", 0), handler)
    url = f"http://127.0.0.1:{server.server_port}"
    if certificates:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates)
        # The first read does the handshake, in the thread of the connection.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        url = f"https://localhost:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.socket(type=socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))  # never read: Linux drops what does not fit into the socket's buffer
        print(url, daemon.getsockname()[1], flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Handler, *sys.argv[1:])
