"""Counts the instructions of an init and of a warm call, where the machine can.

Other load changes times, but not counts. `perf stat` reads the processor's counter, if the machine allows it.
valgrind's callgrind simulates a processor, slowly.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.perf.environment import Environment
from tools.perf.event import EVENT
from tools.perf.runtime import PYTHON
from tools.perf.setting import WARM_UP, Bench, expected_of
from tools.perf.variants import Variant

# Lambda imports the handler's module into the process of the runtime client.
INIT = "import importlib, sys, awslambdaric.bootstrap; sys.path.insert(0, '.'); importlib.import_module(sys.argv[1])"
_SECONDS = 300  # a simulated processor takes up to 50 times as long
_REPORT = re.compile(r"Collected : (\d+)|^(\d+),", re.MULTILINE)


@dataclass(frozen=True)
class Counter:
    """A command that runs a program and counts its instructions.

    Attributes
    ----------
    late : tuple of str
        Further options with which it counts nothing until `begin` runs.
    begin : tuple of str
        A command that starts the counting; its last argument is the process ID. If empty, the counter counts from the
        start.
    calls : int
        How many warm calls to count.
    """

    command: tuple[str, ...]
    calls: int
    late: tuple[str, ...] = ()
    begin: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the program."""
        return self.command[0]


PERF = Counter(("perf", "stat", "-x,", "-e", "instructions:u"), calls=1000)
CALLGRIND = Counter(
    ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"),
    calls=50,
    late=("--instr-atstart=no",),
    begin=("callgrind_control", "--instr=on"),
)


def counter() -> Counter | None:
    """Return what counts on this machine, or None if nothing does."""
    if shutil.which("perf") and _of_program(PERF, [sys.executable, "-c", ""], {"PATH": os.environ["PATH"]}, Path()):
        return PERF
    return CALLGRIND if shutil.which("valgrind") else None


def count(counter: Counter | None, bench: Bench, variant: Variant) -> dict[str, float | None]:
    """Return the figures of a variant, in millions of instructions; None if `counter` is None or fails."""
    if counter is None:
        return {"init_instructions_m": None, "warm_instructions_m": None}
    # Python's hashes are random otherwise, and so is the number of collisions.
    variables = {**bench.variables(variant), "PYTHONHASHSEED": "0"}
    return {
        "init_instructions_m": millions_in_init(counter, variant, variables),
        "warm_instructions_m": millions_in_call(counter, bench, variant, variables),
    }


def millions_in_init(counter: Counter, variant: Variant, variables: Mapping[str, str]) -> float | None:
    """Return the millions of instructions that start Python, the runtime client and the handler's module."""
    module = variant.handler.rpartition(".")[0]
    total = _of_program(counter, [PYTHON, "-c", INIT, module], variables, variant.task)
    return None if total is None else round(total / 1e6, 1)


def millions_in_call(counter: Counter, bench: Bench, variant: Variant, variables: dict[str, str]) -> float | None:
    """Return the millions of instructions of a warm call, in the function's process.

    A counter that counts from the start counts twice, with and without the calls.
    """
    with_calls = _of_calls(counter, bench, variant, variables, counter.calls)
    without = 0 if counter.begin else _of_calls(counter, bench, variant, variables, 0)
    return None if with_calls is None or without is None else round((with_calls - without) / counter.calls / 1e6, 3)


def _of_program(counter: Counter, program: list[str], variables: Mapping[str, str], directory: Path) -> int | None:
    finished = subprocess.run(
        [*counter.command, *program], cwd=directory, env=variables, capture_output=True, text=True, check=False
    )
    return None if finished.returncode else _counted(finished.stderr)


def _of_calls(counter: Counter, bench: Bench, variant: Variant, variables: dict[str, str], calls: int) -> int | None:
    log, prefix = bench.log(variant), (*counter.command, *counter.late)
    with Environment(variant, variables, log, prefix, _SECONDS) as started:
        for _ in range(WARM_UP):
            started.post(EVENT)  # unchecked: the first one may be slower than the function's own deadlines allow
        if counter.begin:
            command = [*counter.begin, str(started.pid())]
            if subprocess.run(command, env=variables, capture_output=True, check=False).returncode:
                return None
        for _ in range(calls):
            started.invoke(EVENT, expected_of(variant))
        os.kill(started.pid(), signal.SIGTERM)
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            if total := _counted(log.read_text()):
                return total
            time.sleep(0.05)
    return None


def _counted(text: str) -> int | None:
    found = _REPORT.search(text)
    return int(found[1] or found[2]) if found else None
