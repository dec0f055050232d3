"""AWS's runtime interface emulator: how to start it, what it logs, and what Linux knows of its processes.

The emulator is part of the SAM CLI's package, the runtime client is awslambdaric on PyPI. The emulator starts the
function at the first call, and logs how long the init and each call took.
https://docs.aws.amazon.com/lambda/latest/dg/images-test.html
"""

import re
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from local import sam_cli
from tools.perf.errors import BenchError

_EMULATOR = "lib/python3.13/site-packages/samcli/local/rapid/aws-lambda-rie-{}"
_INIT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")
_CALL = re.compile(r"INVOKE RTDONE\(status: success, .*duration: ([\d.]+)ms\)")
# The interpreter outside of this virtual environment: only the variant and the runtime are on its path.
PYTHON: str = sys._base_executable  # type: ignore[attr-defined] # noqa: SLF001


def emulator() -> Path:
    """Return the path of the emulator.

    Raises
    ------
    BenchError
        The SAM CLI has no emulator for this machine's architecture, or is not installed.
    """
    path = sam_cli.PROJECT / ".tools/sam" / _EMULATOR.format(sam_cli.architecture())
    if not path.exists():
        raise BenchError(f"{path} is missing: run `make bench` or `make load`, which install the SAM CLI.")
    return path


def command(handler: str, port: int, api_port: int, prefix: Sequence[str] = ()) -> list[str]:
    """Return the command that runs a handler under the emulator, with the words of a prefix before the function's."""
    return [
        *(str(emulator()), "--log-level", "info"),
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{api_port}"),
        *(*prefix, PYTHON, "-m", "awslambdaric", handler),
    ]


def init_ms(line: str) -> float | None:
    """Return the duration of the init in milliseconds, or None if a line of the log does not report it."""
    found = _INIT.search(line)
    return float(found[1]) if found else None


def call_ms(line: str) -> float | None:
    """Return the duration of a call in milliseconds, or None if a line of the log does not report one."""
    found = _CALL.search(line)
    return float(found[1]) if found else None


def descendants(pid: int) -> list[int]:
    """Return the IDs of a process's children, of their children and so on, the oldest first."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [*children, *(each for child in children for each in descendants(child))]


def cpu_ms(pid: int) -> float:
    """Return the CPU time of all threads of a process, in milliseconds."""
    # The clock of a process, as clock_getcpuclockid(3) computes it; Python has no function for it.
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e6


def peak_mb(pid: int) -> float:
    """Return the largest resident memory of a process so far, in MB (10^6 bytes): VmHWM of proc_pid_status(5)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024 / 1e6


def free_ports() -> tuple[int, int]:
    """Return two free ports of 127.0.0.1."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]
