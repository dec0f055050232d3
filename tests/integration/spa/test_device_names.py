"""The names of devices: their tests, run by Node's test runner."""

import subprocess

from tests.support.local_cloud import NODE, PROJECT

COVERAGE = [f"--test-coverage-{what}=100" for what in ("branches", "functions", "lines")]


def test_the_tests_of_the_names_pass_with_full_coverage() -> None:
    ran = subprocess.run(
        [
            *(NODE, "--test", "--experimental-test-coverage", *COVERAGE),
            *("--test-coverage-include=spa/client/device-*.js", "tests/spa/device-name.test.mjs"),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
