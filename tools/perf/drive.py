"""Sends events through Locust, which runs in a process and an environment of its own."""

import json
import math
import os
import statistics
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from local import sam_cli
from tools.perf.runtime import HEADERS, BenchError, Environment

PYTHON = sam_cli.PROJECT / ".tools/load/bin/python"
_LOCUSTFILE = Path(__file__).with_name("locustfile.py")
_LAST_ANSWERS_SECONDS = 15
_START_SECONDS = 30


class LoadError(BenchError):
    """What was measured is not what it should be; the text is a sentence for the developer."""


@dataclass(frozen=True)
class Target:
    """Where events are sent, one at a time, and the kinds of events that take turns."""

    url: str
    kinds: Sequence[str]
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)


class Answer(NamedTuple):
    """What came of one event.

    Attributes
    ----------
    at : float
        When the answer came, in seconds of a clock that all answers share.
    milliseconds : float
        From the request to its answer, as the caller measures it.
    status : int
        HTTP status of the function's answer; 0 where there was none.
    retry_after : str or None
        The header of that name.
    """

    kind: str
    at: float
    milliseconds: float
    status: int
    retry_after: str | None


class Sample(NamedTuple):
    """What the runtime held after a number of events: bytes of resident memory, and open files."""

    events: int
    memory: int
    files: int


@dataclass(frozen=True)
class Plan:
    """What to send.

    Attributes
    ----------
    bodies : mapping
        Kind of event -> what is sent.
    seconds : float
        Longest time to send events.
    requests : int or None
        Stop after as many, where there is one target.
    rate : float or None
        Events a second and target, spread evenly; None for one right after the other.
    sample_every, pid : int
        After how many events the process is looked at; 0 for never.
    invocations : bool
        Whether the answers are those to invocations of the function, or to HTTP requests.
    """

    targets: Sequence[Target]
    bodies: Mapping[str, str]
    seconds: float
    requests: int | None = None
    rate: float | None = None
    sample_every: int = 0
    pid: int = 0
    invocations: bool = True


def target(environment: Environment, kinds: Sequence[str]) -> Target:
    """Return an execution environment as a target."""
    return Target(environment.url, kinds)


def send(plan: Plan, folder: Path) -> tuple[list[Answer], list[Sample]]:
    """Carry out a plan, with its files in a folder; return all answers and samples.

    Raises
    ------
    LoadError
        Locust failed, or sent nothing.
    """
    file, result, log = (folder / name for name in ("plan.json", "answers.json", "locust.log"))
    result.unlink(missing_ok=True)
    file.touch(mode=0o600)  # it may hold an access token of the local cloud
    file.write_text(json.dumps({**asdict(plan), "result": str(result.resolve())}))
    users = str(len(plan.targets))
    command = [str(PYTHON), "-m", "locust", "--locustfile", str(_LOCUSTFILE), "--headless", "--only-summary"]
    command += ["--users", users, "--spawn-rate", users, "--stop-timeout", str(_LAST_ANSWERS_SECONDS)]
    with log.open("w") as output:
        try:
            subprocess.run(
                command,
                env={**os.environ, "LOAD_PLAN": str(file)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C is for the measurement, which then ends this
                timeout=_START_SECONDS + plan.seconds + _LAST_ANSWERS_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise LoadError(f"Locust failed ({error}): run this through `make load`, and see {log}.") from None
    found: dict[str, Any] = json.loads(result.read_text())
    if not found["answers"]:
        raise LoadError(f"Locust sent nothing: see {log}.")
    return [Answer(*each) for each in found["answers"]], [Sample(*each) for each in found["samples"]]


def figures(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return what answers come to: how many, how fast, with which status."""
    moments = [answer.at for answer in answers]
    seconds = max(moments) - min(moments) or math.inf
    milliseconds = [answer.milliseconds for answer in answers]
    percentiles = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return {
        "requests": len(answers),
        "requests_a_second": round(len(answers) / seconds, 1),
        "p50_ms": round(percentiles[49], 2),
        "p99_ms": round(percentiles[98], 2),
        "max_ms": round(max(milliseconds), 2),
        "statuses": dict(sorted(Counter(str(answer.status) for answer in answers).items())),
    }
