"""Simulates the busiest hour of a deployment, second by second, with a fixed random seed.

Users open the page independently of each other. API Gateway and Cognito admit as many requests as their token buckets
hold. If Cognito refuses a request, the function tries once more. If that fails, the client retries after Retry-After.
"""

import math
import random
from dataclasses import dataclass

from tools.perf.buckets import Bucket
from tools.scaling import assumptions as a

_HOUR, _DAY = 3600, 86_400
_TOLERATED = 0.001  # the share of 429 at which a quota counts as sufficient


@dataclass(frozen=True)
class Peak:
    """The busiest hour.

    Attributes
    ----------
    reads : float
        Mean page views per second.
    refused : float
        Share of the requests for devices that get 429.
    given_up : float
        Share of the page views that show no devices, because every try got 429.
    tries : float
        Mean requests for devices per page view.
    attempts : float
        Mean requests to Cognito per page view.
    concurrency : int
        Execution environments that Lambda needs in the busiest second.
    """

    reads: float
    refused: float
    given_up: float
    tries: float
    attempts: float
    concurrency: int


def peak(users: int, views: float, quota: int) -> Peak:
    """Simulate the busiest hour, with the same quota at Cognito and for the method in API Gateway.

    Parameters
    ----------
    users : int
        1 to 10,000,000.
    views : float
        Page views per user and day.
    quota : int
        Reads per second.
    """
    generator = random.Random(0)
    gateway, cognito = Bucket(quota, a.BURST * quota), Bucket(quota, quota)
    opened = asked = refused = given_up = attempts = most = 0.0
    again = [0.0] * a.TRIES  # page views that retry in this second; the index is the number of requests already sent
    second_attempts = [0.0] * a.TRIES
    for second in range(_HOUR):
        new = generator.binomialvariate(users, min(1.0, views * a.PEAK / _DAY))
        waiting = [float(new), *again[1:]]
        passed = gateway.take(waiting, second)
        tried = [*passed, *second_attempts]
        got = cognito.take(tried, second)
        first_got, second_got = got[: a.TRIES], got[a.TRIES :]
        # The client retries, a second later, what API Gateway refused and what Cognito refused twice.
        lost = [
            request - through + attempt - admitted
            for request, through, attempt, admitted in zip(waiting, passed, second_attempts, second_got, strict=True)
        ]
        second_attempts = [through - admitted for through, admitted in zip(passed, first_got, strict=True)]
        again = [0.0, *lost[:-1]]
        opened, asked, refused = opened + new, asked + sum(waiting), refused + sum(lost)
        given_up, attempts = given_up + lost[-1], attempts + sum(tried)
        most = max(most, _environments(new, sum(passed), sum(second_attempts)))
    reads = users * views * a.PEAK / _DAY
    if not opened:  # too few users: none opened the page
        return Peak(reads, 0.0, 0.0, 1.0, 1.0, 1)
    return Peak(reads, refused / asked, given_up / opened, asked / opened, attempts / opened, math.ceil(most))


def needed_quota(users: int, views: float) -> int:
    """Return the smallest quota, in reads per second, that refuses at most one request in a thousand in that hour."""
    low, high = 1, max(2, math.ceil(2 * users * views * a.PEAK / _DAY) + 20)
    while low < high:
        middle = (low + high) // 2
        if peak(users, views, middle).refused <= _TOLERATED:
            high = middle
        else:
            low = middle + 1
    return low


def _environments(new: float, reads: float, held: float) -> float:
    """Return the environments that a second needs: for the time of its requests, or for their number."""
    others = new * (a.PREFLIGHTS_A_VIEW + 2 * a.CHANGES_A_VIEW)
    busy = reads * a.READ_SECONDS + others * a.PREFLIGHT_SECONDS + held * a.BACKOFF_SECONDS
    return max(busy, (reads + others) / a.REQUESTS_A_SECOND_AND_ENVIRONMENT)
