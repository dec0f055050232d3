"""The JavaScript client's own tests, run by Node's test runner."""

import subprocess

from tests.support.local_cloud import NODE, PROJECT

COVERAGE = [f"--test-coverage-{what}=100" for what in ("branches", "functions", "lines")]


def test_the_clients_tests_pass_with_full_coverage() -> None:
    ran = subprocess.run(
        [
            *(NODE, "--test", "--experimental-test-coverage", *COVERAGE),
            *("--test-coverage-include=spa/client/*.js", "--test-coverage-exclude=spa/client/device-*.js"),
            *sorted((PROJECT / "tests/spa").glob("*.test.mjs")),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
