"""An execution environment on this machine: a packaged function under AWS's runtime interface emulator."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.perf import end_of_init, runtime
from tools.perf.errors import BenchError
from tools.perf.event import is_right
from tools.perf.variants import Variant

_PATH = "/2015-03-31/functions/function/invocations"
SECONDS = 30  # to start, to respond, and to report how long a call took


class Environment:
    """An execution environment, as a context manager that ends all its processes.

    Parameters
    ----------
    prefix : sequence of str
        A command that runs the function's process, such as a counter of instructions.
    seconds : float
        The most that starting, responding and reporting may each take.

    Attributes
    ----------
    init_cpu_ms : float
        CPU time of the init in milliseconds; known after the first call if the variant is wrapped.
    url : str
        Where events are posted, one at a time.
    """

    def __init__(
        self,
        variant: Variant,
        variables: dict[str, str],
        log: Path,
        prefix: Sequence[str] = (),
        seconds: float = SECONDS,
    ) -> None:
        self._log, self._seconds = log, seconds
        self._port, api_port = runtime.free_ports()
        with log.open("w") as output:
            self._process = subprocess.Popen(
                runtime.command(variant.handler, self._port, api_port, prefix),
                cwd=variant.task,
                env=variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches the measurement alone, which then ends this process
            )
        self._lines = log.open()
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=seconds)
        self._init_ms = self._entering_ms = self.init_cpu_ms = 0.0
        self.url = f"http://127.0.0.1:{self._port}{_PATH}"

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._seconds
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
        for child in runtime.descendants(self._process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def post(self, event: bytes) -> dict[str, Any]:
        """Return the function's response to an event, unchecked."""
        self._connection.request("POST", _PATH, event)
        response: dict[str, Any] = json.loads(self._connection.getresponse().read())
        return response

    def invoke(self, event: bytes, expected: dict[str, Any] | None) -> float:
        """Return the milliseconds that the function took for an event, as the emulator measures it.

        Raises
        ------
        BenchError
            The response is not right, as `is_right` defines it, or the emulator does not report in time. With None as
            `expected`, any response is right.
        """
        response = self.post(event)
        if expected is not None and not is_right(response, expected):
            raise BenchError(f"a response is not what it should be: see {self._log}. It is {response}")
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            line = self._lines.readline()
            self._read(line)
            if milliseconds := runtime.call_ms(line):
                return milliseconds
            if not line:
                time.sleep(0.0005)
        raise BenchError(f"the emulator did not report how long a call took: see {self._log}")

    def _read(self, line: str) -> None:
        if report := end_of_init.report(line):
            self._entering_ms, self.init_cpu_ms = report
        self._init_ms = runtime.init_ms(line) or self._init_ms

    @property
    def init_ms(self) -> float:
        """Duration of the init in milliseconds; known after the first call."""
        return self._init_ms - self._entering_ms

    def pid(self) -> int:
        """Return the process ID of the function; the emulator starts it for the first call."""
        return runtime.descendants(self._process.pid)[-1]

    def cpu_ms(self) -> float:
        """Return the CPU time that the function's process has used so far, in milliseconds."""
        return runtime.cpu_ms(self.pid())

    def peak_mb(self) -> float:
        """Return the most memory that the function's process has had so far, in MB (10^6 bytes)."""
        return runtime.peak_mb(self.pid())
