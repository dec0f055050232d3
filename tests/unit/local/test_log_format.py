"""Log lines: no text of a request can control a terminal or look like a line of its own."""

import logging
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from local.log_format import PrintableFormatter, printable


@pytest.fixture
def log(tmp_path: Path) -> Callable[..., str]:
    """Return a function that logs a message to a file and returns what is in the file."""
    path = tmp_path / "log"

    def write(message: str, *arguments: object, exc_info: BaseException | None = None) -> str:
        handler = logging.FileHandler(path, encoding="utf-8")
        handler.setFormatter(PrintableFormatter("%(levelname)s [%(name)s] %(message)s"))
        logger = logging.Logger("any")  # noqa: LOG001 - the root logger must not get the line
        logger.addHandler(handler)
        logger.error(message, *arguments, exc_info=exc_info)
        handler.close()
        return path.read_text(encoding="utf-8")

    return write


@pytest.mark.parametrize("category", ["Cc", "Cf", "Zl", "Zp", "Cs", "Co"])
def test_controls_and_marks_of_direction_are_escaped(category: str, log: Callable[..., str]) -> None:
    every = "".join(each for each in map(chr, range(0x110000)) if unicodedata.category(each) == category)
    kept = {"\t", "\n"}

    written = log("GET /%s", every)

    assert not [each for each in written if unicodedata.category(each) == category and each not in kept]


def test_escapes_name_the_character(log: Callable[..., str]) -> None:
    written = log("GET /%s", "\x1b[2J\x9b\r\x00\u202e\ud800\U000e0001 déjà vu 👍")

    assert written == "ERROR [any] GET /\\x1b[2J\\x9b\\r\\x00\\u202e\\ud800\\U000e0001 déjà vu 👍\n"


def test_no_text_begins_a_line(log: Callable[..., str]) -> None:
    assert log("GET /%s", "a\nERROR [other] b") == "ERROR [any] GET /a\n    ERROR [other] b\n"


def test_tracebacks_are_escaped_too(log: Callable[..., str]) -> None:
    written = log("failed", exc_info=ValueError("\x1b[2J\nERROR [other] b"))

    assert written == "ERROR [any] failed\n    ValueError: \\x1b[2J\n    ERROR [other] b\n"


def test_a_printable_text_is_unchanged() -> None:
    assert printable("a\tb — ü") == "a\tb — ü"
