"""The dependency layer, built as `sam build` does, and programs that import from nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from local import sam_cli
from tests.support import proxies

LAYER = sam_cli.PROJECT / "layers/dependencies"


def build_layer(artifacts: Path, architecture: str) -> Path:
    """Build the layer for an architecture; return the folder that Lambda mounts at /opt/python."""
    settings = {"ARTIFACTS_DIR": str(artifacts), "ARCHITECTURE": architecture, **proxies.DEVELOPERS}
    tools = {"UV": sam_cli.uv(), "LAMBDA_PYTHON": sys.executable}
    subprocess.run(
        ["make", "--silent", "-C", str(LAYER), "build-DependenciesLayer"],
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")} | settings | tools,
        check=True,
    )
    return artifacts / "python"


def interpreter(layer: Path | None) -> list[str]:
    """Return the command of a Python that imports from this environment, or else from a layer alone."""
    return [sys.executable] if layer is None else [sys._base_executable, "-S"]  # type: ignore[attr-defined]  # noqa: SLF001


def run(program: str, layer: Path | None, *arguments: str) -> Any:
    """Run a program in this environment, or with the layer alone; return the JSON that it prints."""
    finished = subprocess.run(
        [*interpreter(layer), "-c", program, *arguments],
        env=os.environ | {"PYTHONPATH": str(layer or "")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(finished.stdout)
