"""The report of `make load`: a table per part."""

from collections.abc import Mapping, Sequence
from typing import Any

_ANSWERS = (("requests", "requests"), ("requests_a_second", "requests/s"))
_TIMES = (("p50_ms", "p50 ms"), ("p99_ms", "p99 ms"), ("max_ms", "max ms"))
# Part -> the key and the title of each column.
_COLUMNS: Mapping[str, Sequence[tuple[str, str]]] = {
    "throughput": (("target", "throughput"), ("at_once", "at once"), *_ANSWERS, *_TIMES, ("errors", "errors")),
    "flat": (
        ("memory_mb", "one environment: memory MB, second and last fifth"),
        ("files", "open files"),
        ("peak_mb", "peak MB"),
        *_ANSWERS,
        *_TIMES,
        ("statuses", "statuses"),
    ),
    "quotas": (
        ("case", "quotas"),
        ("asked_a_second", "asked/s"),
        *_ANSWERS,
        ("admitted_a_second", "200/s"),
        ("share_of_429", "share of 429"),
        ("attempts_a_request", "attempts/request"),
        *_TIMES,
    ),
}


def tables(results: Mapping[str, Any]) -> str:
    """Return the tables of all parts as text."""
    return "\n\n".join(_table(results[part], columns) for part, columns in _COLUMNS.items())


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, str]]) -> str:
    cells = [[title for _, title in columns], *([_cell(row[key]) for key, _ in columns] for row in rows)]
    widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
