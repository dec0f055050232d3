"""The function's modules in a process of their own: some things are decided when the function starts."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).parents[2]


def started(program: str, **environment: str) -> tuple[Any, str]:
    """Return the JSON that a program prints last, and all: some things are decided when the function starts."""
    path = os.pathsep.join([str(_PROJECT / "functions"), str(_PROJECT)])
    finished = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": path} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(finished.stdout.splitlines()[-1]), finished.stdout
