"""When the template is built again."""

import os
import platform
import shutil
import sys
from pathlib import Path

import pytest

from local import build, sam_cli

SOURCES = ("template.yaml", "functions/devices/app.py", "functions/Makefile", "layers/dependencies/requirements.txt",
           "layers/dependencies/Makefile", "local/build.py", "local/sam_cli.py", "tools/requirements/sam.txt",
           "tools/requirements/uv.txt")  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that is built in `.local`."""
    monkeypatch.setattr(sam_cli, "PROJECT", tmp_path)
    monkeypatch.setattr(sam_cli, "run", sam_build)
    for source in SOURCES:
        path = tmp_path / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("first", encoding="utf-8")
    (tmp_path / ".local").mkdir()
    assert builds(tmp_path)
    return tmp_path


def sam_build(*_: str, log: Path) -> None:
    build.template_in(log.parent).parent.mkdir(parents=True, exist_ok=True)


def builds(project: Path) -> list[str]:
    """Return what the developer is told: nothing if the build is current."""
    told: list[str] = []
    build.update(project / ".local", told.append)
    return told


def test_a_build_without_later_changes_is_current(project: Path) -> None:
    assert builds(project) == []


def test_a_missing_build_is_not_current(project: Path) -> None:
    shutil.rmtree(project / ".local/build")

    assert builds(project) == [f"building the template with the SAM CLI (log: {project / '.local/build.log'})"]


@pytest.mark.parametrize("source", SOURCES)
def test_a_changed_source_makes_it_stale_whatever_its_date(project: Path, source: str) -> None:
    (project / source).write_text("later", encoding="utf-8")
    os.utime(project / source, (0, 0))

    assert builds(project)
    assert builds(project) == []


def test_a_new_source_makes_it_stale(project: Path) -> None:
    (project / "functions/devices/new.py").touch()

    assert builds(project)


def test_a_deleted_source_makes_it_stale(project: Path) -> None:
    (project / "functions/devices/app.py").unlink()

    assert builds(project)


def test_a_renamed_source_makes_it_stale(project: Path) -> None:
    (project / "functions/devices/app.py").rename(project / "functions/devices/aps.py")

    assert builds(project)


def test_another_python_makes_it_stale(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version", "3.13.99")

    assert builds(project)


def test_another_architecture_makes_it_stale(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"x86_64": "arm64", "arm64": "x86_64"}[sam_cli.architecture()]
    monkeypatch.setattr(platform, "machine", lambda: other)

    assert builds(project)


def test_neither_a_new_date_nor_bytecode_makes_it_stale(project: Path) -> None:
    # Given
    os.utime(project / SOURCES[0])
    cache = project / "functions/devices/__pycache__"
    cache.mkdir()
    # When
    (cache / "app.cpython-313.pyc").touch()
    # Then
    assert builds(project) == []


def test_a_change_during_the_build_makes_it_stale(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    def changed_meanwhile(*_: str, **__: Path) -> None:
        (project / SOURCES[1]).write_text("third", encoding="utf-8")

    monkeypatch.setattr(sam_cli, "run", changed_meanwhile)
    (project / SOURCES[1]).write_text("second", encoding="utf-8")
    # When
    builds(project)
    # Then
    assert builds(project)


def test_an_interrupted_build_is_not_current(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even if the change that it was for is undone."""

    # Given
    def interrupted(*_: str, **__: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sam_cli, "run", interrupted)
        (project / SOURCES[1]).write_text("second", encoding="utf-8")
        with pytest.raises(KeyboardInterrupt):
            builds(project)
    # When
    (project / SOURCES[1]).write_text("first", encoding="utf-8")
    # Then
    assert builds(project)
