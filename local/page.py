"""Serves the bundled page on an origin of its own, as CloudFront does with spa/template.yaml.

The files are those of `local.page_files`, the headers those of `local.page_headers`. The server returns `config.json`,
the facts of the deployment that the page needs, from memory. `local.page_api` passes requests for `/v1` on to the API.

Files are compressed with gzip. CloudFront prefers Brotli, which makes them smaller, but browsers accept that only with
TLS.
"""

import contextlib
import gzip
import json
import logging
import threading
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTP_PORT
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import page_api
from local.hosts import THIS_MACHINE
from local.page_files import COMPRESSED_LENGTHS, DIST, TYPES, cache_control
from local.page_headers import security_headers

_IDLE_SECONDS = 30
_UNCACHED = "no-store"
_POLL_SECONDS = 0.05

_log = logging.getLogger(__name__)


def origin(port: int, name: str = "localhost") -> str:
    """Return the page's origin on a TCP port, as the browser sends it: without the default port."""
    return f"http://{name}" if port == HTTP_PORT else f"http://{name}:{port}"


@contextlib.contextmanager
def serving(port: int, config: Mapping[str, Any], directory: Path = DIST, api_url: str | None = None) -> Iterator[None]:
    """Serve the page on 127.0.0.1 while the block runs, and pass requests for `/v1` on to the API.

    Parameters
    ----------
    port : int
        TCP port to listen on.
    config : mapping
        The content of `config.json`. The page may connect to its `apiUrl` and its `cognitoEndpoint`. With the `apiUrl`
        `/v1`, page and API have one origin, as those that `make deploy-page` deploys.
    directory : Path
        The page's files.
    api_url : str, optional
        URL of the API to which the server passes `/v1` on; by default the `apiUrl` of `config`.
    """
    headers = security_headers(config["apiUrl"], config["cognitoEndpoint"])
    hosts = {urlsplit(origin(port, name)).netloc for name in (THIS_MACHINE, "localhost")}
    handler = partial(
        _Handler,
        directory=str(directory),
        config=json.dumps(config).encode(),
        headers=headers,
        hosts=hosts,
        api_url=api_url or config["apiUrl"],
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
        self,
        *arguments: Any,
        config: bytes,
        headers: Mapping[str, str],
        hosts: Collection[str],
        api_url: str,
        directory: str,
    ) -> None:
        self._api_url = api_url
        self._cache_control = _UNCACHED
        self._config = config
        self._hosts = hosts
        self._security_headers = headers
        super().__init__(*arguments, directory=directory)

    def parse_request(self) -> bool:
        """Return whether the base class should respond, which knows no method but GET and HEAD."""
        self._cache_control = _UNCACHED
        if not super().parse_request():
            return False
        if not self.path.startswith(page_api.PREFIX):
            return True
        if self._has_own_name():
            page_api.pass_on(self, self._api_url)
        return False

    def _has_own_name(self) -> bool:
        """Return whether the browser used a name of this server, and otherwise refuse the request.

        With DNS rebinding, the browser takes this server for the origin of a page that has another name.
        """
        own = [host.lower() for host in self.headers.get_all("Host", [])] in [[host] for host in self._hosts]
        if not own:
            self.send_error(HTTPStatus.FORBIDDEN, f"The Host header must be one of {', '.join(sorted(self._hosts))}")
        return own

    def send_head(self) -> BytesIO | None:
        if not self._has_own_name():
            return None
        path = urlsplit(self.path).path
        if path == "/config.json":
            return self._send("config.json", self._config)
        file = self.translate_path(self.path)
        if Path(file) == Path(self.directory):
            file = f"{self.directory}/index.html"
        body = self._read(file)
        if body is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return self._send(file.removeprefix(f"{self.directory}/"), body)

    def _read(self, file: str) -> bytes | None:
        """Return the content of a file, or None if it is not one of the page's."""
        path = Path(file)
        hidden = any(part.startswith(".") for part in path.relative_to(self.directory).parts)
        if path.suffix not in TYPES or hidden or file.endswith("/"):
            return None
        try:
            return path.read_bytes()
        except (OSError, ValueError):  # the file does not exist, or is a folder, or its name is not valid
            return None

    def _send(self, path: str, body: bytes) -> BytesIO | None:
        """Send the status and the headers of a file; return the body, or None if the browser has this content already.

        Parameters
        ----------
        path : str
            The file's path below the page's URL, without a slash in front.
        body : bytes
            The file's content.
        """
        self._cache_control = cache_control(path)
        tag = f'W/"{sha256(body).hexdigest()}"'  # weak: compressed and uncompressed bodies have the same tag
        if self.headers["If-None-Match"] == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", tag)
            self.end_headers()
            return None
        compresses = len(body) in COMPRESSED_LENGTHS and "gzip" in self.headers.get("Accept-Encoding", "")
        sent = gzip.compress(body, mtime=0) if compresses else body
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", TYPES[Path(path).suffix])
        self.send_header("Content-Length", str(len(sent)))
        if compresses:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("ETag", tag)
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return BytesIO(sent)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", self._cache_control)
        for name, value in self._security_headers.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        _log.info("%s %s", self.client_address[0], format % arguments)
