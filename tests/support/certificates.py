"""A certificate authority of the tests, and the certificate of a server on this machine."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Server:
    """The context of a TLS server called `localhost`, and the file of the authority that vouches for it."""

    context: ssl.SSLContext
    bundle: Path


class Authority:
    """A certificate authority.

    Attributes
    ----------
    bundle : Path
        The file with its certificate.
    """

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self.bundle = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(self.bundle)

    def server(self, host: str = "localhost", *, valid: timedelta = timedelta(days=1)) -> ssl.SSLContext:
        """Return the context of a server with a new certificate, which ends `valid` from now."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(host, not_after=datetime.now(UTC) + valid).configure_cert(context)
        return context


def create_server(folder: Path) -> Server:
    """Create an authority and a server; the authority's file is in `folder`."""
    authority = Authority(folder)
    return Server(authority.server(), authority.bundle)


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext) -> None:
    """Let a client connect to the server called `localhost` without a network.

    Raises
    ------
    ssl.SSLError
        One of the two refuses the other.
    """
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (asking, answering, asking):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert asking.getpeercert()
