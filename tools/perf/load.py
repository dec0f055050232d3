"""What `make load` runs: packages the function, loads it in three ways, and says what it bore."""

import argparse
import datetime as dt
import shutil
import sys
from pathlib import Path

from local.sam_cli import require_tools
from tools.perf import flat, load_report, quotas, throughput, variants
from tools.perf.bench_report import environment
from tools.perf.command import run, say, whole_number
from tools.perf.runtime import emulator
from tools.perf.setting import Setting

SECONDS = (1, 120)
INVOCATIONS = (10 * flat.SAMPLES, 200_000)
AT_ONCE = (1, 2, 4)


def main(arguments: list[str] | None = None) -> int:
    """Run; return the exit code."""
    asked = _options(arguments)
    return run(lambda: _run(asked))


def _run(asked: argparse.Namespace) -> None:
    require_tools()
    emulator()
    setting = _setting(asked.directory)
    results = {
        "throughput": throughput.measure(setting, asked.seconds, AT_ONCE),
        "flat": [flat.measure(setting, asked.invocations)],
        "quotas": quotas.measure(setting, asked.seconds, quotas.CASES),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "environment": environment(None),
    }
    asked.output.mkdir(parents=True, exist_ok=True)
    load_report.write(results, asked.output / "load.json")
    print(load_report.tables(results))
    say(f"written: {asked.output / 'load.json'}")


def _setting(directory: Path) -> Setting:
    say("packaging the function")
    package = directory / "package"
    shutil.rmtree(package, ignore_errors=True)
    directory.mkdir(parents=True, exist_ok=True)
    return Setting(
        variants.ours(variants.OURS, package), variants.runtime(directory / "runtime"), directory.resolve(), say
    )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.perf.load", description="Load the function, and see what it bears."
    )
    parser.add_argument(
        "--seconds",
        type=whole_number(*SECONDS),
        default=15,
        metavar="N",
        help="of each throughput and quota (default: 15)",
    )
    parser.add_argument(
        "--invocations",
        type=whole_number(*INVOCATIONS),
        default=50_000,
        metavar="N",
        help="of one environment (default: 50000)",
    )
    parser.add_argument("--directory", type=Path, default=Path(".load"), help="for the package, plans and logs")
    parser.add_argument("--output", type=Path, default=Path("tools/perf"), help="for load.json")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
