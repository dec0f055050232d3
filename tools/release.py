"""Write the version and the notes of a release, for the release workflow.

    python -m tools.release dist

The version is that of pyproject.toml. The notes are its section of CHANGELOG.md.
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def version(project: Path) -> str:
    """Return the version in a project's pyproject.toml."""
    found: str = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return found


def notes(changelog: str, released: str) -> str:
    """Return what a changelog says about a version, without the heading.

    Raises
    ------
    ValueError
        The changelog has no dated section of that version, or an empty one.
    """
    heading = rf"^## \[{re.escape(released)}\] - \d{{4}}-\d\d-\d\d$"
    section = re.search(rf"{heading}\n(.*?)(?=^## |^\[[^\]]+\]: |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if section is None or not section[1].strip():
        raise ValueError(f"CHANGELOG.md has no notes under a heading like `## [{released}] - 2026-01-31`.")
    return section[1].strip() + "\n"


def main(arguments: list[str] | None = None, project: Path = PROJECT) -> int:
    """Write the files `version` and `notes.md`; return 1 if CHANGELOG.md lacks the notes."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description="Write version and notes.md.")
    parser.add_argument("folder", type=Path, help="where to write them")
    folder: Path = parser.parse_args(arguments).folder
    released = version(project)
    try:
        text = notes((project / "CHANGELOG.md").read_text(encoding="utf-8"), released)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    (folder / "version").write_text(f"{released}\n", encoding="utf-8")
    (folder / "notes.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
