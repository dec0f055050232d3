"""Print what mutmut found, module by module, and which mutants survived (`make mutants`).

    python -m tools.mutants

Run it in `.mutants`, as `make mutants` does. mutmut itself prints no share of killed mutants, and never fails.
"""

import json
import sys
from pathlib import Path

LEAST_KILLED = 0.95
# Exit codes with which mutmut records a kill: a test failed, pytest failed, and the tests took too long (SIGXCPU).
KILLED = {1, 3, -24}
RESULTS = Path("mutants/devices")


def main() -> int:
    """Print the result of the last run; return 1 if fewer than 95 % of the mutants were killed."""
    killed_of_all = all_mutants = 0
    survivors: list[str] = []
    for path in sorted(RESULTS.rglob("*.meta")):
        codes: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"]
        checked = {name: code for name, code in codes.items() if code is not None}
        alive = [name for name, code in checked.items() if code not in KILLED]
        if checked:
            print(f"{path.stem:22} {len(checked) - len(alive):4} of {len(checked):4} killed")
        survivors += alive
        killed_of_all += len(checked) - len(alive)
        all_mutants += len(checked)
    print(f"{'all':22} {killed_of_all:4} of {all_mutants:4} killed: {killed_of_all / (all_mutants or 1):.1%}")
    for name in survivors:
        print(f"survived: {name}")
    if survivors:
        print("To see one: (cd .mutants && ../.venv/bin/mutmut show NAME)")
    return int(killed_of_all < LEAST_KILLED * max(all_mutants, 1))


if __name__ == "__main__":
    sys.exit(main())
