"""What `make verify` does to learn how Cognito treats an idle connection, and which certificate it has."""

import json
import ssl
from http import HTTPStatus
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from botocore.httpsession import DEFAULT_CA_BUNDLE

_HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSCognitoIdentityProviderService.ListDevices",
}
_SECONDS = 10


def connected(url: str, context: ssl.SSLContext | None = None) -> HTTPConnection:
    """Open a connection, and send nothing over it, as the function does during init.

    If the server closes the connection, http.client does not replace it.

    Parameters
    ----------
    url : str
        Cognito's endpoint.
    context : ssl.SSLContext or None
        What to trust over TLS; None for botocore's trust store, as boto3 does.

    Raises
    ------
    OSError
        There is no connection, or the certificate is not trusted.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    connection = HTTPConnection(host, port, timeout=_SECONDS)
    if parts.scheme == "https":
        context = context or ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE)
        connection = HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    connection.connect()
    return connection


def answer(connection: HTTPConnection) -> str:
    """Send a request with an invalid access token; return the status and Cognito's error, or why there is none."""
    try:
        connection.request("POST", "/", json.dumps({"AccessToken": "invalid"}), _HEADERS)
        response = connection.getresponse()
        body = response.read()
    except OSError as error:  # also of a connection that was closed
        return f"no response: {error}"
    if response.status != HTTPStatus.BAD_REQUEST:
        return str(response.status)
    return f"{response.status} {json.loads(body)['__type']}"


def verification(url: str, trusted: Path) -> str:
    """Return `trusted` if a folder of certificates leads to the server's own, or why it does not."""
    try:
        connected(url, ssl.create_default_context(capath=trusted)).close()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    return "trusted"
