"""What `make verify` says of a server's versions of TLS."""

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.support.certificates import create_server
from tests.support.tls import refusal

pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """Serve over TLS 1.1 and 1.2, with a certificate that nobody trusts; return the URL."""
    context = create_server(tmp_path).context
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("version", ["TLSv1_1", "TLSv1_2"])
def test_an_accepted_version_is_not_called_refused(url: str, version: str) -> None:
    assert refusal(url, version) is None


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_3"])
def test_a_refused_version_is_refused_by_the_server(url: str, version: str) -> None:
    assert "ALERT_PROTOCOL_VERSION" in str(refusal(url, version))


def test_a_version_that_this_machine_cannot_offer_is_not_tried(url: str) -> None:
    with pytest.raises(ssl.SSLError):
        refusal(url, "SSLv3")
