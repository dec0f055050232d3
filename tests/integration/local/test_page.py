"""The page's server: which files it serves, with which headers, and how it compresses them."""

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local import page
from tests.support.local_cloud import free_port
from tests.support.raw_http import exchange, exchange_text, status_of

FACTS = {"apiUrl": "http://127.0.0.1:4566/_aws/v1", "cognitoEndpoint": "https://cognito.example.com"}


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def served(tmp_path: Path, port: int) -> Iterator[httpx.Client]:
    """A client of a small page's server."""
    files = tmp_path / "page"
    (files / "assets/some.js").mkdir(parents=True)
    (files / ".hidden").mkdir()
    (tmp_path / "outside.js").write_text("outside", encoding="utf-8")
    for name in ("index.html", "app.js", "styles.css", "icon.svg", "api.d.ts", "README", ".env.json", ".hidden/a.js"):
        (files / name).write_text(name, encoding="utf-8")
    (files / "assets/some.js/index.js").write_text("asset", encoding="utf-8")
    with (
        page.serving(port, FACTS, files),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "body", "media_type"),
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/?a=b", "index.html", "text/html; charset=utf-8"),
        ("/index.html", "index.html", "text/html; charset=utf-8"),
        ("/app.js?a=b", "app.js", "text/javascript; charset=utf-8"),
        ("/styles.css", "styles.css", "text/css; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
        ("/assets/some.js/index.js", "asset", "text/javascript; charset=utf-8"),
        ("/config.json", json.dumps(FACTS), "application/json"),
    ],
)
def test_it_serves_the_pages_files(served: httpx.Client, path: str, body: str, media_type: str) -> None:
    response, head = served.get(path), served.head(path)

    assert (response.status_code, response.text, response.headers["content-type"]) == (200, body, media_type)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(response.content)))


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.js",
        "/app.js/",
        "/api.d.ts",
        "/README",
        "/.env.json",
        "/%2eenv.json",
        "/.hidden/a.js",
        "/assets",
        "/assets/",
        "/assets/some.js",
        "/..%2foutside.js",
        "/a%00.js",
        "/../outside.js",
        "/%2e%2e/outside.js",
        "/assets/../../outside.js",
        "/assets/%2e%2e%2f%2e%2e%2foutside.js",
        "/assets/..\\..\\outside.js",
        "/%ed%a0%80.js",
        "/%ff.js",
        f"/{'a' * 5000}.js",
    ],
)
def test_it_serves_nothing_else(served: httpx.Client, path: str) -> None:
    response = served.get(path)

    assert response.status_code == 404
    assert response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/config.json", "/nothing.js"])
def test_every_response_has_the_security_headers(served: httpx.Client, path: str) -> None:
    headers = served.get(path).headers

    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert policy["connect-src"] == "'self' http://127.0.0.1:4566 https://cognito.example.com"
    assert (policy["require-trusted-types-for"], policy["trusted-types"]) == ("'script'", "'none'")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["permissions-policy"].startswith("camera=(), ")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/", "no-cache"),
        ("/index.html", "no-cache"),
        ("/config.json", "no-cache"),
        ("/assets/some.js/index.js", "public, max-age=31536000, immutable"),
        ("/assets/old.js", "no-store"),  # a deployment may bring it back
    ],
)
def test_only_hashed_files_are_kept_without_asking(served: httpx.Client, path: str, value: str) -> None:
    served.get("/assets/some.js/index.js")  # on the same connection

    assert served.get(path).headers.get_list("cache-control") == [value]


@pytest.mark.parametrize(("length", "coding"), [(999, None), (1000, "gzip")])
def test_files_that_cloudfront_compresses_are_compressed(
    served: httpx.Client, tmp_path: Path, length: int, coding: str | None
) -> None:
    (tmp_path / "page/app.js").write_text("a" * length, encoding="utf-8")

    response, head = served.get("/app.js"), served.head("/app.js")

    assert (response.text, response.headers.get("content-encoding")) == ("a" * length, coding)
    assert (int(response.headers["content-length"]) < length) == (coding is not None)
    assert head.headers["content-length"] == response.headers["content-length"]
    assert response.headers["vary"] == "Accept-Encoding"


def test_a_file_is_not_compressed_for_a_client_that_does_not_ask_for_it(served: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "page/app.js").write_text("a" * 1000, encoding="utf-8")

    response = served.get("/app.js", headers={"Accept-Encoding": "br"})

    assert (response.headers["content-length"], response.headers.get("content-encoding")) == ("1000", None)


