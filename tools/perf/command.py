"""What the commands that measure share: progress, results, exit codes, and options that are numbers."""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local.sam_cli import SamCliError
from tools.perf.errors import BenchError


def say(line: str) -> None:
    """Print a line of progress to standard error; standard output is for the results."""
    print(line, file=sys.stderr, flush=True)


def write(results: Mapping[str, Any], path: Path) -> None:
    """Write results as JSON, in a folder that is created if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def run(work: Callable[[], None]) -> int:
    """Run `work`, which writes its results last; return the exit code of the command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # SIGTERM ends the child processes too, like Ctrl-C
    try:
        work()
    except KeyboardInterrupt:
        say("stopped; nothing was written")
        return 130
    except (BenchError, SamCliError, OSError) as error:
        say(f"error: {error}")
        return 1
    return 0


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return a type for argparse: a whole number from `least` to `most`."""
    bounds = f"{least} or more" if most is None else f"{least} to {most}"

    def number(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= (most or int(text)):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number: give {bounds}")
        return int(text)

    return number
