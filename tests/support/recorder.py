"""The function in a process of its own, as Lambda runs it, and all that it records there: logs, metrics, traces.

Run as a module it is that process: a job in a line of standard input, the answer in a line of standard output.
"""

import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests.support.layers import interpreter

_ROOT = Path(__file__).parents[2]
_ANSWER = "ANSWER "
# botocore gives a client a quota of 500 for retries, and takes at most 14 for one, which 36 failing jobs would use up.
_JOBS_OF_A_CLIENT = 30


@dataclass(frozen=True)
class Record:
    """An answer (status, body) and what one invocation wrote meanwhile."""

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
    """Start the process with Cognito at `endpoint`; yield what invokes it.

    Logs are at DEBUG everywhere, and Powertools is told to record all that it can: events, answers, exceptions.

    With a layer, that and the standard library are all that the function can import.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon, stderr.open("w") as errors:
        daemon.bind(("127.0.0.1", 0))
        daemon.setblocking(False)  # noqa: FBT003 - socket's own signature
        environment = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}",
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


def _invoke(process: subprocess.Popen[str], daemon: socket.socket, job: dict[str, Any]) -> Record:
    assert process.stdin
    assert process.stdout
    print(json.dumps(job), file=process.stdin, flush=True)
    lines: list[str] = []
    for line in process.stdout:
        if line.startswith(_ANSWER):
            answer = json.loads(line.removeprefix(_ANSWER))
            return Record(answer["statusCode"], answer["body"], lines, list(_segments(daemon)))
        lines.append(line)
    raise RuntimeError("the process ended before it answered")


def _segments(daemon: socket.socket) -> Iterator[dict[str, Any]]:
    """Yield what was sent to the X-Ray daemon: a header and a segment, a line each."""
    with contextlib.suppress(BlockingIOError):
        while True:
            yield json.loads(daemon.recv(65536).splitlines()[1])


def _serve() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    from devices import cognito_client  # noqa: PLC0415
    from devices.app import lambda_handler  # noqa: PLC0415 - logging must be set up before
    from tests.support.handler import Context  # noqa: PLC0415

    for number, line in enumerate(sys.stdin):
        job = json.loads(line)
        if number % _JOBS_OF_A_CLIENT == 0:
            cognito_client.client.cache_clear()
            cognito_client.client()
        os.environ["_X_AMZN_TRACE_ID"] = f"Root=1-66351a80-{number:024x};Parent=0123456789abcdef;Sampled=1"
        with contextlib.ExitStack() as patches:
            patches.enter_context(mock.patch("time.sleep"))  # the backoff between two attempts
            if job["unforeseen"]:
                patches.enter_context(
                    mock.patch("devices.auth.Caller.parse", side_effect=RuntimeError(job["unforeseen"]))
                )
            answer = lambda_handler(job["event"], Context())
        print(_ANSWER + json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve()
