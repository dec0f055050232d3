"""Writes docs/openapi.json, or checks that it is up to date.

python -m tools.openapi [--check]
"""

import argparse
import sys
from pathlib import Path

from tools.openapi.document import document

DOCUMENT = Path(__file__).parents[2] / "docs/openapi.json"


def main(arguments: list[str] | None = None) -> int:
    """Write or check the document; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.openapi", description="Generate docs/openapi.json from the code."
    )
    parser.add_argument("--check", action="store_true", help="fail if the file is out of date, and write nothing")
    if not parser.parse_args(arguments).check:
        DOCUMENT.write_text(document())
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != document():
        print("docs/openapi.json is out of date: run make openapi.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
