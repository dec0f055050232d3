"""Start modules of the local cloud with the Python of `.tools/local`, as `make run` does, and measure coverage."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from local.session import Session
from tests.support import proxies

PROJECT = Path(__file__).parents[2]
PYTHON = PROJECT / ".tools/local/bin/python"
NODE = str(PROJECT / ".tools/node/bin/node")


def free_port() -> int:
    """Return a port on which no process listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ports() -> tuple[str, ...]:
    """Return options that give the local cloud ports on which no process listens now."""
    return ("--port", str(free_port()), "--page-port", str(free_port()))


def start(module: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start `python -m module`. It writes its coverage data when it is interrupted."""
    return subprocess.Popen(
        [PYTHON, "-m", "coverage", "run", "--parallel-mode", "-m", module, *arguments],
        cwd=PROJECT,
        env={**os.environ, **proxies.DEVELOPERS, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Kill a process at the end if it still runs, so that a failed test does not wait for it."""
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def local_cloud(*arguments: str, **environment: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """Run the command of `make run`; kill it at the end if it still runs."""
    return ending(start("local", *arguments, **environment))


def outcome(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run the command of `make run` until it ends by itself; return its exit code and its standard error."""
    with local_cloud(*arguments, **environment) as process:
        _, errors = process.communicate(timeout=60)
        return process.returncode, errors


def write_session(directory: Path, endpoint: str, **facts: object) -> None:
    """Write a `session.json` of a local cloud at a URL, as one that was killed leaves it behind."""
    complete = {**dict.fromkeys(Session.__required_keys__, "any"), "cognito_endpoint": endpoint, **facts}
    (directory / "session.json").write_text(json.dumps(complete), encoding="utf-8")
