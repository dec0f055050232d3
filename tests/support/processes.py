"""Commands that tests run to their end, in a process of their own."""

import subprocess
from collections.abc import Sequence
from typing import Any


def output_of(command: str | Sequence[str], **options: Any) -> str:
    """Run a command that must succeed; return its standard output. A failed assertion shows all of its output."""
    finished = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return str(finished.stdout)
