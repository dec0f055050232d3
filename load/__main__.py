"""What `make load` runs: packages the function, loads it in three ways, and says what it bore."""

import argparse
import datetime as dt
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bench import variants
from bench.lambda_runtime import BenchError, emulator
from bench.report import environment
from load import flat, quotas, report, throughput
from load.setting import Setting
from local.sam_cli import SamCliError, require_tools

SECONDS = (1, 120)
INVOCATIONS = (10 * flat.SAMPLES, 200_000)
AT_ONCE = (1, 2, 4)


def main(arguments: list[str] | None = None) -> int:
    """Run; return the exit code."""
    asked = _options(arguments)
    try:
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
    except KeyboardInterrupt:
        _say("stopped; nothing was written")
        return 130
    except (BenchError, SamCliError, OSError) as error:
        _say(f"error: {error}")
        return 1
    asked.output.mkdir(parents=True, exist_ok=True)
    report.write(results, asked.output / "results.json")
    print(report.tables(results))
    _say(f"written: {asked.output / 'results.json'}")
    return 0


def _setting(directory: Path) -> Setting:
    _say("packaging the function")
    package = directory / "package"
    shutil.rmtree(package, ignore_errors=True)
    directory.mkdir(parents=True, exist_ok=True)
    return Setting(
        variants.ours(variants.OURS, package), variants.runtime(directory / "runtime"), directory.resolve(), _say
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # standard output is for the tables


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return number


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m load", description="Load the function, and see what it bears.")
    parser.add_argument(
        "--seconds", type=_between(*SECONDS), default=15, metavar="N", help="of each throughput and quota (default: 15)"
    )
    parser.add_argument(
        "--invocations",
        type=_between(*INVOCATIONS),
        default=50_000,
        metavar="N",
        help="of one environment (default: 50000)",
    )
    parser.add_argument("--directory", type=Path, default=Path(".load"), help="for the package, plans and logs")
    parser.add_argument("--output", type=Path, default=Path("load"), help="for results.json")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what runs in groups of its own is ended too
    sys.exit(main())
