"""The function as it is deployed, built once for all commands that measure it."""

from pathlib import Path

import pytest

from tools.perf import variants


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished `sam build`."""
    return variants.build(tmp_path_factory.mktemp("built"))
