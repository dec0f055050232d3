"""The command-line options that several commands of the local cloud share."""

import argparse
from pathlib import Path


def add_directory(parser: argparse.ArgumentParser) -> None:
    """Add `--directory`, the folder in which a local cloud keeps its files."""
    parser.add_argument(
        "--directory",
        type=Path,
        default=Path(".local"),
        help="folder for session.json, the logs and the build (default: .local)",
    )


def port(text: str) -> int:
    """Return the TCP port that a developer chose, 1 to 65535."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 - the range of ports
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: choose one from 1 to 65535, such as 4567")
    return int(text)
