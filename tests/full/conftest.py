"""What takes too long for every `make test`: `make faults` and `make fuzz` run it, and print the figures."""

from pathlib import Path

import pytest

from bench import variants
from bench.variants import OURS, Variant


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Variant, Path]:
    """The function as `make build` makes it, and what stands for Lambda's runtime."""
    folder = tmp_path_factory.mktemp("packaged")
    (ours,) = variants.package(folder / "variants", OURS)
    return ours, variants.runtime(folder / "runtime")
