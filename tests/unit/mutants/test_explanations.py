"""The list of the mutants that survive."""

from pathlib import Path

import pytest

from mutants.explanations import ExplanationError, as_entry, explained
from mutants.mutations import Mutant
from mutants.report import LIST

PROJECT = Path(__file__).parents[3]
MUTANT = Mutant("devices/app.py", "f", 3, ("-a = 1", "+a = 2"), "a = 2\n")
ENTRY = "```diff\n-a = 1\n+a = 2\n```\n"


def read(tmp_path: Path, text: str) -> set[object]:
    (tmp_path / "mutants.md").write_text(text)
    return {*explained(tmp_path / "mutants.md")}


def test_a_reason_holds_for_all_changes_below_it(tmp_path: Path) -> None:
    second = ENTRY.replace("2", "3")

    found = read(tmp_path, f"# Title\nWords.\n## devices/app.py\n### f\nBecause\nit is so.\n{ENTRY}\n{second}")

    assert found == {MUTANT.key, ("devices/app.py", "f", ("-a = 1", "+a = 3"))}


def test_a_survivor_is_printed_as_the_list_has_it(tmp_path: Path) -> None:
    entry = as_entry(MUTANT).replace("### f\n", "### f\nBecause.\n")

    assert read(tmp_path, f"## devices/app.py\n{entry}\n") == {MUTANT.key}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY, "mutants.md:1: the change needs a module, a scope and a reason above"),
        (f"## devices/app.py\nWhy.\n{ENTRY}", "mutants.md:3: the change needs a module, a scope and a reason above"),
        (f"## devices/app.py\n### f\n\n{ENTRY}", "mutants.md:4: the change needs"),
        (f"## a\n### f\nWhy.\n### g\n{ENTRY}", "mutants.md:5: the change needs"),
        (f"## a\n### f\nWhy.\n{ENTRY}\n## b\n{ENTRY}", "mutants.md:10: the change needs"),
        (f"## a\n### f\nWhy.\n{ENTRY}{ENTRY}", "mutants.md:8: the change is explained twice"),
    ],
)
def test_an_entry_that_is_incomplete_is_refused_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExplanationError) as caught:
        read(tmp_path, text)

    assert str(caught.value).startswith(message)


def test_the_projects_own_list_is_in_order() -> None:
    functions = {each for each, _, _ in explained(PROJECT / LIST)}

    assert [each for each in functions if not (PROJECT / "functions" / each).exists()] == []
