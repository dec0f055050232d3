"""Starts modules of the local cloud the way `make run` does, in their own environment and under coverage."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PYTHON = PROJECT / ".tools/local/bin/python"
NODE = str(PROJECT / ".tools/node/bin/node")


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ports() -> tuple[str, ...]:
    """Return the options that move a local cloud to ports that nobody listens on now."""
    return ("--port", str(free_port()), "--page-port", str(free_port()))


def start(module: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start `python -m module`; its coverage data is written when it is interrupted."""
    return subprocess.Popen(
        [PYTHON, "-m", "coverage", "run", "--parallel-mode", "-m", module, *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Kill a process at the end if it still runs: a test that fails does not wait for it."""
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def local_cloud(*arguments: str, **environment: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """Run the local cloud's command; kill it at the end if it still runs."""
    return ending(start("local", *arguments, **environment))
