"""Part two: whether one environment holds on to memory or files, however long it lives and whatever fails."""

import re
import statistics
from collections.abc import Sequence
from typing import Any

from tools.perf import cognito, kinds
from tools.perf.drive import Answer, LoadError, Plan, Sample, figures, send, target
from tools.perf.setting import Setting

# The last fifth of the run is compared with the second: before, caches and the allocator still fill.
_FIFTHS = 5
SAMPLES = 100
MAX_GROWTH = 1_000_000  # bytes; in 50,000 events, 33 bytes an event
_LONGEST_SECONDS = 1800
_LOG_LINE = re.compile(r"^\{.*\}$")


def measure(setting: Setting, invocations: int) -> dict[str, Any]:
    """Send one environment events of all kinds, and look at its memory and its open files again and again.

    Raises
    ------
    LoadError
        It grew, or an answer had not the status of its kind.
    """
    setting.say(f"memory and files: {invocations} invocations of one environment")
    with cognito.running("tools.perf.cognito_quotas") as stand_in, setting.environments(1, stand_in) as (environment,):
        plan = Plan(
            [target(environment, kinds.order())],
            kinds.bodies(),
            _LONGEST_SECONDS,
            requests=invocations,
            sample_every=invocations // SAMPLES,
            pid=environment.runtime(),
        )
        answers, samples = send(plan, setting.folder)
    _right(answers, invocations)
    grown = growth(samples)
    if grown["memory_growth_kb"] * 1000 > MAX_GROWTH or grown["files_growth"] > 0:
        raise LoadError(
            "the environment grows from the second fifth of the run to the last: memory by "
            f"{grown['memory_growth_kb']} kB of at most {MAX_GROWTH // 1000}, open files by {grown['files_growth']}."
        )
    peak = max(sample.memory for sample in samples)
    return {**figures(answers), **grown, "peak_mb": round(peak / 1e6, 1), "log_line_bytes": _log_line(setting)}


def growth(samples: Sequence[Sample]) -> dict[str, Any]:
    """Return by how much memory (in kB, of medians) and open files (of the most) grew."""
    fifth = len(samples) // _FIFTHS
    second, last = samples[fifth : 2 * fifth], samples[-fifth:]
    memory = [statistics.median(sample.memory for sample in part) for part in (second, last)]
    files = [max(sample.files for sample in part) for part in (second, last)]
    return {
        "memory_mb": [round(each / 1e6, 2) for each in memory],
        "memory_growth_kb": round((memory[1] - memory[0]) / 1000),
        "files": files,
        "files_growth": files[1] - files[0],
    }


def _right(answers: Sequence[Answer], invocations: int) -> None:
    if len(answers) != invocations:
        raise LoadError(f"there are {len(answers)} answers to {invocations} events.")
    for answer in answers:
        if answer.status != kinds.MIXED[answer.kind][0]:
            raise LoadError(f"{answer.kind}: answered {answer.status} instead of {kinds.MIXED[answer.kind][0]}.")


def _log_line(setting: Setting) -> int:
    """Return the average length of the function's own log lines, in bytes."""
    with setting.log(0).open("rb") as log:
        return round(statistics.mean(len(line) for line in log if _LOG_LINE.match(line.decode(errors="replace"))))
