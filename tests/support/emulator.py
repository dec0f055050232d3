"""Starts `python -m local.emulator` under coverage: in another environment than the tests, as `make run` has it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.local_cloud import PROJECT, PYTHON, free_port


def start_emulator(port: int, log: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the emulator; its coverage data is written when it is interrupted."""
    command = [str(PYTHON), "-m", "coverage", "run", "--parallel-mode", "-m", "local.emulator"]
    return subprocess.Popen(
        [*command, "--port", str(port), "--log", str(log)],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running_emulator(log: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run an emulator on a free port, and yield its URL and its process."""
    process = start_emulator(free_port(), log)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, process.communicate()[1]
        yield url, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
