"""Runs a variant so that it has a whole processor for its init, and Lambda's share for its calls.

Only the function's own process knows when its init ends, so a wrapper of the handler moves it to the group.
"""

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tools.perf.variants import Variant

_WRAPPER = Path(__file__).resolve().parent / "wrapper"
_REPORT = re.compile(r"BENCH_INIT entering_ms=([\d.]+) cpu_ms=([\d.]+)")


class Report(NamedTuple):
    """What the wrapper reports: how long it took to enter the group, and the CPU time of the init, in milliseconds.

    Linux may take 15 ms to move a process. Lambda moves none, so this time does not count as init.
    """

    entering_ms: float
    cpu_ms: float


def wrapped(variant: Variant, variables: dict[str, str], processes: Path | None) -> tuple[Variant, dict[str, str]]:
    """Return a variant and its environment variables with the wrapper. `processes` is the file of the group."""
    extended = {
        **variables,
        "PYTHONPATH": f"{variables['PYTHONPATH']}{os.pathsep}{_WRAPPER}",
        "BENCH_HANDLER": variant.handler,
        "BENCH_PROCESSES": str(processes or ""),
    }
    return replace(variant, handler="bench_handler.handler"), extended


def report(line: str) -> Report | None:
    """Return the wrapper's report, or None if a line of the log is not one."""
    found = _REPORT.search(line)
    return Report(float(found[1]), float(found[2])) if found else None
