"""The project, built once for all processes of a test run."""

import fcntl
import os
from pathlib import Path

import pytest

from local import build


def built(temporary: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished `sam build`, which a test may copy but not change."""
    base = temporary.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "built"
    directory.mkdir(exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        build.update(directory, say=lambda _: None)  # returns at once if another process has built it
    return build.template_in(directory).parent
