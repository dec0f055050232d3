"""A stand-in for Amazon Cognito and for X-Ray's daemon, in a process of its own: the variants are measured, it is not.

    python -m tools.perf.cognito

prints the HTTP port and the UDP port, and answers until its standard input ends.
"""

import contextlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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
    """Where the stand-in listens."""

    endpoint: str
    daemon_address: str


@contextlib.contextmanager
def running(module: str = "tools.perf.cognito", *arguments: str) -> Iterator[StandIn]:
    """Run the stand-in that a module's `main` is, while the block runs."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,  # Ctrl-C is for the measurement, which then ends this
    ) as process:
        assert process.stdin  # noqa: S101 - PIPE makes it one; for the type checker
        assert process.stdout  # noqa: S101
        http_port, udp_port = process.stdout.readline().split()
        yield StandIn(f"http://127.0.0.1:{http_port}", f"127.0.0.1:{udp_port}")
        process.stdin.close()


class Handler(BaseHTTPRequestHandler):
    """Answers for Cognito; another stand-in overrides `reply`."""

    protocol_version = "HTTP/1.1"  # connections are kept alive, as Cognito's are
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer is one packet

    def do_POST(self) -> None:
        """Answer one request in Cognito's protocol."""
        self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def reply(self, request: dict[str, Any]) -> None:
        """Answer GetDevice; anything else is an error that no variant hides."""
        known = self.headers["X-Amz-Target"] == _TARGET and request["DeviceKey"] == DEVICE_KEY
        answer = {"Device": _DEVICE} if known else {"__type": "ResourceNotFoundException"}
        self.send(200 if known else 400, json.dumps(answer).encode())

    def send(self, status: int, body: bytes, content_type: str = "application/x-amz-json-1.1") -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", "11111111-2222-4333-8444-555555555555")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(handler: type[Handler] = Handler) -> None:
    """Listen, and answer until standard input ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.socket(type=socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))  # what is not read is dropped
        print(server.server_port, daemon.getsockname()[1], flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
