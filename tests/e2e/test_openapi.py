"""The deployed API against docs/openapi.json, with requests that schemathesis makes up from it.

`make fuzz` runs it with more of them.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import settings

from tests.support.local_cloud import PROJECT
from tests.support.users import User

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
# API Gateway answers 404 for a method that a resource lacks: docs/decisions.md.
NOT_CHECKED = "unsupported_method"
EXAMPLES = {"quick": 50, "full": 800}  # for each operation


def test_the_api_does_what_its_document_says(
    session: dict[str, Any], user: Callable[..., User], tmp_path: Path, figure: Callable[[str], None]
) -> None:
    # Given a user with devices to read, change and forget
    owner = user("a", "b", "c", "d", "e")

    # When
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run"]
    options = ["--url", session["api_url"], "--header", f"Authorization: Bearer {owner.token}"]
    examples = EXAMPLES[settings.get_current_profile_name()]
    limits = ["--checks", "all", "--exclude-checks", NOT_CHECKED, "--max-examples", str(examples), "--no-color"]
    # What is throttled is sent again when Retry-After is over.
    report = ["--rate-limit", "auto", "--report", "har", "--report-har-path", "report.har"]
    finished = subprocess.run(
        [*command, str(PROJECT / "docs/openapi.json"), *options, *limits, *report, "--generation-database", "none"],
        cwd=tmp_path,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )

    # Then all four operations were tested, and none did anything else
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "Tested: 4\n" in finished.stdout
    (generated,) = re.findall(r"(\d+) generated", finished.stdout)
    answers = json.loads((tmp_path / "report.har").read_text())["log"]["entries"]
    statuses = Counter(each["response"]["status"] for each in answers)
    figure(f"fuzz: {generated} cases of the deployed API, answered {dict(sorted(statuses.items()))}")
    assert int(generated) > 4 * examples
    assert statuses.keys() >= {200, 204, 400, 401, 404}
