"""A stand-in for Amazon Cognito that keeps its quotas, and fails on request.

    python -m tools.perf.cognito_quotas [READS READS_OF_A_USER]

admits so many reads per second from the account and from each user; without arguments, it admits all. Cognito documents
its quotas, but not how it counts. The stand-in has a token bucket for the account and one per user, each of the size of
a second. A refused request takes no token.
https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
"""

import base64
import json
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from http import HTTPStatus
from typing import Any, ClassVar, override

from tools.perf import cognito
from tools.perf.buckets import Bucket

# The quotas of GetDevice and ListDevices (category UserResourceRead), per account and Region, and per user.
ACCOUNT_READS_PER_SECOND, USER_READS_PER_SECOND = 50, 10

# Device keys that make the stand-in fail. For DROPPED it closes the connection without a response.
THROTTLED, FAILING, PAGE, DROPPED = (f"us-east-1_{fault}" for fault in ("throttled", "failing", "page", "dropped"))
_REFUSAL = (HTTPStatus.BAD_REQUEST, b'{"__type": "TooManyRequestsException", "message": "Rate exceeded"}')
_FAULTS: dict[str, tuple[int, bytes] | tuple[int, bytes, str]] = {
    THROTTLED: _REFUSAL,
    FAILING: (HTTPStatus.INTERNAL_SERVER_ERROR, b'{"__type": "InternalErrorException"}'),
    PAGE: (HTTPStatus.OK, b"<!doctype html><title>A proxy</title>", "text/html"),
}
_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Quotas:
    """The quotas of the account and of each user, in reads per second."""

    def __init__(self, account: float, user: float) -> None:
        self._account = Bucket(account, account)
        self._users: defaultdict[str, Bucket] = defaultdict(lambda: Bucket(user, user))

    def admit(self, user: str, now: float) -> bool:
        """Count one more read of a user and return True, or return False if that would exceed a quota."""
        buckets = (self._account, self._users[user])
        for bucket in buckets:
            bucket.fill(now)
        if any(bucket.tokens < 1 for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.tokens -= 1
        return True


class Handler(cognito.Handler):
    """Serves GetDevice within the quotas, if there are any; GET returns the number of requests so far."""

    quotas: ClassVar[Quotas | None] = None
    attempts: ClassVar[int] = 0
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        """Send the number of requests for devices so far."""
        self.send(HTTPStatus.OK, str(self.attempts).encode())

    @override
    def reply(self, request: dict[str, Any]) -> None:
        """Above a quota, send a refusal. Otherwise fail as the device key asks, or send the device."""
        with self._lock:
            Handler.attempts += 1
            admitted = not self.quotas or self.quotas.admit(user_of(request["AccessToken"]), time.monotonic())
        if not admitted:
            self.send(*_REFUSAL)
        elif request["DeviceKey"] == DROPPED:
            self.close_connection = True
        elif request["DeviceKey"] in _FAULTS:
            self.send(*_FAULTS[request["DeviceKey"]])
        else:
            super().reply(request)


def user_of(token: str) -> str:
    """Return the user of an access token, without verifying the token."""
    claims = token.split(".")[1]
    username: str = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["username"]
    return username


def attempts(endpoint: str) -> int:
    """Return the number of requests for devices that a running stand-in has had."""
    with _NO_PROXY.open(endpoint, timeout=10) as response:
        return int(response.read())


def main(arguments: list[str]) -> None:
    """Print the URL and the UDP port, and serve until standard input ends."""
    Handler.quotas = Quotas(*map(float, arguments)) if arguments else None
    cognito.main(Handler)


if __name__ == "__main__":
    main(sys.argv[1:])
