"""Passes requests on to a Cognito, and keeps what it answered, whichever client asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

_HOP = frozenset({"connection", "content-encoding", "content-length", "date", "host", "server", "transfer-encoding"})
_TARGET = "AWSCognitoIdentityProviderService."
_SIGN_INS = frozenset({"InitiateAuth", "RespondToAuthChallenge", "ConfirmDevice", "GetTokensFromRefreshToken"})


@dataclass
class Relay:
    """A running relay.

    Attributes
    ----------
    url : str
        Its endpoint.
    answers : list of str
        What Cognito answered to sign-ins, refreshes and ConfirmDevice since the last call of `heard`.
    """

    url: str
    answers: list[str] = field(default_factory=list)

    def heard(self) -> list[str]:
        """Return what Cognito answered, and begin a new list."""
        answers, self.answers = self.answers, []
        return answers


@contextmanager
def relaying(endpoint: str) -> Iterator[Relay]:
    """Run a relay to a Cognito while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            response = upstream.request(self.command, self.path, headers=headers, content=body)
            if self.headers.get("X-Amz-Target", "").removeprefix(_TARGET) in _SIGN_INS:
                relay.answers.append(_summary(response.json()))
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.content)))
            self.end_headers()
            self.wfile.write(response.content)

        do_OPTIONS = do_POST  # noqa: N815 - the base class calls it

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
            """Log nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True  # clients keep their connections open

    with (
        httpx.Client(base_url=endpoint, timeout=30, trust_env=False) as upstream,
        Server(("127.0.0.1", 0), Handler) as server,
    ):
        relay = Relay(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield relay
        finally:
            server.shutdown()
            thread.join()


def _summary(answer: dict[str, Any]) -> str:
    if "__type" in answer:
        return f"{answer['__type'].rpartition('#')[2]}: {answer['message']}"
    if "ChallengeName" in answer:
        return str(answer["ChallengeName"])
    if "AuthenticationResult" in answer:
        return "tokens of a new device" if "NewDeviceMetadata" in answer["AuthenticationResult"] else "tokens"
    return "confirm with the user" if answer["UserConfirmationNecessary"] else "remembered"
