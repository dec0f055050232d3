"""Two request headers that tests and the demo use to override what the real service observes by itself.

`X-Forwarded-For` overrides the client's address, so that one machine can sign in from several. `X-Emulator-Time`, in
epoch seconds, overrides the clock, so that a device can have a past.
"""

import re
from dataclasses import replace

from local.asgi import Scope, header
from local.cognito.exceptions import InvalidParameterError
from local.cognito.store import DeviceStore


def address(scope: Scope) -> str:
    """Return the address that the request came from, or the first one of its X-Forwarded-For."""
    forwarded = header(scope, b"x-forwarded-for").partition(",")[0].strip()
    return forwarded or str((scope.get("client") or ("127.0.0.1", 0))[0])


def at_time_of(scope: Scope, store: DeviceStore) -> DeviceStore:
    """Return the store, or a copy whose clock shows X-Emulator-Time; the copy shares the devices.

    Raises
    ------
    InvalidParameterError
        The header is not epoch seconds with at most three decimals.
    """
    given = header(scope, b"x-emulator-time")
    if not given:
        return store
    if not re.fullmatch(r"\d{1,10}(\.\d{1,3})?", given, re.ASCII):
        raise InvalidParameterError("X-Emulator-Time must be epoch seconds.")
    return replace(store, now=lambda: float(given))
