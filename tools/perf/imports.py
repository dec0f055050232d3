"""`make bench-imports`: what the layer's changed libraries spare an init, change by change.

    python -m tools.perf.imports [--starts N] [--only TEXT]

A change spares nothing as long as another module makes the same import. So each change is measured twice: as the only
one that is left out, and as the only one that is made.
"""

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from local import sam_cli
from tools.perf import cognito, instructions, variants
from tools.perf.command import run, say, whole_number
from tools.perf.errors import BenchError
from tools.perf.packages import install
from tools.perf.runtime import PYTHON
from tools.perf.variables import variables
from tools.perf.variants import Variant

_LAYER = sam_cli.PROJECT / "layers/dependencies"
_LIST = "import json, patches; print(json.dumps(list(patches.CHANGES)))"
_BUILD = """
import sys, pathlib, build, patches
patches.CHANGES = {module: patches.CHANGES[module] for module in sys.argv[2:]}
build.build(pathlib.Path(sys.argv[1]))
"""
# Prints the CPU time of an init and the modules that it imported.
_INIT = """
import importlib, json, sys, time
import awslambdaric.bootstrap
sys.path.insert(0, ".")
importlib.import_module("devices.app")
print(json.dumps([time.process_time() * 1000, len(sys.modules)]))
"""


@dataclass(frozen=True)
class Init:
    """What an init with some layer takes: millions of instructions, CPU time in milliseconds, imported modules."""

    instructions_m: float
    cpu_ms: float
    modules: int


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.perf.imports", description="Measure what each change of the libraries spares an init."
    )
    parser.add_argument("--starts", type=whole_number(1), default=20, metavar="N", help="timed inits per layer (20)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the modules whose path contains TEXT")
    parser.add_argument("--directory", type=Path, default=Path(".bench/imports"), help="work folder (.bench/imports)")
    options = parser.parse_args(arguments)
    return run(lambda: print(_table(*_measure(options.directory, options.only, options.starts))))


def _measure(directory: Path, only: str, starts: int) -> tuple[list[str], list[Init]]:
    """Return the modules to report, and an Init for each of `_sets`."""
    sam_cli.require_tools()
    counter = instructions.counter()
    if counter is None:
        raise BenchError("this machine cannot count instructions: install valgrind.")
    changes: list[str] = json.loads(_python(["-c", _LIST], _LAYER))
    reported = [change for change in changes if only in change]
    if not reported:
        raise BenchError(f"no changed module's path contains {only!r}: patches.py changes {', '.join(changes)}.")
    shutil.rmtree(directory, ignore_errors=True)
    wheels = install(_LAYER / "requirements.txt", directory / "wheels")
    task, runtime = _task(directory / "task"), variants.runtime(directory / "runtime")
    sets = _sets(changes, reported)

    def built(number: int) -> Variant:
        layer = directory / f"layer-{number}"
        shutil.copytree(wheels, layer)
        _python(["-X", "no_debug_ranges", "-c", _BUILD, str(layer.resolve()), *sets[number]], _LAYER)
        return Variant(variants.OURS, "devices.app.lambda_handler", task, layer)

    with ThreadPoolExecutor(os.cpu_count()) as pool, cognito.running() as stand_in:  # an init connects to it
        say(f"building {len(sets)} layers")
        layers = list(pool.map(built, range(len(sets))))
        environments = [variables(layer, runtime, stand_in) for layer in layers]
        say(f"counting the instructions of their inits with {counter.name}")
        counts = list(pool.map(partial(instructions.millions_in_init, counter), layers, environments))
        say(f"timing {starts} inits of each")
        # In turn, so that other work on the machine slows all of them down alike.
        timed = [[json.loads(_python(["-c", _INIT], task, each)) for each in environments] for _ in range(starts)]
    inits = []
    for number, count in enumerate(counts):
        if count is None:
            raise BenchError(f"{counter.name} could not count the instructions of an init with {layers[number].layer}.")
        cpu_ms, modules = zip(*(each[number] for each in timed), strict=True)
        inits.append(Init(count, statistics.median(cpu_ms), modules[0]))
    return reported, inits


def _sets(changes: Sequence[str], reported: Sequence[str]) -> list[Sequence[str]]:
    """Return the sets of changes to make: all, none, all but each that is reported, and each of those alone."""
    return [
        changes,
        [],
        *([change for change in changes if change != left_out] for left_out in reported),
        *([change] for change in reported),
    ]


def _table(reported: Sequence[str], inits: Sequence[Init]) -> str:
    """Return what the changes spare, in percent of the init with all of them, as a Markdown table."""
    everything, nothing = inits[:2]
    without, alone = inits[2 : 2 + len(reported)], inits[2 + len(reported) :]
    lines = [
        "| Changed module | instructions | CPU time | modules | alone: instructions | CPU time | modules |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {module} | {_spared(left_out, everything, everything)} | {_spared(nothing, only, everything)} |"
            for module, left_out, only in zip(reported, without, alone, strict=True)
        ),
        f"| all | {_spared(nothing, everything, everything)} | | | |",
    ]
    total = (
        f"{everything.instructions_m:.0f} million instructions, {everything.cpu_ms:.0f} ms of CPU time, "
        f"{everything.modules} modules"
    )
    return "\n".join([*lines, "", f"An init with all changes takes {total}."])


def _spared(before: Init, after: Init, whole: Init) -> str:
    instructions_m = (before.instructions_m - after.instructions_m) / whole.instructions_m
    cpu_ms = (before.cpu_ms - after.cpu_ms) / whole.cpu_ms
    return f"{instructions_m:.2%} | {cpu_ms:.1%} | {before.modules - after.modules}"


def _task(folder: Path) -> Path:
    shutil.copytree(sam_cli.PROJECT / "functions", folder, ignore=shutil.ignore_patterns("__pycache__", "Makefile"))
    compileall.compile_dir(folder, quiet=1)
    return folder


def _python(arguments: Sequence[str], directory: Path, environment: Mapping[str, str] | None = None) -> str:
    finished = subprocess.run(
        [PYTHON, *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise BenchError(f"a layer could not be built or imported: {finished.stderr.strip()}")
    return finished.stdout


if __name__ == "__main__":
    sys.exit(main())
