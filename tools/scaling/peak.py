"""The busiest hour of a deployment, second by second, and always with the same chance.

Users open the page independently of each other, API Gateway and Cognito admit what their buckets of tokens hold, the
function asks Cognito a second time, and the page asks again when Retry-After is over.
"""

import math
import random
from dataclasses import dataclass

from tools.perf.buckets import Bucket
from tools.scaling import assumptions as a

_HOUR, _DAY = 3600, 86_400
_TOLERATED = 0.001  # share of 429 at the quota that is called enough


@dataclass(frozen=True)
class Peak:
    """The busiest hour.

    Attributes
    ----------
    reads : float
        Page views a second, on average.
    refused : float
        Share of the requests for devices that are answered 429.
    given_up : float
        Share of the page views that end without devices, after all tries.
    tries : float
        Requests for devices that a page view makes.
    attempts : float
        Requests to Cognito that a page view makes.
    concurrency : int
        Environments that Lambda needs in the busiest second.
    """

    reads: float
    refused: float
    given_up: float
    tries: float
    attempts: float
    concurrency: int


def peak(users: int, views: float, quota: int) -> Peak:
    """Simulate the busiest hour, with a quota at Cognito and as much for the method in API Gateway.

    Parameters
    ----------
    users : int
        1 to 10,000,000.
    views : float
        Page views of each user a day.
    quota : int
        Reads a second.
    """
    chance = random.Random(0)
    gateway, cognito = Bucket(quota, a.BURST * quota), Bucket(quota, quota)
    opened = asked = refused = given_up = attempts = most = 0.0
    again = [0.0] * a.TRIES  # page views whose next request is due, by how many they have made
    second_attempts = [0.0] * a.TRIES
    for second in range(_HOUR):
        new = chance.binomialvariate(users, min(1.0, views * a.PEAK / _DAY))
        waiting = [float(new), *again[1:]]
        passed = gateway.take(waiting, second)
        tried = [*passed, *second_attempts]
        got = cognito.take(tried, second)
        first_got, second_got = got[: a.TRIES], got[a.TRIES :]
        # What the gateway refuses, and what Cognito refuses twice, the page asks for again in the next second.
        lost = [
            request - through + attempt - answered
            for request, through, attempt, answered in zip(waiting, passed, second_attempts, second_got, strict=True)
        ]
        second_attempts = [through - answered for through, answered in zip(passed, first_got, strict=True)]
        again = [0.0, *lost[:-1]]
        opened, asked, refused = opened + new, asked + sum(waiting), refused + sum(lost)
        given_up, attempts = given_up + lost[-1], attempts + sum(tried)
        most = max(most, _environments(new, sum(passed), sum(second_attempts)))
    reads = users * views * a.PEAK / _DAY
    if not opened:  # so few users that none came
        return Peak(reads, 0.0, 0.0, 1.0, 1.0, 1)
    return Peak(reads, refused / asked, given_up / opened, asked / opened, attempts / opened, math.ceil(most))


def needed_quota(users: int, views: float) -> int:
    """Return the least quota, in reads a second, at which hardly a request is refused in the busiest hour."""
    low, high = 1, max(2, math.ceil(2 * users * views * a.PEAK / _DAY) + 20)
    while low < high:
        middle = (low + high) // 2
        if peak(users, views, middle).refused <= _TOLERATED:
            high = middle
        else:
            low = middle + 1
    return low


def _environments(new: float, reads: float, held: float) -> float:
    """Return the environments that a second takes: for their time, or because one takes ten requests a second."""
    others = new * (a.PREFLIGHTS_A_VIEW + 2 * a.CHANGES_A_VIEW)
    busy = reads * a.READ_SECONDS + others * a.PREFLIGHT_SECONDS + held * a.BACKOFF_SECONDS
    return max(busy, (reads + others) / a.REQUESTS_A_SECOND_AND_ENVIRONMENT)
