"""The version and the notes that the release workflow publishes."""

import re
from pathlib import Path

import pytest

from tests.support.local_cloud import PROJECT
from tools.release import main, notes, version

CHANGELOG = """\
# Changelog

## [Unreleased]

- later

## [1.10.0] - 2026-12-01

### Added

- ten

## [1.1.0] - 2026-11-30

## [1.0.0] - 2026-11-26

- first

[1.0.0]: https://example.com/1.0.0
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    return tmp_path


def set_version(project: Path, released: str) -> None:
    (project / "pyproject.toml").write_text(f'[project]\nversion = "{released}"\n')


def test_the_notes_are_the_section_of_the_projects_version(project: Path) -> None:
    set_version(project, "1.10.0")

    assert main([str(project)], project) == 0

    assert (project / "version").read_text() == "1.10.0\n"
    assert (project / "notes.md").read_text() == "### Added\n\n- ten\n"


def test_the_last_section_ends_before_the_link_references() -> None:
    assert notes(CHANGELOG, "1.0.0") == "- first\n"


@pytest.mark.parametrize("released", ["1.1.0", "1.2.0", "1", "0.0", "Unreleased"])
def test_a_version_without_notes_fails_and_writes_nothing(
    released: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_version(project, released)

    assert main([str(project)], project) == 1

    assert f"## [{released}] - " in capsys.readouterr().err
    assert not (project / "notes.md").exists()


def test_the_newest_version_of_the_changelog_is_the_projects() -> None:
    changelog = (PROJECT / "CHANGELOG.md").read_text()
    headings = re.findall(r"^## (.*)$", changelog, re.MULTILINE)

    assert headings[0] == "[Unreleased]"
    assert re.fullmatch(rf"\[{re.escape(version(PROJECT))}\] - \d{{4}}-\d\d-\d\d", headings[1])
    assert notes(changelog, version(PROJECT))
