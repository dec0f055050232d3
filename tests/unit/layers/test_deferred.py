"""Imports that are put off, and those that cannot be."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from deferred import MODULES, defer, deferring, without_fields

# A module of the standard library that nothing else here imports.
WAVE = "wave"


@pytest.fixture(autouse=True)
def not_imported() -> Iterator[None]:
    sys.modules.pop(WAVE, None)
    yield
    sys.modules.pop(WAVE, None)


def module_of(source: str, *imported: str) -> ModuleType:
    module = ModuleType("deferring")
    exec(deferring(source, imported), module.__dict__)  # noqa: S102 - what the tests wrote
    return module


def test_a_name_is_imported_when_it_is_asked_for() -> None:
    module = module_of("from wave import Wave_read as Reader\nfrom wave import open")

    assert WAVE not in sys.modules
    assert module.Reader.__name__ == "Wave_read"
    assert {"Reader", "open"} <= set(dir(module))


def test_a_name_that_there_never_was_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = module_of("from wave import open").nothing


@pytest.mark.parametrize(
    "body",
    [
        "    return Error",
        '    """Document."""\n    return Error',
        "    if WANTED:\n        return Error\n    return None",
        "    if not WANTED:\n        pass\n    else:\n        return Error",
        "    if Error:\n        return Error",
        "    kind = Error\n    if WANTED:\n        return Error\n    return kind",
        "    try:\n        return Error\n    finally:\n        pass",
        "    def inner():\n        return Error\n    return inner()",
    ],
)
def test_a_function_imports_what_it_uses(body: str) -> None:
    module = module_of(f"from wave import Error\nWANTED = True\ndef function():\n{body}")

    assert WAVE not in sys.modules
    assert module.function() is sys.modules[WAVE].Error


def test_a_branch_that_is_not_taken_imports_nothing() -> None:
    module = module_of(
        "import wave as w\ndef function(wanted):\n    if wanted:\n        return w\n    return None", WAVE
    )

    assert module.function(wanted=False) is None
    assert WAVE not in sys.modules
    assert module.function(wanted=True) is sys.modules[WAVE]


def test_methods_import_too_and_other_imports_stay() -> None:
    module = module_of(
        "from __future__ import annotations\nimport json\nfrom math import pi\nfrom wave import Error\n"
        "class Class:\n    def method(self):\n        return Error, pi",
        WAVE,
    )

    assert "json" in vars(module)
    assert vars(module)["pi"] > 3
    assert WAVE not in sys.modules
    assert module.Class().method()[0] is sys.modules[WAVE].Error


@pytest.mark.parametrize(
    "use",
    [
        "Error()",
        "class Class(Error): pass",
        "class Class:\n    kind = Error",
        "def function(kind=Error): pass",
        "def function(kind: Error): pass",
        "def function() -> Error: pass",
        "@Error\ndef function(): pass",
    ],
)
def test_what_is_needed_at_once_is_refused(use: str) -> None:
    with pytest.raises(LookupError, match="'Error'} is needed at once"):
        deferring(f"from wave import Error\n{use}", ())


def test_an_import_that_is_not_there_is_refused() -> None:
    with pytest.raises(LookupError, match=r"no import of {'wave'}"):
        deferring("import json", (WAVE,))


def test_a_module_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=next(iter(MODULES))):
        defer(tmp_path)


def test_all_modules_of_the_list_are_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deferred.MODULES", {"package/__init__.py": (), "module.py": (WAVE,)})
    monkeypatch.setattr("deferred.TYPED_DICTS", "schema.py")
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__init__.py").write_text("from json import loads")
    (tmp_path / "module.py").write_text("from json import loads\nfrom wave import Error")
    (tmp_path / "schema.py").write_text("class A(TypedDict):\n    a: int")

    defer(tmp_path)

    assert "_DEFERRED = {'loads': 'from json import loads'}" in (tmp_path / "package/__init__.py").read_text()
    assert "_DEFERRED = {'Error': 'from wave import Error'}" in (tmp_path / "module.py").read_text()
    assert "a: int" not in (tmp_path / "schema.py").read_text()


def test_typed_dictionaries_are_emptied() -> None:
    source = without_fields(
        "class A(TypedDict, total=False):\n    a: int\n"
        'class B(TypedDict):\n    """B."""\n    b: int\n'
        "class C:\n    c: int"
    )

    assert source == (
        'class A(TypedDict, total=False):\n    pass\n\nclass B(TypedDict):\n    """B."""\n\nclass C:\n    c: int'
    )


def test_a_module_without_typed_dictionaries_is_refused() -> None:
    with pytest.raises(LookupError, match="no typed dictionaries"):
        without_fields("class A: pass")
