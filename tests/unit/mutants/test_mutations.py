"""Which changes are made of a module, and how each is named."""

from pathlib import Path

import pytest

from mutants.mutations import Mutant, mutants


@pytest.fixture
def functions(tmp_path: Path) -> Path:
    return tmp_path


def changed(functions: Path, source: str) -> list[Mutant]:
    (functions / "module.py").write_text(source)
    return mutants(functions, "module.py")


def lines(functions: Path, source: str) -> set[str]:
    """Return the sources of a module of one line, changed in each way."""
    return {each.source.strip() for each in changed(functions, source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("LIMIT = 60", {"LIMIT = 61", "LIMIT = None"}),
        ("x = 'a'", {"x = 'XXaXX'", "x = 'A'", "x = None"}),
        ("x = f'a{b}'", {"x = f'XXaXX{b}'", "x = None"}),
        ("x = {'a': b}", {"x = {}", "x = {'XXaXX': b}", "x = {'A': b}", "x = None"}),
        ("x = (a, b)", {"x = (b,)", "x = (a, )", "x = None"}),
        ("x = [a]", {"x = []", "x = None"}),
        ("x = {a, b}", {"x = {b}", "x = {a, }", "x = None"}),
        ("x = {a}", {"x = None"}),
        ("x = y = z", {"x = y = None"}),
        ("x, y = z", {"x, y = None"}),
        ("x = a | b", {"x = a", "x = b", "x = a & b", "x = None"}),
        ("x = a + b", {"x = a - b", "x = None"}),
        ("x = [a for a in b]", {"x = None"}),
        ("f(a)", {"pass", "f(None)"}),
        ("'''What it does.'''", set()),
        ("# a comment", set()),
        ("import a", set()),
        ("raise", {"pass"}),
        ("x = [a for a in b if c]", {"x = [a for a in b]", "x = [a for a in b if not (c)]", "x = None"}),
        ("@cache\ndef f(): ...", {"def f(): ..."}),
        ("@a()\n@b\nclass C: ...", {"@b\nclass C: ...", "@a()\nclass C: ..."}),
        ("if a: b()", {"if not (a): b()", "if a: pass"}),
        ("if TYPE_CHECKING: b()", set()),
        ("try: a\nexcept E: b", {"try: a\nexcept (): b"}),
        ("def f(): return a", {"def f(): return None"}),
        ("def f(): return", set()),
        ("def f(a: int | None) -> 'F': b: int | None", set()),
        ("class C: a: int | None", {"class C: a: int", "class C: a: None", "class C: a: int & None"}),
        ("type T = Annotated[int, Field(ge=1)]",
         {"type T = Annotated[int, Field(ge=2)]", "type T = Annotated[int, Field(ge=None)]"}),
    ],
)  # fmt: skip
def test_code_is_changed_in_each_of_these_ways(source: str, expected: set[str], functions: Path) -> None:
    assert lines(functions, source) == expected


def test_a_mutant_names_its_place_and_its_change(functions: Path) -> None:
    source = "class C:\n    def f(self) -> int:\n        return (\n            1\n        )\n\n\nX = not A\n"

    found = {each.change: each for each in changed(functions, source)}

    mutant = found["-1", "+2"]
    assert mutant.key == ("module.py", "C.f", ("-1", "+2"))
    assert mutant.place == "functions/module.py:4"
    assert mutant.source == source.replace("1", "2")
    assert found["-X = not A", "+X = A"].scope == "(module)"


def test_mutants_come_in_the_order_of_their_lines(functions: Path) -> None:
    found = [each.line for each in changed(functions, "def f():\n    return 1\n\n\nX = 1\n")]

    assert found == sorted(found)
    assert set(found) == {2, 5}
