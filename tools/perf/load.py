"""`make load`: package the function, load it in three ways, and write the figures.

python -m tools.perf.load [--seconds N] [--invocations N]
"""

import argparse
import datetime as dt
import sys
from pathlib import Path

from local.sam_cli import require_tools
from tools.perf import flat, load_report, quotas, runtime, throughput, variants
from tools.perf.bench_report import environment
from tools.perf.command import run, say, whole_number, write
from tools.perf.setting import Load

SECONDS = (1, 120)
INVOCATIONS = (10 * flat.SAMPLES, 200_000)
AT_ONCE = (1, 2, 4)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _options(arguments)
    return run(lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    require_tools()
    runtime.emulator()
    load = _package(options.directory, options.built)
    results = {
        "throughput": throughput.measure(load, options.seconds, AT_ONCE),
        "flat": [flat.measure(load, options.invocations)],
        "quotas": quotas.measure(load, options.seconds, quotas.CASES),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "environment": environment(None),
    }
    write(results, options.output / "load.json")
    print(load_report.tables(results))
    say(f"written: {options.output / 'load.json'}")


def _package(directory: Path, built: Path | None) -> Load:
    say("packaging the function")
    directory.mkdir(parents=True, exist_ok=True)
    function = variants.ours(built or variants.build(directory / "package"))
    return Load(function, variants.runtime(directory / "runtime"), directory.resolve(), say)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.perf.load", description="Measure the function under load.")
    parser.add_argument(
        "--seconds",
        type=whole_number(*SECONDS),
        default=15,
        metavar="N",
        help="duration of each throughput and quota (15)",
    )
    parser.add_argument(
        "--invocations",
        type=whole_number(*INVOCATIONS),
        default=50_000,
        metavar="N",
        help="invocations of one environment (50000)",
    )
    parser.add_argument("--built", type=Path, help="folder of a finished sam build to load (default: build)")
    parser.add_argument("--directory", type=Path, default=Path(".load"), help="folder for package and logs (.load)")
    parser.add_argument("--output", type=Path, default=Path("tools/perf"), help="folder for load.json (tools/perf)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
