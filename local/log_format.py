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
    lines = ("".join(each if each.isprintable() or each == "\t" else _escape(each) for each in line)
             for line in text.split("\n"))  # fmt: skip
    return _NEXT_LINE.join(lines)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
