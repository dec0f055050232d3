"""The function as it is deployed, for all commands that measure it."""

from pathlib import Path

import pytest

from tests.support import builds


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished `sam build`."""
    return builds.built(tmp_path_factory)
