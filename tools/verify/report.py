"""A pytest plugin that prints one line for each test: whether it holds, what was tried, and what came."""

import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import Any, NamedTuple

import pytest

from tools.verify.stack import Stack

HOLDS, DIFFERS, NOT_TRIED = "holds", "DIFFERS", "not tried"
# The verdicts on what cognito-idp does, for tests with the marker `fact`. None of them fails the run.
SO, OTHERWISE, SEEN, UNKNOWN = "so", "OTHERWISE", "seen", "unknown"
_WIDTH, _VERDICT_WIDTH, _TITLE_WIDTH = 120, 11, 72
_MOST_REPEATED = 12


class _Test(NamedTuple):
    """A test: its module's first line, its name as a sentence, and how sure the fact is that it tests, if any."""

    heading: str
    title: str
    how_sure: str


class Report:
    """The plugin. `stack` is the stack under test, for the fixtures; `write` prints a line.

    `refusal` says why the tests ended the run by `pytest.exit`.
    """

    def __init__(self, stack: Stack, environment: Mapping[str, str], write: Callable[[str], None]) -> None:
        self.stack, self._environment, self._write = stack, environment, write
        self._tests: dict[str, _Test] = {}
        self._heading = ""
        self._verdicts: Counter[str] = Counter()
        self._differing: list[str] = []
        self.refusal = ""

    @property
    def exit_code(self) -> int:
        """0 if everything that was tried holds, 1 if not, 2 if the stack could not be tested."""
        if self.refusal:
            return 2
        return 1 if self._differing or not self._verdicts else 0

    def pytest_sessionstart(self) -> None:
        """Restore the operator's environment, which tests/conftest.py hides from the tests of the function."""
        os.environ.clear()
        os.environ.update(self._environment)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note what each test is called."""
        for item in items:
            marker = item.get_closest_marker("fact")
            module: Any = item.getparent(pytest.Module)
            heading = (module.obj.__doc__ or "").partition("\n")[0].rstrip(".")
            self._tests[item.nodeid] = _Test(heading, _sentence(item.name), marker.args[0] if marker else "")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Print why a module cannot be read."""
        if report.failed:
            self._differing.append(report.nodeid)
            self._write(f"{report.nodeid}: {report.longrepr}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print a line for a test that ended, and for one whose clean-up failed."""
        if report.when == "call" or report.outcome != "passed":
            self._tell(self._tests[report.nodeid], report)

    def _tell(self, test: _Test, report: pytest.TestReport) -> None:
        properties = [(name, str(value)) for name, value in report.user_properties]
        came = _joined([value for name, value in properties if name == "came"])
        expected = next((value for name, value in properties if name == "expected"), None)
        verdict, remark = _verdict(test, report, came, expected)
        if test.heading != self._heading:
            self._heading = test.heading
            self._write(f"\n{test.heading}")
        self._verdicts[verdict] += 1
        title = f"{test.title} ({test.how_sure})" if test.how_sure else test.title
        if verdict == DIFFERS:
            self._differing.append(title)
        self._write(_row(verdict, title, came or remark))
        if remark and came:
            self._write(_indented(remark))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note why the tests ended the run."""
        if isinstance(excinfo.value, pytest.exit.Exception):
            self.refusal = str(excinfo.value.msg)

    def summarize(self) -> None:
        """Print how many tests hold, and name those that do not."""
        count = self._verdicts
        facts = count[SO] + count[OTHERWISE] + count[SEEN] + count[UNKNOWN]
        self._write(f"\n{count[HOLDS]} hold, {count[DIFFERS]} differ, {count[NOT_TRIED]} were not tried.")
        if facts:
            self._write(
                f"Of {facts} facts about Amazon Cognito, {count[SO]} are so and {count[OTHERWISE]} are otherwise here; "
                f"{count[SEEN]} had no expectation and {count[UNKNOWN]} could not be seen."
            )
        for title in self._differing[:_MOST_REPEATED]:
            self._write(f"DIFFERS: {title}")
        if more := self._differing[_MOST_REPEATED:]:
            self._write(f"and {len(more)} more")
        if not count:
            self._write("Nothing was tried: no test has that name.")


def _verdict(test: _Test, report: pytest.TestReport, came: str, expected: str | None) -> tuple[str, str]:
    """Return the verdict, and a remark: why a test was not tried, or how it failed."""
    if report.outcome == "skipped":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        return NOT_TRIED, reason.removeprefix("Skipped: ")
    if report.outcome == "failed":
        return UNKNOWN if test.how_sure else DIFFERS, _failure(report)
    if not test.how_sure:
        return HOLDS, ""
    if not expected:
        return SEEN, ""
    return (SO, "") if came == expected else (OTHERWISE, f"expected: {expected}")


def _failure(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    message = crash.message if crash else str(report.longrepr)
    # The lines after the first show how pytest evaluated the assertion.
    first = re.sub(r"^(\w+\.)+(?=\w+: )", "", message.partition("\n")[0]).removeprefix("AssertionError: ")
    return first if report.when == "call" else f"{report.when}: {first}"


def _sentence(name: str) -> str:
    """Return a test's name as a sentence: `test_a_b[x]` becomes `a b (x)`."""
    plain, bracket, parameters = name.removeprefix("test_").partition("[")
    sentence = plain.replace("_", " ")
    return f"{sentence} ({parameters[:-1]})" if bracket else sentence


def _joined(texts: list[str]) -> str:
    """Join what came, with a count for repetitions in a row."""
    runs: list[list[Any]] = []
    for text in texts:
        if runs and runs[-1][0] == text:
            runs[-1][1] += 1
        else:
            runs.append([text, 1])
    return ", ".join(text if count == 1 else f"{count} x {text}" for text, count in runs)


def _row(verdict: str, title: str, came: str) -> str:
    line = f"  {verdict:<{_VERDICT_WIDTH}}{title:<{_TITLE_WIDTH}}  "
    if len(line) + len(came) <= _WIDTH and len(title) <= _TITLE_WIDTH:
        return (line + came).rstrip()
    return "\n".join([line.rstrip(), _indented(came)])


def _indented(text: str) -> str:
    space = " " * (_VERDICT_WIDTH + 4)
    return "\n".join(space + line for line in wrap(text, _WIDTH - len(space), max_lines=5, placeholder=" …"))
