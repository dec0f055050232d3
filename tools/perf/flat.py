"""Part two of `make load`: whether an execution environment leaks memory or files, however long it lives."""

import re
import statistics
from collections.abc import Sequence
from typing import Any

from tools.perf import cognito, kinds
from tools.perf.drive import figures, send
from tools.perf.errors import LoadError
from tools.perf.plan import Outcome, Plan, Sample, target
from tools.perf.setting import Load

# The last fifth of the run is compared with the second: in the first, caches and the allocator still fill.
_FIFTHS = 5
SAMPLES = 100
MAX_GROWTH = 1_000_000  # bytes; in 50,000 events, 33 bytes per event
_LONGEST_SECONDS = 1800
_LOG_LINE = re.compile(r"^\{.*\}$")


def measure(load: Load, invocations: int) -> dict[str, Any]:
    """Send events of all kinds to one execution environment, and sample its memory and its open files.

    Raises
    ------
    LoadError
        As `growth` and `check` raise it.
    """
    load.say(f"memory and files: {invocations} invocations of one environment")
    with cognito.running("tools.perf.cognito_quotas") as stand_in, load.environments(1, stand_in) as (environment,):
        plan = Plan(
            [target(environment, kinds.order())],
            kinds.bodies(),
            _LONGEST_SECONDS,
            requests=invocations,
            sample_every=invocations // SAMPLES,
            pid=environment.pid(),
        )
        outcomes, samples = send(plan, load.folder)
    check(outcomes, invocations)
    grown = growth(samples)
    peak = max(sample.memory for sample in samples)
    return {**figures(outcomes), **grown, "peak_mb": round(peak / 1e6, 1), "log_line_bytes": _log_line(load)}


def growth(samples: Sequence[Sample]) -> dict[str, Any]:
    """Return the growth of memory (in kB, of medians) and of open files (of maxima) over the run.

    Raises
    ------
    LoadError
        Memory grew by more than MAX_GROWTH, or the number of open files grew.
    """
    fifth = len(samples) // _FIFTHS
    second, last = samples[fifth : 2 * fifth], samples[-fifth:]
    memory = [statistics.median(sample.memory for sample in part) for part in (second, last)]
    files = [max(sample.files for sample in part) for part in (second, last)]
    memory_growth, files_growth = memory[1] - memory[0], files[1] - files[0]
    if memory_growth > MAX_GROWTH or files_growth > 0:
        raise LoadError(
            "the environment grows from the second fifth of the run to the last: memory by "
            f"{memory_growth / 1000:.0f} kB of at most {MAX_GROWTH // 1000}, open files by {files_growth}."
        )
    return {
        "memory_mb": [round(each / 1e6, 2) for each in memory],
        "memory_growth_kb": round(memory_growth / 1000),
        "files": files,
        "files_growth": files_growth,
    }


def check(outcomes: Sequence[Outcome], invocations: int) -> None:
    """Raise LoadError if an event has no outcome, or one of another status than its kind's."""
    if len(outcomes) != invocations:
        raise LoadError(f"{invocations} events had {len(outcomes)} responses.")
    for outcome in outcomes:
        if outcome.status != kinds.MIXED[outcome.kind][0]:
            raise LoadError(f"{outcome.kind}: status {outcome.status} instead of {kinds.MIXED[outcome.kind][0]}.")


def _log_line(load: Load) -> int:
    """Return the mean length of the function's own log lines, in bytes."""
    with load.log(0).open("rb") as log:
        return round(statistics.mean(len(line) for line in log if _LOG_LINE.match(line.decode(errors="replace"))))
