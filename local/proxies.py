"""Keeps requests to this machine away from the developer's HTTP proxy."""

import os

from local.access import THIS_MACHINE


def loopback_exceptions() -> dict[str, str]:
    """Return the variables NO_PROXY and no_proxy: the developer's own exceptions, and this machine."""
    own = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    hosts = ",".join([*([own] if own else []), THIS_MACHINE, "localhost"])
    return {"NO_PROXY": hosts, "no_proxy": hosts}
