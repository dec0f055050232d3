"""Which versions of TLS a server refuses."""

import ssl
from contextlib import suppress

import httpx


def refusal(url: str, version: str) -> str | None:
    """Return how a server refuses a version of TLS, or None if it accepts it.

    Raises
    ------
    ssl.SSLError
        This machine's OpenSSL cannot offer the version, so the server is not asked.
    """
    context = ssl.create_default_context()
    # Only the version matters: a certificate that is not trusted comes after the server accepted it.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # OpenSSL's default level has no ciphers for old versions
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with suppress(ssl.SSLWantReadError):  # it waits for a server's answer
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO()).do_handshake()
    try:
        httpx.get(url, verify=context)
    except httpx.ConnectError as error:
        return str(error)
    return None
