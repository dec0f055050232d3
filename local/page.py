"""Serves the page, which `make page` bundles, on an origin of its own, with the headers of `local.page_headers`.

The server returns `config.json`, the facts of the deployment that the page needs, from memory.
"""

import contextlib
import json
import logging
import threading
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from http.client import HTTP_PORT
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from local.hosts import THIS_MACHINE
from local.page_headers import security_headers

PAGE = Path(__file__).parent.parent / "spa/dist"

# The server serves no other types.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_IDLE_SECONDS = 30
_POLL_SECONDS = 0.05

_log = logging.getLogger(__name__)


def origin(port: int, name: str = "localhost") -> str:
    """Return the page's origin on a TCP port, as the browser sends it: without the default port."""
    return f"http://{name}" if port == HTTP_PORT else f"http://{name}:{port}"


@contextlib.contextmanager
def serving(port: int, config: Mapping[str, str], directory: Path = PAGE) -> Iterator[None]:
    """Serve the page on 127.0.0.1 while the block runs.

    Parameters
    ----------
    port : int
        TCP port to listen on.
    config : mapping
        The content of `config.json`. The page may connect to its `apiUrl` and its `cognitoEndpoint`.
    directory : Path
        The page's files.
    """
    headers = security_headers(config["apiUrl"], config["cognitoEndpoint"])
    hosts = {urlsplit(origin(port, name)).netloc for name in (THIS_MACHINE, "localhost")}
    handler = partial(
        _Handler, directory=str(directory), config=json.dumps(config).encode(), headers=headers, hosts=hosts
    )
    with _Server((THIS_MACHINE, port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), name="page")
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class's
        _log.exception("The request of %s failed", client_address[0])


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # the response to a malformed first line has headers, too
    timeout = _IDLE_SECONDS

    def __init__(
        self, *arguments: Any, config: bytes, headers: Mapping[str, str], hosts: Collection[str], directory: str
    ) -> None:
        self._config = config
        self._hosts = hosts
        self._security_headers = headers
        super().__init__(*arguments, directory=directory)

    def send_head(self) -> BytesIO | BinaryIO | None:
        # With DNS rebinding, the browser takes this server for the origin of a page that has another name.
        if [host.lower() for host in self.headers.get_all("Host", [])] not in [[host] for host in self._hosts]:
            self.send_error(HTTPStatus.FORBIDDEN, f"The Host header must be one of {', '.join(sorted(self._hosts))}")
            return None
        if urlsplit(self.path).path == "/config.json":
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", _TYPES[".json"])
            self.send_header("Content-Length", str(len(self._config)))
            self.end_headers()
            return BytesIO(self._config)
        if not self._is_served(Path(self.translate_path(self.path))):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def _is_served(self, path: Path) -> bool:
        if path == Path(self.directory):
            return True  # index.html
        hidden = any(part.startswith(".") for part in path.relative_to(self.directory).parts)
        try:
            return path.suffix in _TYPES and path.is_file() and not hidden
        except OSError:  # the name is too long
            return False

    def guess_type(self, path: Any) -> str:
        # The base class asks the machine's own table, where .js may be text/plain.
        return _TYPES[Path(path).suffix]

    def end_headers(self) -> None:
        for name, value in self._security_headers.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        _log.info("%s %s", self.client_address[0], format % arguments)
