"""Keeps requests to this machine away from the developer's HTTP proxy."""

import os

from local.hosts import THIS_MACHINE

_NAMES = ("NO_PROXY", "no_proxy")
_LOOPBACK = (THIS_MACHINE, "localhost")


def loopback_exceptions() -> dict[str, str]:
    """Return the variables NO_PROXY and no_proxy: the developer's own exceptions, and this machine.

    Some clients read only one of the two, others prefer one. So each keeps its own value, and a value that stands alone
    is in both. A client whose preferred variable was missing would otherwise no longer see the developer's exceptions.
    """
    own = {name: os.environ[name] for name in _NAMES if name in os.environ}
    return {name: _with_loopback(own.get(name, next(iter(own.values()), ""))) for name in _NAMES}


def _with_loopback(exceptions: str) -> str:
    if exceptions.strip() == "*":
        return exceptions  # no host has a proxy; in a list, most clients do not know the asterisk
    hosts = [host for host in exceptions.split(",") if host.strip()]
    return ",".join([*hosts, *(host for host in _LOOPBACK if host not in hosts)])
