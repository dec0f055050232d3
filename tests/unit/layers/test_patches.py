"""The listed changes reach the libraries' sources, or fail with the module's name."""

from functools import partial
from pathlib import Path

import patches
import pytest
from deferred import defer_imports


def test_an_error_names_the_missing_module(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=next(iter(patches.DEFERRED))):
        patches.apply(tmp_path)


def test_each_listed_module_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = {"package/__init__.py": str.upper, "module.py": partial(defer_imports, origins=("wave",))}
    monkeypatch.setattr(patches, "CHANGES", changes)
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__init__.py").write_text("a = 1")
    (tmp_path / "module.py").write_text("from json import loads\nfrom wave import Error")

    patches.apply(tmp_path)

    assert (tmp_path / "package/__init__.py").read_text() == "A = 1"
    assert "_DEFERRED = {'Error': 'from wave import Error'}" in (tmp_path / "module.py").read_text()


def test_the_changes_are_those_that_are_listed() -> None:
    assert patches.CHANGES.keys() == {*patches.DEFERRED, patches.TYPED_DICTS, patches.HANDLERS}
