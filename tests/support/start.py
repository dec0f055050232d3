"""Programs in a process of their own, for what the function's modules decide when they are imported."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.support.processes import output_of

_PROJECT = Path(__file__).parents[2]


def started(program: str, **environment: str) -> tuple[Any, str]:
    """Run a program; return the JSON in its last line, and all of its output."""
    path = os.pathsep.join([str(_PROJECT / "functions"), str(_PROJECT)])
    output = output_of([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path} | environment)
    return json.loads(output.splitlines()[-1]), output
