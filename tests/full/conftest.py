"""The packaged function, which all of these tests run."""

from pathlib import Path

import pytest

from tests.support import builds
from tools.perf import variants
from tools.perf.variants import Variant


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Variant, Path]:
    """Return the function that `make build` builds, and the folder in place of Lambda's /var/runtime."""
    runtime = variants.runtime(tmp_path_factory.mktemp("packaged") / "runtime")
    return variants.ours(builds.built(tmp_path_factory)), runtime
