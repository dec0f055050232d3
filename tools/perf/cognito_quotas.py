"""The stand-in for Amazon Cognito under load: it keeps to Cognito's quotas, and fails where it is asked to.

    python -m tools.perf.cognito_quotas [READS READS_OF_A_USER]

admits as many reads a second, of the account and of each user, or else any number. Cognito documents how much it
admits, not how it counts. This counts with a bucket of tokens for the account and one for each user: each holds what a
second admits, and fills evenly. What is refused takes no token from either.
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

# GetDevice and ListDevices are in the category UserResourceRead, whose quota is that of an account in a Region.
READS_A_SECOND, READS_A_SECOND_OF_A_USER = 50, 10

# Device keys, and what asking for them comes to; DROPPED gets no answer at all.
THROTTLED, FAILING, PAGE, DROPPED = (f"us-east-1_{fault}" for fault in ("throttled", "failing", "page", "dropped"))
_REFUSAL = (HTTPStatus.BAD_REQUEST, b'{"__type": "TooManyRequestsException", "message": "Rate exceeded"}')
_FAULTS: dict[str, tuple[int, bytes] | tuple[int, bytes, str]] = {
    THROTTLED: _REFUSAL,
    FAILING: (HTTPStatus.INTERNAL_SERVER_ERROR, b'{"__type": "InternalErrorException"}'),
    PAGE: (HTTPStatus.OK, b"<!doctype html><title>Somebody else</title>", "text/html"),
}
_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Quotas:
    """The account's quota and that of each user, in reads a second."""

    def __init__(self, account: float, user: float) -> None:
        self._account = Bucket(account, account)
        self._users: defaultdict[str, Bucket] = defaultdict(lambda: Bucket(user, user))

    def admit(self, user: str, now: float) -> bool:
        """Return whether one more read of a user is admitted, and count it if so."""
        buckets = (self._account, self._users[user])
        for bucket in buckets:
            bucket.fill(now)
        if any(bucket.tokens < 1 for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.tokens -= 1
        return True


class Handler(cognito.Handler):
    """Answers GetDevice within the quotas, if there are any; GET says how often that has been asked."""

    quotas: ClassVar[Quotas | None] = None
    attempts: ClassVar[int] = 0
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def do_GET(self) -> None:  # noqa: N802 - so `http.server` finds it
        """Send the number of attempts so far."""
        self.send(HTTPStatus.OK, str(self.attempts).encode())

    @override
    def reply(self, request: dict[str, Any]) -> None:
        """Answer GetDevice, refuse to, or fail."""
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
    """Return the user that an access token was issued to; the token is not verified."""
    claims = token.split(".")[1]
    username: str = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["username"]
    return username


def attempts(endpoint: str) -> int:
    """Return how many requests a running stand-in has had."""
    with _NO_PROXY.open(endpoint, timeout=10) as answer:
        return int(answer.read())


def main(arguments: list[str]) -> None:
    """Listen, and answer until standard input ends."""
    Handler.quotas = Quotas(*map(float, arguments)) if arguments else None
    cognito.main(Handler)


if __name__ == "__main__":
    main(sys.argv[1:])
