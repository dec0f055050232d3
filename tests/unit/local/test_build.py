"""When a build is stale, so that the next command builds again."""

import os
import time
from pathlib import Path

import pytest

from local import build, sam_cli

SOURCES = ("template.yaml", "functions/devices/app.py", "layers/dependencies/requirements.txt")


def age(path: Path, minutes: int) -> None:
    then = time.time() - minutes * 60
    os.utime(path, (then, then))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose files are two minutes old; its build in `.local` is one minute old."""
    monkeypatch.setattr(sam_cli, "PROJECT", tmp_path)
    for source in SOURCES:
        path = tmp_path / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for path in tmp_path.rglob("*"):
        age(path, minutes=2)
    stamp = tmp_path / ".local/built"
    stamp.parent.mkdir()
    stamp.touch()
    age(stamp, minutes=1)
    return tmp_path


def test_a_build_without_later_changes_is_current(project: Path) -> None:
    assert build.is_current(project / ".local")


def test_a_missing_build_is_not_current(project: Path) -> None:
    (project / ".local/built").unlink()

    assert not build.is_current(project / ".local")


@pytest.mark.parametrize("source", SOURCES)
def test_a_changed_source_makes_it_stale(project: Path, source: str) -> None:
    (project / source).write_text("changed", encoding="utf-8")

    assert not build.is_current(project / ".local")


def test_a_deleted_source_makes_it_stale(project: Path) -> None:
    (project / "functions/devices/app.py").unlink()

    assert not build.is_current(project / ".local")


def test_new_bytecode_does_not_make_it_stale(project: Path) -> None:
    # Given
    package = project / "functions/devices"
    cache = package / "__pycache__"
    cache.mkdir()
    age(package, minutes=2)
    # When
    (cache / "app.cpython-313.pyc").touch()
    # Then
    assert build.is_current(project / ".local")


def test_a_change_during_the_build_makes_it_stale(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sam_build(*_: str, log: Path) -> None:
        build.template_in(log.parent).parent.mkdir(parents=True)
        time.sleep(0.01)
        (project / SOURCES[1]).write_text("changed", encoding="utf-8")

    monkeypatch.setattr(sam_cli, "run", sam_build)
    build.build(project / ".local")

    assert not build.is_current(project / ".local")


def test_an_interrupted_build_is_not_current(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sam_build(*_: str, **__: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sam_cli, "run", sam_build)
    with pytest.raises(KeyboardInterrupt):
        build.build(project / ".local")

    assert not build.is_current(project / ".local")
