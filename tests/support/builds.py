"""The project, built once for all processes of a test run."""

import fcntl
import os
from pathlib import Path
from unittest import mock

import pytest

from local import build
from tests.support import proxies


def built(temporary: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished `sam build`, which a test may copy but not change."""
    base = temporary.getbasetemp()
    shared = base.name == f"popen-{os.environ.get('PYTEST_XDIST_WORKER')}"  # xdist's folder for one of its processes
    directory = (base.parent if shared else base) / "built"
    directory.mkdir(exist_ok=True)
    # uv may have to download wheels, through the developer's proxy.
    with (directory / "lock").open("w") as lock, mock.patch.dict(os.environ, proxies.DEVELOPERS):
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        # Other processes may be copying a build, so it stays as it is, even if a developer changes a source.
        if not build.stamp_in(directory).exists():
            build.update(directory, say=lambda _: None)
    return build.template_in(directory).parent
