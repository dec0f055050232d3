"""The table of `make verify`, for tests that hold, differ, are skipped, or compare a fact."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.local_cloud import PROJECT

SAMPLE = '''
"""What the sample does.

More.
"""
import pytest

@pytest.fixture
def broken():
    raise RuntimeError("no user")

@pytest.fixture
def untidy():
    yield
    raise RuntimeError("the user stays")

@pytest.mark.parametrize("path", ["/devices"])
def test_a_request_succeeds(path, record_property):
    record_property("came", "200")
    record_property("came", "200")
    record_property("came", "404 not-found")

def test_a_header_is_sent(record_property):
    record_property("came", "200")
    assert False, "GET /devices: header vary is None, not 'Origin'"

def test_without_a_user(broken): ...
def test_that_leaves_something(untidy): ...

def test_tls():
    pytest.skip("the local cloud has no TLS")

@pytest.mark.fact("reported")
@pytest.mark.parametrize(("came", "expected"), [("tokens", "tokens"), ("tokens", "an error"), ("tokens", "")])
def test_a_refresh(came, expected, record_property):
    record_property("came", came)
    record_property("expected", expected)

@pytest.mark.fact("a guess")
def test_the_order():
    raise KeyError("Devices")
'''

ENDING = """
import pytest

@pytest.fixture(autouse=True)
def user():
    pytest.exit("the user cannot sign in")

def test_one(): ...
"""

RUN = """
import pytest, sys
from tools.verify.report import Report
report = Report(None, {}, print)
options = ["-c", sys.argv[1], "--rootdir", ".", "-p", "no:terminal", "-p", "no:cacheprovider", *sys.argv[2:]]
pytest.main(options, plugins=[report])
report.summarize()
if report.refusal:
    print(report.refusal)
sys.exit(report.exit_code)
"""


def run(directory: Path, sample: str, *options: str) -> tuple[int, list[str]]:
    """Run pytest with the report over a sample; return the exit code and the lines."""
    (directory / "test_sample.py").write_text(sample)
    (directory / "pytest.ini").write_text("[pytest]\nmarkers = fact\n")
    command = [sys.executable, "-c", RUN, str(directory / "pytest.ini"), str(directory / "test_sample.py"), *options]
    # The plugins of other packages take most of the time to start.
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=environment, check=False)
    assert ran.stderr == ""
    return ran.returncode, ran.stdout.splitlines()


TABLE = """
What the sample does
holds a request succeeds (/devices) 2 x 200, 404 not-found
DIFFERS a header is sent 200
GET /devices: header vary is None, not 'Origin'
DIFFERS without a user setup: RuntimeError: no user
holds that leaves something
DIFFERS that leaves something
teardown: RuntimeError: the user stays
not tried tls the local cloud has no TLS
so a refresh (tokens-tokens) (reported) tokens
OTHERWISE a refresh (tokens-an error) (reported) tokens
expected: an error
seen a refresh (tokens-) (reported) tokens
unknown the order (a guess) KeyError: 'Devices'

2 hold, 3 differ, 1 were not tried.
Of 4 facts about Amazon Cognito, 1 are so and 1 are otherwise here; 1 had no expectation and 1 could not be seen.
DIFFERS: a header is sent
DIFFERS: without a user
DIFFERS: that leaves something
"""


def test_the_table_has_a_line_for_each_test(tmp_path: Path) -> None:
    code, lines = run(tmp_path, SAMPLE)

    assert code == 1
    assert [" ".join(line.split()) for line in lines] == TABLE.splitlines()


def test_a_long_text_is_wrapped(tmp_path: Path) -> None:
    text = "a header is missing " * 50
    sample = f'"""Long."""\ndef test_{"very_" * 20}long(record_property):\n    record_property("came", {text!r})'

    _, lines = run(tmp_path, sample)

    assert len(lines) > 5
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("options", [["-k", "succeeds or tls"], ["-k", "refresh or order"]])
def test_neither_a_skipped_test_nor_a_fact_fails_the_run(tmp_path: Path, options: list[str]) -> None:
    assert run(tmp_path, SAMPLE, *options)[0] == 0


def test_a_run_without_tests_fails(tmp_path: Path) -> None:
    code, lines = run(tmp_path, SAMPLE, "-k", "nothing")

    assert code == 1
    assert lines[-1] == "Nothing was tried: no test has that name."


def test_a_test_without_a_result_is_not_called_missing(tmp_path: Path) -> None:
    code, lines = run(tmp_path, SAMPLE, "-k", "without_a_user")

    assert code == 1
    assert lines[-1] == "DIFFERS: without a user"


def test_a_fixture_can_end_the_run(tmp_path: Path) -> None:
    code, lines = run(tmp_path, ENDING)

    assert code == 2
    assert "the user cannot sign in" in lines


def test_a_module_that_cannot_be_read_fails_the_run(tmp_path: Path) -> None:
    code, lines = run(tmp_path, "import nowhere")

    assert code == 1
    assert "ModuleNotFoundError: No module named 'nowhere'" in "\n".join(lines)
