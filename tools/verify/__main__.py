"""Tests a deployed stack from outside, and prints what holds.

python -m tools.verify                  the stack of the local cloud that runs
python -m tools.verify --stage prod     the stack that `make deploy STAGE=prod` deployed to AWS
"""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from local import options, session
from local.proxies import loopback_exceptions
from tools.stages import PROJECT, StackError
from tools.verify import ready
from tools.verify.discovery import of_session, of_stage
from tools.verify.report import Report
from tools.verify.stack import Stack

_TESTS = "tests/e2e/stack"
# How pytest ends when it was not interrupted and did not break itself.
_COMPLETE = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
# The report replaces pytest's own, so the options of the latter in pyproject.toml must go.
_WITHOUT = ["terminal", "xdist", "cacheprovider", "warnings"]
_OPTIONS = ["-o", "addopts=--import-mode=importlib", *(part for each in _WITHOUT for part in ("-p", f"no:{each}"))]


def main(arguments: list[str] | None = None) -> int:
    """Run the tests; return 0 if all that was tried holds, 1 if not, 2 if the stack cannot be tested."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify", description="Test a deployed stack from outside.")
    parser.add_argument("--stage", default="", help="environment of samconfig.toml; without it, the local cloud")
    parser.add_argument("--only", default="", help="run only tests whose name contains this, in pytest's -k syntax")
    options.add_directory(parser)
    asked = parser.parse_args(arguments)
    os.environ.update(loopback_exceptions())  # what the tests start, such as Node, must reach the local cloud
    try:
        stack = _stack(asked.stage, asked.directory)
        _print(_introduction(stack))
        ready.check_token(stack)
        ready.await_api(stack, _print)
    except StackError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)  # so that the clean-up runs
    report = Report(stack, dict(os.environ), _print)
    os.chdir(PROJECT)
    ended = pytest.main([*_OPTIONS, *(["-k", asked.only] if asked.only else []), _TESTS], plugins=[report])
    if report.refusal:
        print(f"error: {report.refusal}", file=sys.stderr)
        return report.exit_code
    report.summarize()
    if ended not in _COMPLETE:
        print("The run ended early.")
        return 1
    return report.exit_code


def _stack(stage: str, directory: Path) -> Stack:
    if stage:
        return of_stage(stage)
    running = session.read(directory)
    if running is None:
        raise StackError("No local cloud runs here: start it with `make run`, or choose a stack with STAGE=default.")
    return of_session(running)


def _introduction(stack: Stack) -> str:
    where = "the local cloud" if stack.endpoint else stack.region
    made = "which the stack made" if stack.made_pool else "which existed before the stack"
    return f"{stack.name} in {where}: {stack.api_url}\nuser pool {stack.user_pool_id}, {made}"


def _print(line: str) -> None:
    print(line, flush=True)  # at once, although standard output may be a file


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
