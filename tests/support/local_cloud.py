"""Starts `python -m local` the way `make run` does, under coverage."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PYTHON = PROJECT / ".tools/local/bin/python"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def local_cloud(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run the local cloud's command; kill it at the end if it still runs."""
    process = subprocess.Popen(
        [PYTHON, "-m", "coverage", "run", "--parallel-mode", "-m", "local", *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
