"""A certificate authority of the tests, and the certificate of a server on this machine."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Server:
    """The context of a TLS server called `localhost`, and the file of the authority that vouches for it."""

    context: ssl.SSLContext
    bundle: Path


def create_server(folder: Path) -> Server:
    """Create an authority and a server; the authority's file is in `folder`."""
    authority, bundle = trustme.CA(), folder / "authority.pem"
    authority.cert_pem.write_to_path(bundle)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return Server(context, bundle)
