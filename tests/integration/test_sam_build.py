"""`sam build` without what the makefiles run, which other tests cover."""

from pathlib import Path

import pytest

from local import sam_cli
from tests.support.template import PARAMETERS


@pytest.mark.parametrize("architecture", PARAMETERS["Architecture"]["AllowedValues"])
def test_sam_builds_for_each_architecture_without_a_warning(architecture: str, tmp_path: Path) -> None:
    log = tmp_path / "build.log"

    sam_cli.run(
        "build",
        "--build-dir", str(tmp_path / "build"),
        "--parameter-overrides", f"Architecture={architecture}",
        log=log,
        LAMBDA_PYTHON="true",
        UV="true",
    )  # fmt: skip

    assert "Build Succeeded" in log.read_text()
    assert [line for line in log.read_text().splitlines() if "warn" in line.lower()] == []
