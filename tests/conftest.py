"""The environment of all tests, and the hooks of pytest.

The environment is set before `devices` is imported, so that a developer's own settings do not matter.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.support")

from tests.support import botocore_files, proxies, trust_stores  # noqa: E402 - their asserts are to be rewritten
from tests.support.scheduling import ByResource  # noqa: E402

_UNSET = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_PROFILE", "AWS_MAX_ATTEMPTS",
          "AWS_RETRY_MODE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE", "LAMBDA_TASK_ROOT",
          "LAST_IP_VISIBILITY", "_X_AMZN_TRACE_ID",
          "MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # fmt: skip

if "PYTEST_XDIST_WORKER" in os.environ:  # `make test` measures this process, and not all that it starts
    os.environ.pop("COVERAGE_PROCESS_START", None)
for _name in [*_UNSET, *(name for name in os.environ if name.startswith("POWERTOOLS_"))]:
    os.environ.pop(_name, None)
proxies.hide()
os.environ.update(
    {
        "ALLOWED_ORIGINS": "https://app.example.com,https://admin.example.com",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "POWERTOOLS_METRICS_NAMESPACE": "CognitoDeviceApi",
        "POWERTOOLS_SERVICE_NAME": "devices",
    }
)

botocore_files.share()
trust_stores.share()

# A shell without job control lets background processes ignore SIGINT. Their children would ignore it too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# `make test` always uses the same examples; `make fuzz` uses more, and others each time.
settings.register_profile("quick", max_examples=150, deadline=None, database=None, derandomize=True)
settings.register_profile("full", max_examples=7000, deadline=None, database=None)
settings.load_profile("quick")

_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return a function that adds a line to the summary of the run."""
    return request.config.stash.setdefault(_FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_FIGURES, []):
        terminalreporter.write_line(line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = session.config.stash.get(_FIGURES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    figures = getattr(node, "workeroutput", {}).get("figures", [])  # a process that crashed has no output
    node.config.stash.setdefault(_FIGURES, []).extend(figures)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByResource:
    return ByResource(config, log)
