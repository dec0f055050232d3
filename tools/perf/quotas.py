"""Part three of `make load`: what callers get who send more requests than Cognito's quotas admit."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from tools.perf import cognito, cognito_quotas
from tools.perf.cognito_quotas import ACCOUNT_READS_PER_SECOND, USER_READS_PER_SECOND
from tools.perf.drive import figures, send
from tools.perf.errors import LoadError
from tools.perf.event import event
from tools.perf.plan import Outcome, Plan, target
from tools.perf.setting import Load

MAX_ATTEMPTS = 2  # per request; functions/devices/cognito_transport.py
_ALLOWED = {HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS}
QUOTAS = (ACCOUNT_READS_PER_SECOND, USER_READS_PER_SECOND)


@dataclass(frozen=True)
class Case:
    """How many execution environments serve how many users, who send `rate` requests per second together."""

    name: str
    environments: int
    users: int
    rate: float


CASES = (
    Case("many users, twice the account's quota", environments=40, users=100, rate=100),
    Case("one user, twice the user's quota", environments=8, users=1, rate=20),
)


def measure(load: Load, seconds: float, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Exceed the quotas for `seconds` in each case.

    Raises
    ------
    LoadError
        As `check` raises it.
    """
    return [_measure(load, seconds, case) for case in cases]


def _measure(load: Load, seconds: float, case: Case) -> dict[str, Any]:
    load.say(f"quotas: {case.name}")
    users = [f"user-{number}" for number in range(case.users)]
    with (
        cognito.running("tools.perf.cognito_quotas", *map(str, QUOTAS)) as stand_in,
        load.environments(case.environments, stand_in, warm_up=1) as environments,
    ):
        before = cognito_quotas.attempts(stand_in.endpoint)
        plan = Plan(
            # Every environment serves all users, each beginning with another one.
            [
                target(each, users[number % case.users :] + users[: number % case.users])
                for number, each in enumerate(environments)
            ],
            {user: event(user).decode() for user in users},
            seconds,
            rate=case.rate / case.environments,
        )
        outcomes, _ = send(plan, load.folder)
        attempts = cognito_quotas.attempts(stand_in.endpoint) - before
    check(outcomes, attempts)
    admitted = [outcome for outcome in outcomes if outcome.status == HTTPStatus.OK]
    return {
        "case": case.name,
        "asked_a_second": case.rate,
        **figures(outcomes),
        "admitted_a_second": figures(admitted)["requests_a_second"],
        "share_of_429": round(1 - len(admitted) / len(outcomes), 3),
        "attempts_a_request": round(attempts / len(outcomes), 3),
    }


def check(outcomes: Sequence[Outcome], attempts: int) -> None:
    """Check the outcomes, and the attempts at Cognito that they took.

    Raises
    ------
    LoadError
        A status is neither 200 nor 429, all statuses are the same, a 429 has no Retry-After, or there were too many
        attempts.
    """
    if wrong := {outcome.status for outcome in outcomes} - _ALLOWED:
        raise LoadError(f"over the quota there were other statuses than 200 and 429: {sorted(wrong)}.")
    refused = [outcome for outcome in outcomes if outcome.status == HTTPStatus.TOO_MANY_REQUESTS]
    if len(refused) in {0, len(outcomes)}:
        raise LoadError(f"{len(refused)} of {len(outcomes)} requests were refused, which shows nothing.")
    if without := sum(outcome.retry_after is None for outcome in refused):
        raise LoadError(f"{without} of {len(refused)} responses 429 have no Retry-After.")
    if attempts > MAX_ATTEMPTS * len(outcomes):
        raise LoadError(f"{len(outcomes)} requests made {attempts} attempts at Cognito, more than two each.")
