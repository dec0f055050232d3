"""Part one: how many requests a second, how fast, without a quota. Any answer but 200 is an error."""

from collections.abc import Sequence
from typing import Any

from tools.perf import cognito, kinds, local_api
from tools.perf.drive import Answer, LoadError, Plan, figures, send, target
from tools.perf.setting import Setting

FUNCTION, LOCAL_API = "the function's runtime", "the local API"


def measure(setting: Setting, seconds: float, concurrencies: Sequence[int]) -> list[dict[str, Any]]:
    """Call the function for `seconds`, in each number of environments, and then the local API with as many callers.

    Raises
    ------
    LoadError
        There was another answer than 200.
    """
    rows = []
    for number in concurrencies:
        setting.say(f"throughput: {FUNCTION}, {number} at once")
        with cognito.running() as stand_in, setting.environments(number, stand_in) as environments:
            plan = Plan([target(each, [kinds.DEVICE]) for each in environments], kinds.bodies(), seconds)
            rows.append(_row(FUNCTION, number, send(plan, setting.folder)[0]))
    setting.say(f"throughput: starting {LOCAL_API}")
    with local_api.running(setting.folder / "local") as session, local_api.unthrottled(session):
        one = local_api.target(session)
        local_api.warm_up(one)
        for number in concurrencies:
            setting.say(f"throughput: {LOCAL_API}, {number} at once")
            plan = Plan([one] * number, dict.fromkeys(one.kinds, ""), seconds, invocations=False)
            rows.append(_row(LOCAL_API, number, send(plan, setting.folder)[0]))
    return rows


def _row(what: str, number: int, answers: Sequence[Answer]) -> dict[str, Any]:
    row = {"target": what, "at_once": number, **figures(answers)}
    row["errors"] = sum(answer.status != 200 for answer in answers)  # noqa: PLR2004
    if row["errors"]:
        raise LoadError(f"{what} answered otherwise than with 200: {row['statuses']}")
    return row
