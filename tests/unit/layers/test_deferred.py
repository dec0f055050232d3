"""Which imports of a module are deferred, when they happen, and which cannot be deferred."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from deferred import defer_imports

# A module of the standard library that no other code in this process imports.
WAVE = "wave"


@pytest.fixture(autouse=True)
def _wave_not_imported() -> Iterator[None]:
    sys.modules.pop(WAVE, None)
    yield
    sys.modules.pop(WAVE, None)


def module_of(source: str, *origins: str) -> ModuleType:
    """Return the module that `source` becomes when its imports from `origins`, by default all, are deferred."""
    module = ModuleType("deferring")
    exec(defer_imports(source, origins), module.__dict__)  # noqa: S102 - the tests' own source
    return module


def test_reading_a_name_from_outside_imports_it() -> None:
    module = module_of("from wave import Wave_read as Reader\nfrom wave import open")

    assert WAVE not in sys.modules
    assert module.Reader.__name__ == "Wave_read"
    assert {"Reader", "open"} <= set(dir(module))


def test_an_unknown_name_is_an_attribute_error() -> None:
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
def test_a_function_imports_the_names_that_it_uses(body: str) -> None:
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


def test_an_import_of_a_submodule_is_deferred_if_it_is_listed() -> None:
    source = "import xml.sax.handler\ndef function():\n    return xml.sax.handler.ContentHandler"

    deferring = module_of(source, "xml.sax.handler")

    assert "xml" not in vars(deferring)
    assert deferring.function().__name__ == "ContentHandler"
    assert "xml" in vars(module_of(source))


def test_methods_import_their_names_and_other_imports_are_not_deferred() -> None:
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
def test_a_name_that_the_modules_own_import_needs_cannot_be_deferred(use: str) -> None:
    with pytest.raises(LookupError, match="'Error'} is needed at once"):
        defer_imports(f"from wave import Error\n{use}", ())


def test_a_module_without_the_listed_import_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"no import of {'wave'}"):
        defer_imports("import json", (WAVE,))


def test_a_name_that_two_deferred_imports_bind_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"{'xml'} is imported twice"):
        defer_imports("import xml.sax\nimport xml.dom", ("xml.sax", "xml.dom"))
