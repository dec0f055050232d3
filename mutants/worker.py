"""A process that runs the tests on mutants, in a copy of the project that is its own."""

import contextlib
import importlib
import importlib.util
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import boto3.session
import pytest

from mutants.mutations import Mutant

# What the tests need of the project.
_COPIED = ("docs", "events", "functions", "layers", "local", "openapi", "tests",
           "Makefile", "pyproject.toml", "samconfig.toml", "template.yaml")  # fmt: skip
# Imported once and not for each mutant; none of it is the project's own code.
_LIBRARIES = ("aws_lambda_powertools.event_handler", "aws_lambda_powertools.metrics", "aws_xray_sdk.core",
              "botocore.retries.standard", "openapi_spec_validator", "pycognito", "pytest_socket",
              "unittest.mock", "yaml")  # fmt: skip
_ERRORS = "tests/integration/devices/test_errors.py"
_RECORDS = "tests/integration/devices/test_records.py"
_LONG = ("tests/integration/devices/test_faults.py", "tests/integration/devices/test_fuzz.py")
# Run in turn until a test fails: the quickest first. Those of records with the layer test how that is built.
_STAGES = (
    ("tests/unit/devices/test_{name}.py", "tests/integration/devices/test_{name}.py"),
    ("tests/unit/devices", "tests/unit/openapi", "tests/unit/test_template.py"),
    ("tests/integration/devices", *(f"--ignore={each}" for each in (_ERRORS, _RECORDS, *_LONG))),
    (_ERRORS,),
    _LONG,
    (_RECORDS, "-k", "not layer"),
)
_FIRST_WITH_SOCKETS = 2  # these tests can also fail because the machine is busy
_NOT_IMPORTED = 100  # no exit code of pytest
_LEAST_TIMEOUT_SECONDS = 60
_TIMEOUT_FACTOR = 6
_running: list[int] = []


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    INVALID = "cannot be imported"


class BaselineError(Exception):
    """The tests fail on the code as it is; the text is what they say."""


@dataclass
class _Outcomes:
    """A plugin of pytest that keeps the first test that failed."""

    path: Path
    failed: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed.append(report.nodeid)
            self.path.write_text(report.nodeid, encoding="utf-8")


def start(project: Path, directory: Path) -> None:
    """Make this process a worker: copy the project into a new folder below `directory`, and work there."""
    copy = Path(tempfile.mkdtemp(dir=directory))
    for name in _COPIED:
        if (project / name).is_dir():
            shutil.copytree(project / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        elif (project / name).exists():
            shutil.copy2(project / name, copy / name)
    os.chdir(copy)
    # Nothing is compiled twice, and no plugin loaded that these tests do not use.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    others = [each for each in sys.path if Path(each).resolve() not in {project, project / "functions"}]
    sys.path[:] = [str(copy / "functions"), str(copy), str(copy / "layers/dependencies"), *others]
    importlib.import_module("tests.conftest")  # the environment of every test
    for name in _LIBRARIES:
        importlib.import_module(name)
    boto3.session.Session().client("cognito-idp")  # what this reads, no test reads again (tests/conftest.py)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the workers
    signal.signal(signal.SIGTERM, _end)


def baseline() -> list[float]:
    """Run all tests on the code as it is; return the seconds that each stage may take with a mutant.

    Raises
    ------
    BaselineError
        If a test fails.
    """
    timeouts = []
    for stage in _STAGES[1:]:
        started = time.monotonic()
        if _run(stage, None) != 0:
            raise BaselineError(Path("output.txt").read_text(encoding="utf-8", errors="replace"))
        timeouts.append(max(_LEAST_TIMEOUT_SECONDS, _TIMEOUT_FACTOR * (time.monotonic() - started)))
    return [timeouts[0], *timeouts]


def judge(mutant: Mutant, timeouts: list[float]) -> tuple[Mutant, Verdict]:
    """Run the tests on a mutant until one fails."""
    path = Path("functions") / mutant.module
    original = path.read_text(encoding="utf-8")
    try:
        _write(path, mutant.source)
        return mutant, _verdict(mutant, timeouts)
    finally:
        _write(path, original)


def _verdict(mutant: Mutant, timeouts: list[float]) -> Verdict:
    for number, (stage, timeout) in enumerate(zip(_STAGES, timeouts, strict=True)):
        selection = tuple(each.format(name=Path(mutant.module).stem) for each in stage)
        if number == 0:
            selection = tuple(each for each in selection if Path(each).exists())
        if not selection:
            continue
        code = _run(selection, timeout)
        if code == _NOT_IMPORTED:
            return Verdict.INVALID
        if code is None or (code != 0 and number >= _FIRST_WITH_SOCKETS):
            # Once more, to be sure that it was not the machine: the test that failed, or all if none ended.
            failed = Path("failed.txt").read_text(encoding="utf-8") if Path("failed.txt").exists() else None
            code = _run((failed,) if code is not None and failed else selection, timeout)
        if code != 0:
            return Verdict.TIMED_OUT if code is None else Verdict.KILLED
    return Verdict.SURVIVED


def _write(path: Path, source: str) -> None:
    path.write_text(source, encoding="utf-8")
    # Two changes within a second and of a length would look the same to Python.
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _run(selection: tuple[str, ...], timeout: float | None) -> int | None:
    """Run tests in a process of their own; return pytest's exit code, _NOT_IMPORTED, or None if it took too long."""
    Path("failed.txt").unlink(missing_ok=True)
    pid = os.fork()
    if not pid:
        code = 1
        try:
            code = _in_child(selection)
        finally:  # whatever a change raises, nothing but this process may go on as the worker
            sys.stdout.flush()
            os._exit(code)
    os.setpgid(pid, pid)
    _running.append(pid)
    descriptor = os.pidfd_open(pid)
    ended, _, _ = select.select([descriptor], [], [], timeout)
    os.close(descriptor)
    _kill(pid)
    _running.remove(pid)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if ended else None


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # nothing that the tests started outlives them
        os.killpg(pid, signal.SIGKILL)


def _end(*_: object) -> None:
    for pid in _running:
        _kill(pid)
    os._exit(128 + signal.SIGTERM)


def _in_child(selection: tuple[str, ...]) -> int:
    output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    try:
        importlib.import_module("devices.app")
    except Exception:  # noqa: BLE001 - whatever a change can bring about
        return _NOT_IMPORTED
    options = ("-x", "-q", "-p", "no:cacheprovider", "--basetemp=.basetemp", "--no-header", "--tb=short")
    return int(pytest.main([*options, *selection], plugins=[_Outcomes(Path("failed.txt").absolute())]))
