"""A stand-in for Amazon Cognito over real HTTP on loopback, which answers what it is told (AWS JSON 1.1)."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.support.tokens import DEVICE_KEY

REQUEST_ID = "11111111-2222-4333-8444-555555555555"

# The sample answer of AWS's API reference.
SAMPLE: dict[str, Any] = {
    "DeviceKey": DEVICE_KEY,
    "DeviceAttributes": [
        {"Name": "device_status", "Value": "valid"},
        {"Name": "device_name", "Value": "Dart-device"},
        {"Name": "last_ip_used", "Value": "192.0.2.1"},
    ],
    "DeviceCreateDate": 1715100742.022,
    "DeviceLastModifiedDate": 1723233651.167,
    "DeviceLastAuthenticatedDate": 1715100742.0,
}


@dataclass(frozen=True)
class Reply:
    """One answer of the fake; `stall` never answers, `drop` closes the connection unanswered."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/x-amz-json-1.1"
    stall: bool = False
    drop: bool = False

    @classmethod
    def json(cls, body: object, status: int = 200) -> Self:
        """Return an answer with a JSON body."""
        return cls(status, json.dumps(body).encode())

    @classmethod
    def device(cls, **changes: object) -> Self:
        """Return GetDevice's answer: the sample, but for `changes`."""
        return cls.json({"Device": SAMPLE | changes})

    @classmethod
    def devices(cls, *devices: dict[str, Any], **members: object) -> Self:
        """Return ListDevices' answer, with these devices."""
        return cls.json({"Devices": devices} | members)

    @classmethod
    def error(cls, code: str, message: str = "", status: int = 400) -> Self:
        """Return an error as Cognito words it."""
        return cls.json({"__type": code, "message": message}, status)


TARGET = "AWSCognitoIdentityProviderService."
# What Cognito answers where nothing goes wrong.
SUCCESSES = {
    "ForgetDevice": Reply(),
    "GetDevice": Reply.device(),
    "ListDevices": Reply.devices(SAMPLE),
    "UpdateDeviceStatus": Reply.json({}),
}


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any

    @property
    def operation(self) -> str:
        """The operation of Cognito that is asked for."""
        return self.headers["x-amz-target"].removeprefix(TARGET)


@dataclass
class FakeCognito:
    """A context manager: `requests` came in.

    `replies` are given in turn, the last one again and again; where there are none, each operation succeeds.
    """

    replies: list[Reply] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Self:
        fake = self
        self._closing = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(self.command, self.path, headers, json.loads(body))
                fake.requests.append(request)
                replies = fake.replies or [SUCCESSES[request.operation]]
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                if reply.stall:
                    fake._closing.wait()
                if reply.stall or reply.drop:
                    return
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                self.send_header("x-amzn-RequestId", REQUEST_ID)
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
                """Say nothing: a test's output is searched."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The endpoint, for AWS_ENDPOINT_URL."""
        return f"http://127.0.0.1:{self._server.server_port}"
