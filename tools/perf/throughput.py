"""Part one of `make load`: requests per second and latency without quotas. A response other than 200 is an error."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from tools.perf import cognito, kinds, local_api
from tools.perf.drive import figures, send
from tools.perf.errors import LoadError
from tools.perf.plan import Outcome, Plan, target
from tools.perf.setting import Load

FUNCTION, LOCAL_API = "the function's runtime", "the local API"


def measure(load: Load, seconds: float, concurrencies: Sequence[int]) -> list[dict[str, Any]]:
    """Call the function in each number of execution environments, then the local API with as many callers.

    Parameters
    ----------
    seconds : float
        How long each row takes.

    Raises
    ------
    LoadError
        As `row_of` raises it.
    """
    rows = []
    for number in concurrencies:
        load.say(f"throughput: {FUNCTION}, {number} at once")
        with cognito.running() as stand_in, load.environments(number, stand_in) as environments:
            plan = Plan([target(each, [kinds.DEVICE]) for each in environments], kinds.bodies(), seconds)
            rows.append(row_of(FUNCTION, number, send(plan, load.folder)[0]))
    load.say(f"throughput: starting {LOCAL_API}")
    with local_api.running(load.folder / "local") as session, local_api.unthrottled(session):
        one = local_api.target(session)
        local_api.warm_up(one)
        for number in concurrencies:
            load.say(f"throughput: {LOCAL_API}, {number} at once")
            plan = Plan([one] * number, dict.fromkeys(one.kinds, ""), seconds, invocations=False)
            rows.append(row_of(LOCAL_API, number, send(plan, load.folder)[0]))
    return rows


def row_of(what: str, number: int, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures of what was called by `number` callers at once.

    Raises
    ------
    LoadError
        A response was not 200.
    """
    row = {"target": what, "at_once": number, **figures(outcomes)}
    row["errors"] = sum(outcome.status != HTTPStatus.OK for outcome in outcomes)
    if row["errors"]:
        raise LoadError(f"{what} did not respond with 200 alone: {row['statuses']}")
    return row
