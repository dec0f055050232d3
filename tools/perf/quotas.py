"""Part three: what becomes of more requests than Cognito admits, of the account and of one user."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.perf import cognito
from tools.perf.cognito_quotas import READS_A_SECOND, READS_A_SECOND_OF_A_USER
from tools.perf.cognito_quotas import attempts as attempts_at
from tools.perf.drive import Answer, LoadError, Plan, figures, send, target
from tools.perf.measure import event
from tools.perf.setting import Setting

# The function asks Cognito a second time at most (functions/devices/cognito_transport.py).
MAX_ATTEMPTS_A_REQUEST = 2
_ALLOWED = {200, 429}
QUOTAS = (READS_A_SECOND, READS_A_SECOND_OF_A_USER)


@dataclass(frozen=True)
class Case:
    """How many environments serve how many users, who ask for `rate` devices a second in all."""

    name: str
    environments: int
    users: int
    rate: float


CASES = (
    Case("many users, twice the account's quota", environments=40, users=100, rate=100),
    Case("one user, twice the user's quota", environments=8, users=1, rate=20),
)


def measure(setting: Setting, seconds: float, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Ask for more than the quotas admit, for `seconds`, in each case.

    Raises
    ------
    LoadError
        There was an answer besides 200 and 429, a 429 without Retry-After, an attempt too many, or no 429 at all.
    """
    return [_measure(setting, seconds, case) for case in cases]


def _measure(setting: Setting, seconds: float, case: Case) -> dict[str, Any]:
    setting.say(f"quotas: {case.name}")
    users = [f"user-{number}" for number in range(case.users)]
    with (
        cognito.running("tools.perf.cognito_quotas", *map(str, QUOTAS)) as stand_in,
        setting.environments(case.environments, stand_in, warm_up=1) as environments,
    ):
        before = attempts_at(stand_in.endpoint)
        plan = Plan(
            # Each environment serves all users, another one first.
            [
                target(each, users[number % case.users :] + users[: number % case.users])
                for number, each in enumerate(environments)
            ],
            {user: event(user).decode() for user in users},
            seconds,
            rate=case.rate / case.environments,
        )
        answers, _ = send(plan, setting.folder)
        attempts = attempts_at(stand_in.endpoint) - before
    check(answers, attempts)
    admitted = [answer for answer in answers if answer.status == 200]  # noqa: PLR2004
    return {
        "case": case.name,
        "asked_a_second": case.rate,
        **figures(answers),
        "admitted_a_second": figures(admitted)["requests_a_second"],
        "share_of_429": round(1 - len(admitted) / len(answers), 3),
        "attempts_a_request": round(attempts / len(answers), 3),
    }


def check(answers: Sequence[Answer], attempts: int) -> None:
    """Raise LoadError where answers or the attempts that they took are not what they should be."""
    if strange := {answer.status for answer in answers} - _ALLOWED:
        raise LoadError(f"over the quota there were other answers than 200 and 429: {sorted(strange)}.")
    refused = [answer for answer in answers if answer.status != 200]  # noqa: PLR2004
    if len(refused) in {0, len(answers)}:
        raise LoadError(f"{len(refused)} of {len(answers)} requests were refused, which shows nothing.")
    if without := sum(answer.retry_after is None for answer in refused):
        raise LoadError(f"{without} of {len(refused)} answers 429 have no Retry-After.")
    if attempts > MAX_ATTEMPTS_A_REQUEST * len(answers):
        raise LoadError(f"{len(answers)} requests made {attempts} attempts at Cognito, more than two each.")
