"""Runs a packaged function as Lambda does, without Docker: AWS's runtime interface emulator and AWS's runtime client.

The emulator comes with the SAM CLI, the client is awslambdaric on PyPI. The emulator starts the runtime at the first
invocation, and logs how long its init and each invocation took.
https://docs.aws.amazon.com/lambda/latest/dg/images-test.html
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local import sam_cli
from tools.perf.variants import Variant

_EMULATOR = "lib/python3.13/site-packages/samcli/local/rapid/aws-lambda-rie-{}"
_PATH = "/2015-03-31/functions/function/invocations"
_INIT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")
_INVOCATION = re.compile(r"INVOKE RTDONE\(status: success, .*duration: ([\d.]+)ms\)")
_SECONDS = 30
# What an invocation brings: its trace is recorded.
HEADERS = {"X-Amzn-Trace-Id": "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1"}
# The interpreter itself, not this environment's: nothing but the variant and the runtime is on its path.
PYTHON: str = sys._base_executable  # type: ignore[attr-defined] # noqa: SLF001


class BenchError(Exception):
    """A variant did not do what it should; the text is a sentence for the developer."""


def emulator() -> Path:
    """Return the path of AWS's runtime interface emulator.

    Raises
    ------
    BenchError
        The SAM CLI has none for this machine.
    """
    path = sam_cli.PROJECT / ".tools/sam" / _EMULATOR.format(sam_cli.architecture())
    if not path.exists():
        raise BenchError(f"{path} is missing: run this through `make bench`, which installs the SAM CLI.")
    return path


def environment(variant: Variant, runtime: Path, endpoint: str, daemon_address: str) -> dict[str, str]:
    """Return the environment of a function: Lambda's variables, and those that template.yaml sets.

    Parameters
    ----------
    runtime : Path
        What stands for /var/runtime.
    endpoint, daemon_address : str
        Where Cognito and X-Ray's daemon are.
    """
    on_path = [*([variant.layer] if variant.layer else []), runtime]
    return {
        "PATH": os.environ["PATH"],
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        # /var/task and /opt are read-only in Lambda: bytecode that a package lacks is never written.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": os.pathsep.join(str(path.resolve()) for path in on_path),
        "LAMBDA_TASK_ROOT": str(variant.task.resolve()),
        "AWS_LAMBDA_FUNCTION_NAME": "devices",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "test",
        "AWS_XRAY_DAEMON_ADDRESS": daemon_address,
        "ALLOWED_ORIGINS": "http://localhost:8000",
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": endpoint,
        "LAST_IP_VISIBILITY": "masked",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "POWERTOOLS_METRICS_NAMESPACE": "CognitoDeviceApi",
        "POWERTOOLS_SERVICE_NAME": "devices",
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
        "RES_OPTIONS": "timeout:1 attempts:1",
    }


class Environment:
    """An execution environment: a context manager that ends it with all its processes.

    Attributes
    ----------
    init_ms : float
        How long the init took; known after the first invocation.
    url : str
        Where events are posted, one at a time.
    """

    def __init__(self, variant: Variant, environment: dict[str, str], log: Path) -> None:
        self._log = log
        self._port, api_port = free_ports()
        command = [str(emulator()), "--log-level", "info", "--runtime-interface-emulator-address"]
        command += [f"127.0.0.1:{self._port}", "--runtime-api-address", f"127.0.0.1:{api_port}"]
        command += [PYTHON, "-m", "awslambdaric", variant.handler]
        with log.open("w") as output:
            self._process = subprocess.Popen(
                command,
                cwd=variant.task,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C is for the measurement, which then ends this
            )
        self._lines = log.open()
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_SECONDS)
        self.init_ms = 0.0
        self.url = f"http://127.0.0.1:{self._port}{_PATH}"

    def __enter__(self) -> Self:
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                time.sleep(0.005)
            else:
                return self
        self._end()
        raise BenchError(f"the emulator did not start: see {self._log}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._connection.close()
        self._lines.close()
        # The emulator gives the runtime a process group of its own, and does not end it on every signal.
        for runtime in self._children():
            os.kill(runtime, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def post(self, event: bytes) -> dict[str, Any]:
        """Return the function's answer to one event, whatever it is."""
        self._connection.request("POST", _PATH, event, HEADERS)
        answer: dict[str, Any] = json.loads(self._connection.getresponse().read())
        return answer

    def invoke(self, event: bytes, expected: dict[str, Any] | None) -> float:
        """Return the milliseconds that the runtime took for one event.

        Raises
        ------
        BenchError
            The answer is not 200 with the JSON `expected` (None: any answer will do).
        """
        answer = self.post(event)
        right = answer.get("statusCode") == HTTPStatus.OK and json.loads(answer["body"]) == expected
        if expected is not None and not right:
            raise BenchError(f"an answer is not what it should be: see {self._log}. It is {answer}")
        return self._duration()

    def _duration(self) -> float:
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            line = self._lines.readline()
            if init := _INIT.search(line):
                self.init_ms = float(init[1])
            if invocation := _INVOCATION.search(line):
                return float(invocation[1])
            if not line:
                time.sleep(0.0005)
        raise BenchError(f"the emulator did not say how long an invocation took: see {self._log}")

    def cpu_ms(self) -> float:
        """Return the CPU time that all threads of the runtime have used so far, in milliseconds."""
        # The clock that clock_getcpuclockid(3) gives for a process, which Python does not wrap.
        return time.clock_gettime_ns((~self.runtime() << 3) | 2) / 1e6

    def peak_mb(self) -> float:
        """Return the most memory that the runtime has had so far (VmHWM), in MB."""
        status = Path(f"/proc/{self.runtime()}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024 / 1e6

    def runtime(self) -> int:
        """Return the process id of the runtime, in which the function is; it starts with the first invocation."""
        return self._children()[0]

    def _children(self) -> list[int]:
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]


def free_ports() -> tuple[int, int]:
    """Return two ports of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]
