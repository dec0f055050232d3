"""What is printed of mutants, and what of it is wrong."""

import pytest

from mutants.mutations import Mutant
from mutants.report import progress, report
from mutants.worker import Verdict


def mutant(number: int, module: str = "devices/app.py") -> Mutant:
    return Mutant(module, "f", number, ("-a", f"+{number}"), f"{number}\n")


KILLED = [(mutant(number), Verdict.KILLED) for number in range(18)]
TIMED_OUT = (mutant(18), Verdict.TIMED_OUT)
SURVIVED = (mutant(19), Verdict.SURVIVED)
INVALID = (mutant(20), Verdict.INVALID)


def test_the_figures_leave_out_what_cannot_be_imported() -> None:
    other = (mutant(1, "devices/auth.py"), Verdict.KILLED)

    text, wrong = report([*KILLED, TIMED_OUT, SURVIVED, INVALID, other], {SURVIVED[0].key}, whole=True)

    assert text == (
        "functions/devices/app.py:19 (explained)\n### f\n```diff\n-a\n+19\n```\n\n"
        "                 mutants  killed  timed out  survived  % killed  not imported\n"
        "devices/app.py        20      18          1         1      95.0             1\n"
        "devices/auth.py        1       1          0         0     100.0             0\n"
        "all                   21      19          1         1      95.2             1"
    )
    assert wrong == []


def test_a_survivor_must_be_explained() -> None:
    text, wrong = report([*KILLED, TIMED_OUT, SURVIVED], set(), whole=True)

    assert "functions/devices/app.py:19 (NOT EXPLAINED)" in text
    assert wrong == ["1 survivors are not explained in docs/mutants.md"]


@pytest.mark.parametrize("whole", [True, False])
def test_what_does_not_survive_must_not_be_explained(whole: bool) -> None:  # noqa: FBT001 - a table
    elsewhere = mutant(1, "devices/auth.py").key

    _, wrong = report(KILLED, {KILLED[3][0].key, elsewhere}, whole=whole)

    stale = "docs/mutants.md explains what does not survive: "
    assert wrong == [f"{stale}devices/app.py, f\n-a\n+3", *([f"{stale}devices/auth.py, f\n-a\n+1"] if whole else [])]


@pytest.mark.parametrize(("whole", "expected"), [(True, ["fewer than 95 % of the mutants were killed"]), (False, [])])
def test_of_all_modules_95_percent_must_be_killed(whole: bool, expected: list[str]) -> None:  # noqa: FBT001 - a table
    _, wrong = report([*KILLED, SURVIVED], {SURVIVED[0].key}, whole=whole)

    assert wrong == expected


def test_a_module_without_code_has_figures_as_well() -> None:
    assert report([], set(), whole=False)[0].splitlines()[-1].split() == ["all", "0", "0", "0", "0", "0.0", "0"]


@pytest.mark.parametrize(
    ("done", "of", "lines"),
    [
        (1, 9, ["1 of 9, about 8 minutes left"]),
        (45, 1800, ["45 of 1800, about 39 minutes left"]),
        (46, 1800, []),
    ],
)
def test_progress_is_told_40_times(done: int, of: int, lines: list[str]) -> None:
    assert progress(done, of, 60) == lines
