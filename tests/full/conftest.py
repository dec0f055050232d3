"""What takes too long for every `make test`: `make faults` and `make fuzz` run it, and print the figures."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import variants
from bench.variants import OURS, Variant

_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return a function that takes a line to print at the end."""
    return request.config.stash.setdefault(_FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_FIGURES, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Variant, Path]:
    """The function as `make build` makes it, and what stands for Lambda's runtime."""
    folder = tmp_path_factory.mktemp("packaged")
    (ours,) = variants.package(folder / "variants", OURS)
    return ours, variants.runtime(folder / "runtime")
