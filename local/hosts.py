"""The names of this machine, and by which of them a request calls the emulator.

With DNS rebinding, a page lets its own name resolve to 127.0.0.1. The browser then takes the emulator for the page's
own origin. Only the Host header tells such a request from others: it has the page's name.
"""

from collections.abc import Iterator

from local.asgi import Scope

THIS_MACHINE = "127.0.0.1"
OF_CONTAINERS = "host.docker.internal"  # the name of this machine in samconfig.toml
_FURTHER_NAMES = {THIS_MACHINE: ("localhost", OF_CONTAINERS)}  # containers of Docker Desktop arrive there
_DEFAULT_PORT = 80


def arrival(scope: Scope) -> tuple[str, int]:
    """Return the address and the port of this machine at which a request arrived; empty and 0 if they are unknown."""
    address, port = scope.get("server") or ("", 0)
    return address, port


def host_of(scope: Scope) -> str:
    """Return a request's Host header in lower case, or an empty string if it has none, or more than one.

    It is also empty if the request's target is not a path: then the target names a host itself (RFC 9112, section
    3.2.2), and MiniStack takes all of it for a path.
    """
    hosts = [value.decode("latin-1").lower() for name, value in scope["headers"] if name.lower() == b"host"]
    return hosts[0] if len(hosts) == 1 and scope["path"].startswith("/") else ""


def served_hosts(scope: Scope) -> dict[str, str]:
    """Return the Host headers that are right where a request arrived, each with the name in it."""
    return dict(_served_hosts(*arrival(scope)))


def _served_hosts(address: str, port: int) -> Iterator[tuple[str, str]]:
    for name in (address, *_FURTHER_NAMES.get(address, (OF_CONTAINERS,))):
        yield f"{name}:{port}", name
        if port == _DEFAULT_PORT:
            yield name, name
