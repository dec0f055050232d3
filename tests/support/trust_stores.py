"""Shares the trust store that httpx reads for each client, because most tests create a client of their own."""

from functools import cache
from unittest import mock

import httpx


def share() -> None:
    """Let all clients of this process share a TLS context. Reading the trust store takes 30 ms of CPU time."""
    mock.patch("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context)).start()
