"""Runs the function in a process of its own, as Lambda does, and collects its logs, metrics and traces.

Run as a module, this file is that process. It reads a job from each line of standard input, and writes the response to
a line of standard output.
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests.support.layers import interpreter
from tests.support.xray_daemon import XRayDaemon, xray_daemon

_ROOT = Path(__file__).parents[2]
_RESPONSE = "RESPONSE "
# A client of botocore has a quota of 500 for retries. A retry takes up to 14 of it, so 36 failing jobs use it up.
_JOBS_PER_CLIENT = 30


@dataclass(frozen=True)
class Record:
    """The response to one invocation (status, body), and what the function recorded of it.

    Attributes
    ----------
    lines : list of str
        Standard output.
    segments : list of dict
        The documents that the X-Ray daemon received.
    """

    status: int
    body: str
    lines: list[str]
    segments: list[dict[str, Any]]

    @property
    def logs(self) -> list[dict[str, Any]]:
        """The log lines."""
        return [line for line in self._objects if "level" in line]

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """The metrics, in CloudWatch's embedded format."""
        return [line for line in self._objects if "_aws" in line]

    @property
    def _objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines if line.startswith("{")]


type Invoke = Callable[[dict[str, Any], str | None], Record]


@contextlib.contextmanager
def recording(endpoint: str, stderr: Path, layer: Path | None = None) -> Iterator[Invoke]:
    """Start the process with Cognito at `endpoint`, and yield a function that invokes it.

    All loggers are at DEBUG, and Powertools' variables ask it to record events, responses and exceptions. With a layer,
    the function can import only the layer and the standard library.
    """
    with xray_daemon() as daemon, stderr.open("w") as errors:
        environment = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_XRAY_DAEMON_ADDRESS": daemon.address,
            "LAMBDA_TASK_ROOT": str(_ROOT / "functions"),
            "POWERTOOLS_DEBUG": "true",
            "POWERTOOLS_LOGGER_LOG_EVENT": "true",
            "POWERTOOLS_LOG_LEVEL": "DEBUG",
            "POWERTOOLS_TRACER_CAPTURE_ERROR": "true",
            "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "true",
            "PYTHONPATH": os.pathsep.join(map(str, [_ROOT / "functions", _ROOT, *([layer] if layer else [])])),
        }
        process = subprocess.Popen(
            [*interpreter(layer), "-m", "tests.support.recorder"],
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with process:
            yield lambda event, unforeseen: _invoke(process, daemon, {"event": event, "unforeseen": unforeseen})


def _invoke(process: subprocess.Popen[str], daemon: XRayDaemon, job: dict[str, Any]) -> Record:
    assert process.stdin
    assert process.stdout
    print(json.dumps(job), file=process.stdin, flush=True)
    lines: list[str] = []
    for line in process.stdout:
        if line.startswith(_RESPONSE):
            response = json.loads(line.removeprefix(_RESPONSE))
            segments = [json.loads(datagram.splitlines()[1]) for datagram in daemon.received()]
            return Record(response["statusCode"], response["body"], lines, segments)
        lines.append(line)
    raise RuntimeError("the process ended before it responded")


def _serve() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    from devices import cognito_client  # noqa: PLC0415
    from devices.app import lambda_handler  # noqa: PLC0415 - logging comes first
    from tests.support.handler import Context  # noqa: PLC0415

    for number, line in enumerate(sys.stdin):
        job = json.loads(line)
        if number % _JOBS_PER_CLIENT == 0:
            cognito_client.client.cache_clear()
            cognito_client.client()
        os.environ["_X_AMZN_TRACE_ID"] = f"Root=1-66351a80-{number:024x};Parent=0123456789abcdef;Sampled=1"
        with contextlib.ExitStack() as patches:
            patches.enter_context(mock.patch("time.sleep"))  # the backoff between two attempts
            if job["unforeseen"]:
                patches.enter_context(
                    mock.patch("devices.auth.Caller.parse", side_effect=RuntimeError(job["unforeseen"]))
                )
            response = lambda_handler(job["event"], Context())
        print(_RESPONSE + json.dumps(response), flush=True)


if __name__ == "__main__":
    _serve()
