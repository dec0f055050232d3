"""The JavaScript tests of the client and of the page's arithmetic, run by Node's test runner."""

import pytest

from tests.support.local_cloud import NODE, PROJECT
from tests.support.processes import output_of

COVERAGE = [
    "--experimental-test-coverage",
    *(f"--test-coverage-{what}=100" for what in ("branches", "functions", "lines")),
    "--test-coverage-include=spa/client/*.js",
]
OLD_BROWSER = ["--import", "./tests/spa/baseline-2022.js"]


@pytest.mark.parametrize("options", [COVERAGE, OLD_BROWSER], ids=["with full coverage", "in an old browser"])
def test_the_javascript_tests_pass(options: list[str]) -> None:
    files = sorted(str(path) for path in (PROJECT / "tests/spa").glob("*.test.mjs"))

    printed = output_of([NODE, *options, "--test", *files], cwd=PROJECT, timeout=60)

    assert "fail 0" in printed
