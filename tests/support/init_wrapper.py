"""The handler of tests/full/test_init.py, which wraps that of the function.

A variable names the port of a name server on loopback. A file beside this module has the seconds by which the clock is
ahead.
"""

import ctypes
import os
import socket
import time
from pathlib import Path
from typing import Any

AHEAD = Path(__file__).with_name("ahead")
_SEARCH = 0x200  # RES_DNSRCH


class _Address(ctypes.Structure):
    _fields_ = (
        ("family", ctypes.c_ushort),
        ("port", ctypes.c_uint16.__ctype_be__),
        ("address", ctypes.c_ubyte * 4),
        ("zero", ctypes.c_ubyte * 8),
    )


class _Resolver(ctypes.Structure):
    """The beginning of `struct __res_state` in glibc's resolv.h, which no variable can set."""

    _fields_ = (
        ("retrans", ctypes.c_int),
        ("retry", ctypes.c_int),
        ("options", ctypes.c_ulong),
        ("servers", ctypes.c_int),
        ("server", _Address * 3),
    )


def _ask(port: int) -> None:
    """Let the main thread ask the name server at this port, and without a search list."""
    libc = ctypes.CDLL(None)
    libc["__res_init"]()
    state = libc["__res_state"]
    state.restype = ctypes.c_void_p
    resolver = _Resolver.from_address(state())
    resolver.options &= ~_SEARCH
    resolver.servers = 1
    resolver.server[0] = _Address(socket.AF_INET, port, (127, 0, 0, 1))


_ask(int(os.environ["NAME_SERVER_PORT"]))
from devices import app  # noqa: E402 - the import is the init

_monotonic = time.monotonic


def lambda_handler(event: dict[str, Any], context: Any) -> object:
    """Call the function's handler."""
    ahead = float(AHEAD.read_text()) if AHEAD.exists() else 0
    time.monotonic = lambda: _monotonic() + ahead
    return app.lambda_handler(event, context)
