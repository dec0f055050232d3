"""Requests of several users in turn, the first of which a script answers: does any get another user's response?"""

import itertools
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.support.upstream_cases import EVENTS, STATUSES
from tests.support.wire_cognito import Answer, Script, User, WireCognito

# Invokes the function, and returns its response as API Gateway receives it: `statusCode` and `body`.
type Invoke = Callable[[dict[str, Any]], dict[str, Any]]

_numbers = itertools.count(1)
_UPSTREAM = (502, 504)


@dataclass(frozen=True)
class Pair:
    """The operation of the first user, that of the next two, and the seconds between the first and the second."""

    first: str
    second: str
    pause: float


PAUSES = (0, 0.02, 0.1)
SAME = [Pair(each, each, pause) for each in EVENTS for pause in PAUSES]
DIFFERENT = [
    Pair(first, second, PAUSES[index % len(PAUSES)])
    for index, (first, second) in enumerate(itertools.permutations(EVENTS, 2))
]


def mixed_up(invoke: Invoke, fake: WireCognito, script: Script, pairs: Iterable[Pair], *, greets: bool) -> list[str]:
    """Return a sentence for each response that its user must not get.

    Parameters
    ----------
    invoke : callable
        Invokes the function.
    fake : WireCognito
        The Cognito of the function.
    script : Script
        Answers the first user.
    pairs : iterable of Pair
        What the users ask for.
    greets : bool
        Whether Cognito also sends the first user's response before it reads the request.
    """
    return [found for pair in pairs for found in _mixed_up(invoke, fake, script, pair, greets=greets)]


def _mixed_up(invoke: Invoke, fake: WireCognito, script: Script, pair: Pair, *, greets: bool) -> Iterable[str]:
    users = [User(next(_numbers)) for _ in range(4)]
    before, first, second, third = users
    fake.hang_up()
    invoke(before.event("GetDevice"))  # so that there is an open connection
    fake.scripts = {first.token: script}
    for user, operation in ((first, pair.first), (second, pair.second), (third, pair.second)):
        if user is second:
            time.sleep(pair.pause)
        if user is first and greets:
            fake.greeting = fake.sent[user.token] = bytes(Answer.to(operation, user.name, user.device_key))
        response = invoke(user.event(operation))
        fake.greeting = b""
        if not _is_right(response, operation, user, fake):
            yield f"{pair}: {user.name} of {[user.name for user in users]} got {response}"


def _is_right(response: dict[str, Any], operation: str, user: User, fake: WireCognito) -> bool:
    """Whether the response is what Cognito answered this user, or an upstream failure."""
    status, sent = response["statusCode"], fake.sent[user.token]
    if status in _UPSTREAM:
        return True
    if status != STATUSES[operation]:
        return f"HTTP/1.1 {min(status, 400)}".encode() in sent  # each error of Cognito in the scripts has status 400
    if b" 200 " not in sent:
        return False
    if not response["body"]:
        return True
    body = json.loads(response["body"])
    return {device["name"] for device in body.get("devices", [body])} == {user.name}
