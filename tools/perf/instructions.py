"""Counts the instructions of an init, where the machine can: unlike a time, a count is not disturbed by other load.

`perf stat` reads the processor's counter, if the machine allows it. valgrind's callgrind simulates a processor, slowly.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.perf.runtime import PYTHON
from tools.perf.variants import Variant

_PERF = ("perf", "stat", "-x,", "-e", "instructions:u")
_CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
# Lambda imports the handler's module into the process of the runtime client.
_INIT = "import importlib, sys, awslambdaric.bootstrap; sys.path.insert(0, '.'); importlib.import_module(sys.argv[1])"


def counter() -> tuple[str, ...] | None:
    """Return the command that counts on this machine, or None if it has none."""
    if shutil.which("perf") and _counted(_PERF, [sys.executable, "-c", ""], {"PATH": os.environ["PATH"]}, Path()):
        return _PERF
    return _CALLGRIND if shutil.which("valgrind") else None


def millions_in_init(command: tuple[str, ...] | None, variant: Variant, variables: Mapping[str, str]) -> float | None:
    """Return the millions of instructions that start Python, the runtime client and the handler's module.

    None if `command` is None, or if it fails.
    """
    if command is None:
        return None
    module = variant.handler.rpartition(".")[0]
    # Python's hashes are random otherwise, and so is the number of collisions.
    count = _counted(command, [PYTHON, "-c", _INIT, module], {**variables, "PYTHONHASHSEED": "0"}, variant.task)
    return None if count is None else round(count / 1e6, 1)


def _counted(command: tuple[str, ...], program: list[str], variables: Mapping[str, str], directory: Path) -> int | None:
    finished = subprocess.run(
        [*command, *program], cwd=directory, env=variables, capture_output=True, text=True, check=False
    )
    found = re.search(r"Collected : (\d+)|^(\d+),", finished.stderr, re.MULTILINE)
    return int(found[1] or found[2]) if found and not finished.returncode else None
