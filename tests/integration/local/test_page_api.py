"""The page's server passes /v1 on to the API: what the API gets, and what the browser gets."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from local import page, page_api
from local.access import LIMIT
from tests.support.local_cloud import free_port
from tests.support.raw_http import exchange, exchange_text, status_of

PROBLEM = b'{"type":"urn:problem-type:too-many-requests"}'


class Api(BaseHTTPRequestHandler):
    """An API that keeps what it gets."""

    protocol_version = "HTTP/1.1"
    got: list[tuple[str, str, list[tuple[str, str]], bytes]]

    def parse_request(self) -> bool:
        if super().parse_request():
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.got.append((self.command, self.path, self.headers.items(), body))
            self._respond()
        return False

    def _respond(self) -> None:
        if self.command == "DELETE":
            self.send_response(204)
            self.end_headers()
            return
        self.send_response(429)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Retry-After", "7")
        self.send_header("x-amzn-RequestId", "1-2")
        self.send_header("Vary", "Origin")
        if "chunked" in self.path:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PROBLEM), PROBLEM))
        else:
            self.send_header("Content-Length", str(len(PROBLEM)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else PROBLEM)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def api() -> Iterator[ThreadingHTTPServer]:
    Api.got = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def port(api: ThreadingHTTPServer, tmp_path: Path) -> Iterator[int]:
    """Return the port of a page whose API has a path of its own."""
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1/devices.js").write_text("a file", encoding="utf-8")
    config = {"apiUrl": "/v1", "cognitoEndpoint": "https://cognito.example.com"}
    port = free_port()
    with page.serving(port, config, tmp_path, f"http://127.0.0.1:{api.server_port}/_aws/abc/v1"):
        yield port


@pytest.fixture
def browser(port: int) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client


@pytest.mark.parametrize("method", page_api.METHODS)
def test_the_api_gets_the_request_of_the_browser(browser: httpx.Client, api: ThreadingHTTPServer, method: str) -> None:
    own = {"Authorization": "Bearer a.b.c", "Origin": "http://localhost:1", "X-Amzn-Trace-Id": "Root=1"}

    browser.request(method, "/v1/devices/a_b?limit=1&x=%2F", headers=own, content=b"{}")

    ((command, path, headers, body),) = Api.got
    assert (command, path, body) == (method, "/_aws/abc/v1/devices/a_b?limit=1&x=%2F", b"{}")
    assert own.items() <= dict(headers).items()
    assert [value for name, value in headers if name.lower() == "host"] == [f"127.0.0.1:{api.server_port}"]
    assert "connection" not in {name.lower() for name, _ in headers}


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "get"])
def test_the_api_does_not_get_a_method_that_cloudfront_refuses(port: int, method: str) -> None:
    response = exchange_text(port, f"{method} /v1/devices HTTP/1.1\r\nHost: {{right}}\r\n\r\n")

    assert status_of(response) == 403
    assert Api.got == []


@pytest.mark.parametrize("path", ["/v1/devices", "/v1/chunked", "/v1/devices.js"])
def test_the_browser_gets_the_response_of_the_api(browser: httpx.Client, path: str) -> None:
    response = browser.get(path)

    assert (response.status_code, response.content) == (429, PROBLEM)
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.headers["retry-after"], response.headers["x-amzn-requestid"]) == ("7", "1-2")
    assert response.headers["vary"] == "Origin"
    assert "content-security-policy" not in response.headers
    assert "cache-control" not in response.headers


def test_a_response_without_a_body_stays_one(browser: httpx.Client) -> None:
    response = browser.delete("/v1/devices/a_b")

    assert (response.status_code, response.content) == (204, b"")


def test_nothing_else_is_passed_on(browser: httpx.Client) -> None:
    for path in ("/v1", "/v2/devices", "/devices"):
        assert browser.get(path).status_code == 404
    assert browser.post("/").status_code == 501
    assert Api.got == []


def test_an_api_that_cannot_be_reached_makes_a_page_as_cloudfront_does(
    browser: httpx.Client, api: ThreadingHTTPServer
) -> None:
    api.shutdown()
    api.server_close()

    response = browser.get("/v1/devices")

    assert response.status_code == 502
    assert response.headers["content-type"].startswith("text/html")


MALFORMED = {
    "a body that is too long": (f"POST /v1/a HTTP/1.1\r\nHost: {{right}}\r\nContent-Length: {LIMIT + 1}\r\n\r\n", 413),
    "a length that is not a number": ("POST /v1/a HTTP/1.1\r\nHost: {right}\r\nContent-Length: -1\r\n\r\n", 413),
    "a path that is not ASCII": ("GET /v1/\u00e9 HTTP/1.1\r\nHost: {right}\r\n\r\n", 502),
}


@pytest.mark.parametrize(("text", "status"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_requests_do_not_reach_the_api(port: int, text: str, status: int) -> None:
    assert status_of(exchange_text(port, text)) == status
    assert Api.got == []


def test_a_body_is_not_taken_for_the_next_request(port: int) -> None:
    smuggled = f"GET /v1/smuggled HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    head = f"POST /v1/a HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert exchange(port, f"{head}{smuggled}".encode()).count(b"HTTP/1.1 ") == 1
    assert [path for _, path, _, _ in Api.got] == ["/_aws/abc/v1/a"]
