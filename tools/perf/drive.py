"""Runs Locust, in a process and a virtual environment of its own."""

import json
import math
import os
import statistics
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from local import sam_cli
from tools.perf.errors import LoadError
from tools.perf.plan import Outcome, Plan, Sample

PYTHON = sam_cli.PROJECT / ".tools/load/bin/python"
_LOCUSTFILE = Path(__file__).with_name("locustfile.py")
_LAST_RESPONSES_SECONDS = 15
_START_SECONDS = 30


def send(plan: Plan, folder: Path) -> tuple[list[Outcome], list[Sample]]:
    """Let Locust carry out a plan; return its outcomes and samples. Plan, result and log are files in `folder`.

    Raises
    ------
    LoadError
        Locust failed, or sent nothing.
    """
    file, result, log = (folder / name for name in ("plan.json", "outcomes.json", "locust.log"))
    result.unlink(missing_ok=True)
    file.touch(mode=0o600)  # it may hold an access token of the local cloud
    file.write_text(json.dumps({**asdict(plan), "result": str(result.resolve())}))
    users = str(len(plan.targets))
    command = [str(PYTHON), "-m", "locust", "--locustfile", str(_LOCUSTFILE), "--headless", "--only-summary"]
    command += ["--users", users, "--spawn-rate", users, "--stop-timeout", str(_LAST_RESPONSES_SECONDS)]
    with log.open("w") as output:
        try:
            subprocess.run(
                command,
                env={**os.environ, "LOAD_PLAN": str(file)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches the measurement alone, which then ends this process
                timeout=_START_SECONDS + plan.seconds + _LAST_RESPONSES_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise LoadError(f"Locust failed ({error}): run `make load`, which installs it, and see {log}.") from None
    found: dict[str, Any] = json.loads(result.read_text())
    if not found["outcomes"]:
        raise LoadError(f"Locust sent nothing: see {log}.")
    return [Outcome(*each) for each in found["outcomes"]], [Sample(*each) for each in found["samples"]]


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return how many outcomes there were, how fast, and with which statuses."""
    moments = [outcome.at for outcome in outcomes]
    seconds = max(moments) - min(moments) or math.inf
    milliseconds = [outcome.milliseconds for outcome in outcomes]
    percentiles = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return {
        "requests": len(outcomes),
        "requests_a_second": round(len(outcomes) / seconds, 1),
        "p50_ms": round(percentiles[49], 2),
        "p99_ms": round(percentiles[98], 2),
        "max_ms": round(max(milliseconds), 2),
        "statuses": dict(sorted(Counter(str(outcome.status) for outcome in outcomes).items())),
    }
