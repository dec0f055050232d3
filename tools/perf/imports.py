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
from functools import partial
from pathlib import Path

from local import sam_cli
from tools.perf import cognito, instructions, variants
from tools.perf.command import run, say, whole_number
from tools.perf.errors import BenchError
from tools.perf.imports_report import Init, table
from tools.perf.instructions import Counter
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
_TIMED_INIT = (
    f"{instructions.INIT}; import json, time; print(json.dumps([time.process_time() * 1000, len(sys.modules)]))"
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.perf.imports", description="Measure what each change of the libraries spares an init."
    )
    parser.add_argument("--starts", type=whole_number(1), default=20, metavar="N", help="timed inits per layer (20)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the modules whose path contains TEXT")
    parser.add_argument("--directory", type=Path, default=Path(".bench/imports"), help="work folder (.bench/imports)")
    options = parser.parse_args(arguments)
    return run(lambda: print(table(*_measure(options.directory, options.only, options.starts))))


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
    built = _build(directory, _sets(changes, reported))
    return reported, _inits(counter, built, variants.runtime(directory / "runtime"), starts)


def _build(directory: Path, sets: Sequence[Sequence[str]]) -> list[Variant]:
    """Return the function with a layer for each set of changes."""
    say(f"building {len(sets)} layers")
    wheels, task = install(_LAYER / "requirements.txt", directory / "wheels"), _task(directory / "task")

    def built(number: int) -> Variant:
        layer = directory / f"layer-{number}"
        shutil.copytree(wheels, layer)
        _python(["-X", "no_debug_ranges", "-c", _BUILD, str(layer.resolve()), *sets[number]], _LAYER)
        return Variant(variants.OURS, variants.HANDLER, task, layer)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(built, range(len(sets))))


def _inits(counter: Counter, built: Sequence[Variant], runtime: Path, starts: int) -> list[Init]:
    """Return what an init of each variant takes; the times are medians of `starts` inits."""
    with cognito.running() as stand_in:  # an init connects to it
        environments = [variables(each, runtime, stand_in) for each in built]
        say(f"counting the instructions of their inits with {counter.name}")
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            counts = list(pool.map(partial(_count, counter), built, environments))
        say(f"timing {starts} inits of each")
        # In turn, so that other work on the machine slows all of them down alike.
        timed = [[_init(*each) for each in zip(built, environments, strict=True)] for _ in range(starts)]
    inits = []
    for count, results in zip(counts, zip(*timed, strict=True), strict=True):
        cpu_ms, modules = zip(*results, strict=True)
        inits.append(Init(count, statistics.median(cpu_ms), modules[0]))
    return inits


def _count(counter: Counter, variant: Variant, environment: Mapping[str, str]) -> float:
    count = instructions.millions_in_init(counter, variant, environment)
    if count is None:
        raise BenchError(f"{counter.name} could not count the instructions of an init with {variant.layer}.")
    return count


def _init(variant: Variant, environment: Mapping[str, str]) -> tuple[float, int]:
    cpu_ms, modules = json.loads(_python(["-c", _TIMED_INIT, "devices.app"], variant.task, environment))
    return cpu_ms, modules


def _sets(changes: Sequence[str], reported: Sequence[str]) -> list[Sequence[str]]:
    """Return the sets of changes to make: all, none, all but each that is reported, and each of those alone."""
    return [
        changes,
        [],
        *([change for change in changes if change != left_out] for left_out in reported),
        *([change] for change in reported),
    ]


def _task(folder: Path) -> Path:
    variants.copy_source(folder)
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
