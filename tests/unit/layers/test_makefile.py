"""How the layer's Makefile calls uv."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.layers import LAYER
from tests.support.scripts import script

LACKS = 'case "$*" in *--offline*) echo the cache lacks it >&2; exit 1;; esac'


@pytest.mark.parametrize(("cache", "calls"), [("", [True]), (LACKS, [True, False])])
def test_uv_uses_the_network_only_if_its_cache_lacks_a_package(cache: str, calls: list[bool], tmp_path: Path) -> None:
    """A uv that may use the network asks it whether the cache is up to date, and so fails offline."""
    log = tmp_path / "calls"
    uv = script(tmp_path / "uv", f'#!/bin/sh\necho "$*" >>{log}\n{cache}\n')
    settings = {"ARTIFACTS_DIR": str(tmp_path), "UV": uv, "LAMBDA_PYTHON": "true"}

    ran = subprocess.run(
        ["make", "-C", LAYER, "build-DependenciesLayer"],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ["--offline" in call for call in log.read_text().splitlines()] == calls
    assert ran.stderr == ""
