"""The deployed API compared with docs/openapi.json, from which schemathesis generates requests.

`make fuzz` generates more of them.
"""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from local.cognito.upstream import claims_of
from local.deployment import client
from tests.support import canaries, users
from tests.support.local_cloud import PROJECT
from tests.support.xray_daemon import XRayDaemon

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
# API Gateway returns 404 for a method that a resource lacks: docs/decisions.md.
NOT_CHECKED = "unsupported_method"
EXAMPLES = {"quick": 50, "full": 800}[settings.get_current_profile_name()]  # for each operation
_SPAN_MS, _MOST_LINES = 10_000, 10_000
NAMES = [f"canary-{letter}" for letter in "abcde"]


@dataclass(frozen=True)
class Run:
    """The exit code and output of schemathesis, the API's responses, and the function's logs and traces of the run.

    The responses have the format of HAR: http://www.softwareishard.com/blog/har-12-spec/#response
    """

    owner: users.User
    status: int
    said: str
    responses: list[dict[str, Any]]
    logged: list[str]
    traced: list[str]


@pytest.fixture(scope="module")
def run(session: dict[str, Any], daemon: XRayDaemon, tmp_path_factory: pytest.TempPathFactory) -> Run:
    # A user with devices to read, change and forget, whose browser sends identifying headers
    owner = users.create(session, *NAMES, address=canaries.IP)
    sent = [f"Authorization: Bearer {owner.token}", *(f"{name}: {each}" for name, each in canaries.FORWARDED.items())]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run"]
    options = ["--url", session["api_url"], *(part for each in sent for part in ("--header", each))]
    limits = ["--checks", "all", "--exclude-checks", NOT_CHECKED, "--max-examples", str(EXAMPLES), "--no-color"]
    # Schemathesis repeats throttled requests after the time in Retry-After.
    report = ["--rate-limit", "auto", "--report", "har", "--report-har-path", "report.har"]
    directory = tmp_path_factory.mktemp("schemathesis")
    daemon.received()
    started = time.time()

    finished = subprocess.run(
        [*command, str(PROJECT / "docs/openapi.json"), *options, *limits, *report, "--generation-database", "none"],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )

    responses = [each["response"] for each in json.loads((directory / "report.har").read_text())["log"]["entries"]]
    said = finished.stdout + finished.stderr
    logged = list(_logged(session, started))
    return Run(owner, finished.returncode, said, responses, logged, daemon.received())


def _logged(session: dict[str, Any], since: float) -> Iterator[str]:
    """Yield each line that the function logged; `since` is in epoch seconds."""
    logs = client("logs", session["cognito_endpoint"])
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    # MiniStack returns at most 10,000 lines and no second page
    for start in range(int(since * 1000), int(time.time() * 1000) + 1, _SPAN_MS):
        found = logs.filter_log_events(
            logGroupName=group["logGroupName"], startTime=start, endTime=start + _SPAN_MS - 1
        )["events"]
        assert len(found) < _MOST_LINES
        yield from (each["message"] for each in found)


def test_the_api_conforms_to_its_openapi_document(run: Run, figure: Callable[[str], None]) -> None:
    # All four operations were tested, and all conform
    assert run.status == 0, run.said
    assert "Tested: 4\n" in run.said
    (generated,) = re.findall(r"(\d+) generated", run.said)
    statuses = Counter(each["status"] for each in run.responses)
    figure(f"fuzz: {generated} cases of the deployed API, responses {dict(sorted(statuses.items()))}")
    assert int(generated) > 4 * EXAMPLES
    assert statuses.keys() >= {200, 204, 400, 401, 404}


def test_no_secret_is_in_logs_traces_or_responses(run: Run, figure: Callable[[str], None]) -> None:
    # Given the user's identifiers, and the parts of the token except for its header, which all tokens share
    claims = claims_of(run.owner.token)
    secrets = [*canaries.PLAIN, run.owner.email, claims["sub"], claims["username"], *run.owner.token.split(".")[1:]]

    # When all texts are searched, except for the device names and networks that the page may show
    shown = Counter(each["status"] for each in run.responses if "canary-" in each["content"].get("text", ""))
    responses = [json.dumps(_without_shown(each)) for each in run.responses]
    written = "\n".join([*run.logged, *run.traced, *responses]).lower()

    # Then none of them is found
    figure(f"fuzz: searched {len(run.logged)} log lines, {len(run.traced)} traces and {len(responses)} responses")
    assert [each for each in secrets if each.lower() in written] == []
    assert shown.keys() == {200}
    outcomes = [line for line in run.logged if '"message":"answered"' in line]
    assert len(run.traced) == len(outcomes) > EXAMPLES


def _without_shown(response: dict[str, Any]) -> dict[str, Any]:
    if response["status"] != 200:
        return response
    return response | {"content": canaries.without_shown(response["content"]["text"], NAMES)}
