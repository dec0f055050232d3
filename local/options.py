"""Options that more than one command of the local cloud has."""

import argparse
from pathlib import Path


def add_directory(parser: argparse.ArgumentParser) -> None:
    """Add `--directory`, where a local cloud keeps all that it makes."""
    parser.add_argument("--directory", type=Path, default=Path(".local"), help="for session.json, logs and the build")


def port(text: str) -> int:
    """Return a TCP port that a developer named, 1 to 65535."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 - the range of ports
        raise argparse.ArgumentTypeError(f"{text!r} is no port number: give 1 to 65535, such as 4567")
    return int(text)
