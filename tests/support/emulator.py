"""The emulator for the integration tests: the local cloud without a deployment."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.local_cloud import free_port, start


def start_emulator(port: int, log: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the emulator on a port, with its log in a file."""
    return start("local.emulator", "--port", str(port), "--log", str(log), **environment)


@contextmanager
def running_emulator(log: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run an emulator on a free port, and yield its URL and its process."""
    process = start_emulator(free_port(), log, **environment)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, process.communicate()[1]
        yield url, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
