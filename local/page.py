"""Serves the bundled page on an origin of its own, as CloudFront does with spa/template.yaml.

The files are those of `local.page_files`, the headers those of `local.page_headers`. The server returns `config.json`,
the facts of the deployment that the page needs, from memory. `local.page_api` passes requests for `/v1` on to the API.
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

from local import page_api
from local.hosts import THIS_MACHINE
from local.page_files import DIST, TYPES, cache_control
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

    def send_head(self) -> BytesIO | BinaryIO | None:
        if not self._has_own_name():
            return None
        path = urlsplit(self.path).path
        if path == "/config.json":
            self._cache_control = cache_control("config.json")
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", TYPES[".json"])
            self.send_header("Content-Length", str(len(self._config)))
            self.end_headers()
            return BytesIO(self._config)
        if not self._is_served(Path(self.translate_path(self.path))):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        self._cache_control = cache_control(path.removeprefix("/"))
        return super().send_head()

    def _is_served(self, path: Path) -> bool:
        if path == Path(self.directory):
            return True  # index.html
        hidden = any(part.startswith(".") for part in path.relative_to(self.directory).parts)
        try:
            return path.suffix in TYPES and path.is_file() and not hidden
        except OSError:  # the name is too long
            return False

    def guess_type(self, path: Any) -> str:
        # The base class asks the machine's own table, where .js may be text/plain.
        return TYPES[Path(path).suffix]

    def end_headers(self) -> None:
        self.send_header("Cache-Control", self._cache_control)
        for name, value in self._security_headers.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        _log.info("%s %s", self.client_address[0], format % arguments)
