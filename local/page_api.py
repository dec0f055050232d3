"""Passes the page's requests for /v1 on to the API, as CloudFront does with spa/template.yaml."""

from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from local.access import LIMIT

PREFIX = "/v1/"
METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]  # as in the template
_TIMEOUT = 30  # seconds, as in the template
# Headers of one connection, which the next one has its own of: RFC 9110, section 7.6.1
_OF_CONNECTION = {
    "connection",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


def pass_on(handler: BaseHTTPRequestHandler, api_url: str) -> None:
    """Send a request to the API and its response to the browser, and end the connection to the browser.

    An API that cannot be reached makes a 502 with an HTML page, and another method than METHODS a 403, which is what
    CloudFront sends too.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-invalid-method.html

    Parameters
    ----------
    handler : BaseHTTPRequestHandler
        The handler of a request whose path begins with PREFIX.
    api_url : str
        The API's base URL, which takes the place of `/v1`.
    """
    handler.close_connection = True  # so nothing after the body is taken for another request
    if handler.command not in METHODS:
        handler.send_error(HTTPStatus.FORBIDDEN)
        return
    length = handler.headers.get("Content-Length", "0")
    if not length.isdecimal() or float(length) > LIMIT:
        handler.send_error(HTTPStatus.CONTENT_TOO_LARGE)
        return
    url = urlsplit(api_url)
    api = HTTPConnection(url.netloc, timeout=_TIMEOUT)
    try:
        api.putrequest(handler.command, url.path + handler.path.removeprefix("/v1"), skip_accept_encoding=True)
        for name, value in _forwarded(handler.headers.items()):
            api.putheader(name, value)
        api.endheaders(handler.rfile.read(int(length)))
        response = api.getresponse()
        headers, body = _forwarded(response.getheaders()), response.read()
    except (OSError, HTTPException, ValueError):  # ValueError: the path is not ASCII
        handler.send_error(HTTPStatus.BAD_GATEWAY)
        return
    finally:
        api.close()
    handler.log_request(response.status)
    handler.send_response_only(response.status, response.reason)
    for name, value in [*headers, ("Connection", "close")]:
        handler.send_header(name, value)
    BaseHTTPRequestHandler.end_headers(handler)  # without the page's own headers, which the API does not send
    handler.wfile.write(body)


def _forwarded(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _OF_CONNECTION]
