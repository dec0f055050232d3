"""docs/mutants.md: why nobody could tell a mutant that survives from the code.

## devices/app.py
### lambda_handler
The reason, for all changes below it.
```diff
-the line
+the changed line
```
"""

import itertools
from pathlib import Path

from mutants.mutations import Key, Mutant

_FENCE = "```"


class ExplanationError(Exception):
    """The list cannot be read; the text says what is to be mended."""


def explained(path: Path) -> set[Key]:
    """Return the mutants that the list explains.

    Raises
    ------
    ExplanationError
        A change has no module, scope or reason, or stands there twice.
    """
    module = scope = reason = ""
    found: set[Key] = set()
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    for number, line in lines:
        if line == f"{_FENCE}diff":
            key = (module, scope, tuple(itertools.takewhile(lambda each: each != _FENCE, (each for _, each in lines))))
            if not (module and scope and reason):
                raise ExplanationError(f"{path.name}:{number}: the change needs a module, a scope and a reason above")
            if key in found:
                raise ExplanationError(f"{path.name}:{number}: the change is explained twice")
            found.add(key)
        elif line.startswith("## "):
            module, scope, reason = line.removeprefix("## ").strip(), "", ""
        elif line.startswith("### "):
            scope, reason = line.removeprefix("### ").strip(), ""
        elif scope:
            reason = line.strip() or reason
    return found


def as_entry(mutant: Mutant) -> str:
    """Return a mutant as the list has it, but for the reason."""
    return "\n".join([f"### {mutant.scope}", f"{_FENCE}diff", *mutant.change, _FENCE])
