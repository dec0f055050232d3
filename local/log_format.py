"""Formats log lines so that a request cannot control the terminal that shows them, or invent lines."""

import logging
from types import TracebackType
from typing import override

type _Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_NEXT_LINE = "\n    "


class PrintableFormatter(logging.Formatter):
    """Escapes what is not printable, such as controls and marks of direction, and indents further lines."""

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        return printable(super().formatMessage(record))

    @override
    def formatException(self, ei: _Raised) -> str:
        return f"    {printable(super().formatException(ei))}"


def printable(text: str) -> str:
    r"""Return a text with escapes such as `\x1b` in place of what is not printable, except tabs and line breaks."""
    # Most lines are printable. One call per line is faster than one per character.
    return _NEXT_LINE.join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(
        each if each.isprintable() or each == "\t" else each.encode("unicode_escape").decode("ascii") for each in line
    )
