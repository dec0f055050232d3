"""The listed changes reach the libraries' sources, or fail with the module's name."""

from pathlib import Path

import patches
import pytest


def test_an_error_names_the_missing_module(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=next(iter(patches.DEFERRED))):
        patches.apply(tmp_path)


def test_each_listed_module_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "DEFERRED", {"package/__init__.py": (), "module.py": ("wave",)})
    monkeypatch.setattr(patches, "TYPED_DICTS", "schema.py")
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__init__.py").write_text("from json import loads")
    (tmp_path / "module.py").write_text("from json import loads\nfrom wave import Error")
    (tmp_path / "schema.py").write_text("class A(TypedDict):\n    a: int")

    patches.apply(tmp_path)

    assert "_DEFERRED = {'loads': 'from json import loads'}" in (tmp_path / "package/__init__.py").read_text()
    assert "_DEFERRED = {'Error': 'from wave import Error'}" in (tmp_path / "module.py").read_text()
    assert "a: int" not in (tmp_path / "schema.py").read_text()
