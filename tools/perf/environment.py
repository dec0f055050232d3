"""An execution environment on this machine: a packaged function under AWS's runtime interface emulator."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.perf import runtime
from tools.perf.errors import BenchError
from tools.perf.variants import Variant

_PATH = "/2015-03-31/functions/function/invocations"
SECONDS = 30  # to start, and to report how long a call took
# Lambda sends this header with each invocation; Sampled=1 asks for a trace.
HEADERS = {"X-Amzn-Trace-Id": "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1"}


class Environment:
    """An execution environment, as a context manager that ends all its processes.

    Attributes
    ----------
    init_ms : float
        Duration of the init in milliseconds; known after the first call.
    url : str
        Where events are posted, one at a time.
    """

    def __init__(self, variant: Variant, variables: dict[str, str], log: Path) -> None:
        self._log = log
        self._port, api_port = runtime.free_ports()
        with log.open("w") as output:
            self._process = subprocess.Popen(
                runtime.command(variant.handler, self._port, api_port),
                cwd=variant.task,
                env=variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches the measurement alone, which then ends this process
            )
        self._lines = log.open()
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        self.init_ms = 0.0
        self.url = f"http://127.0.0.1:{self._port}{_PATH}"

    def __enter__(self) -> Self:
        deadline = time.monotonic() + SECONDS
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
        # The emulator starts the function's process in a group of its own, and does not end it on every signal.
        for child in runtime.children(self._process.pid):
            os.kill(child, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def post(self, event: bytes) -> dict[str, Any]:
        """Return the function's response to an event, unchecked."""
        self._connection.request("POST", _PATH, event, HEADERS)
        response: dict[str, Any] = json.loads(self._connection.getresponse().read())
        return response

    def invoke(self, event: bytes, expected: dict[str, Any] | None) -> float:
        """Return the milliseconds that the function took for an event, as the emulator measures it.

        Raises
        ------
        BenchError
            The response is not 200, or its JSON lacks a member of `expected`. It may have more members. None allows any
            response.
        """
        response = self.post(event)
        if expected is not None and not _is_right(response, expected):
            raise BenchError(f"a response is not what it should be: see {self._log}. It is {response}")
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            line = self._lines.readline()
            self.init_ms = runtime.init_ms(line) or self.init_ms
            if milliseconds := runtime.call_ms(line):
                return milliseconds
            if not line:
                time.sleep(0.0005)
        raise BenchError(f"the emulator did not report how long a call took: see {self._log}")

    def pid(self) -> int:
        """Return the process ID of the function; the emulator starts it for the first call."""
        return runtime.children(self._process.pid)[0]

    def cpu_ms(self) -> float:
        """Return the CPU time that the function's process has used so far, in milliseconds."""
        return runtime.cpu_ms(self.pid())

    def peak_mb(self) -> float:
        """Return the most memory that the function's process has had so far, in MB (10^6 bytes)."""
        return runtime.peak_mb(self.pid())


def _is_right(response: dict[str, Any], expected: dict[str, Any]) -> bool:
    if response.get("statusCode") != HTTPStatus.OK:
        return False
    body = json.loads(response["body"])
    return isinstance(body, dict) and expected.items() <= body.items()
