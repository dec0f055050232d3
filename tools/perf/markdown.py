"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table whose first column is text, and whose others are numbers."""
    lines = [" | ".join(map(str, row)) for row in (titles, *rows)]
    return "\n".join([f"| {lines[0]} |", f"|---{'|---:' * (len(titles) - 1)}|", *(f"| {line} |" for line in lines[1:])])