@pytest.mark.parametrize("path", ["/", "/config.json", "/assets/some.js/index.js"])
def test_a_file_that_has_not_changed_is_not_sent_again(served: httpx.Client, path: str) -> None:
    first = served.get(path)

    again = served.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert served.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "LocalHost"])
@pytest.mark.parametrize("path", ["/", "/config.json"])
def test_it_is_called_by_its_own_names(served: httpx.Client, port: int, name: str, path: str) -> None:
    assert served.get(path, headers={"Host": f"{name}:{port}"}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test:{port}",
        "localhost",
        "localhost:1",
        "localhost.:{port}",
        "a.localhost:{port}",
        "[::1]:{port}",
        "0.0.0.0:{port}",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/app.js", "/config.json", "/nothing.js", "/v1/devices"])
def test_it_is_called_by_no_other_name(served: httpx.Client, port: int, host: str, path: str) -> None:
    response = served.get(path, headers={"Host": host.format(port=port)})

    assert response.status_code == 403
    assert f"The Host header must be one of 127.0.0.1:{port}, localhost:{port}" in response.text
    assert response.headers["content-security-policy"]


MALFORMED = {
    "no Host": ("GET / HTTP/1.1\r\n\r\n", 403),
    "no Host in HTTP/1.0": ("GET / HTTP/1.0\r\n\r\n", 403),
    "two Hosts": ("GET / HTTP/1.1\r\nHost: {right}\r\nHost: {right}\r\n\r\n", 403),
    "another Host first": ("GET / HTTP/1.1\r\nHost: evil.test\r\nHost: {right}\r\n\r\n", 403),
    "a folded Host": ("GET / HTTP/1.1\r\nHost: evil.test\r\n {right}\r\n\r\n", 403),
    "an absolute target": ("GET http://evil.test/app.js HTTP/1.1\r\nHost: {right}\r\n\r\n", 404),
    "markup": ("GET /<script>alert(1)</script> HTTP/1.1\r\nHost: {right}\r\n\r\n", 404),
    "a version": ("GET / HTTP/9.9\r\nHost: {right}\r\n\r\n", 505),
    "a word": ("nonsense<script>\r\n\r\n", 400),
    "many headers": (f"GET / HTTP/1.1\r\nHost: {{right}}\r\n{'a: b\r\n' * 200}\r\n", 431),
    "a long header": (f"GET / HTTP/1.1\r\nHost: {{right}}\r\na: {'b' * 70000}\r\n\r\n", 431),
    "POST": ("POST / HTTP/1.1\r\nHost: {right}\r\nContent-Length: 2\r\n\r\n{{}}", 501),
    "PUT": ("PUT /app.js HTTP/1.1\r\nHost: {right}\r\n\r\n", 501),
    "OPTIONS": ("OPTIONS / HTTP/1.1\r\nHost: {right}\r\n\r\n", 501),
    "TRACE": ("TRACE / HTTP/1.1\r\nHost: {right}\r\n\r\n", 501),
    "CONNECT": ("CONNECT evil.test:443 HTTP/1.1\r\nHost: {right}\r\n\r\n", 501),
}


@pytest.mark.parametrize(("text", "status"), MALFORMED.values(), ids=MALFORMED)
@pytest.mark.usefixtures("served")
def test_malformed_requests_are_refused(port: int, text: str, status: int) -> None:
    response = exchange_text(port, text)

    assert status_of(response) == status
    assert b"\r\nContent-Security-Policy: default-src 'none';" in response
    assert b"<script>" not in response.partition(b"\r\n\r\n")[2]


def test_a_body_is_not_taken_for_the_next_request(served: httpx.Client, port: int) -> None:
    # A form of another site can send any body. The connection ends with the refusal.
    smuggled = f"GET /app.js HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(smuggled)}\r\n\r\n"

    assert exchange(port, f"{head}{smuggled}".encode()).count(b"HTTP/1.1 ") == 1
    assert served.get("/app.js").status_code == 200


def test_a_failed_request_is_logged_and_not_printed(
    served: httpx.Client, port: int, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    # Given a browser that resets its connection instead of reading the response
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.sendall(b"GET / HTTP/1.1\r\n")
    # When another request arrives
    assert served.get("/").status_code == 200
    # Then the terminal shows nothing
    assert capsys.readouterr() == ("", "")
    assert '"GET / HTTP/1.1" 200' in caplog.text


@pytest.mark.parametrize(("port", "origin"), [(8000, "http://localhost:8000"), (80, "http://localhost")])
def test_the_origin_is_the_one_that_browsers_send(port: int, origin: str) -> None:
    assert page.origin(port) == origin
