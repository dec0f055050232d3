"""The documentation names targets, folders and pictures that exist; the linter of `make check` looks at its links."""

import re
import tomllib

import pytest

from tests.support.local_cloud import PROJECT

README = (PROJECT / "README.md").read_text()
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "spa/client/README.md",
    *(f"docs/{path.name}" for path in sorted((PROJECT / "docs").glob("*.md"))),
]
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE))


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 90


def test_the_readme_shows_pictures_that_exist() -> None:
    pictures = re.findall(r'src(?:set)?="(.*?)"', README)

    assert pictures
    assert [path for path in pictures if not (PROJECT / path).is_file()] == []


def test_the_readme_maps_each_folder() -> None:
    folders = README.partition("## Folders")[2].split("```")[1]
    mapped = set(re.findall(r"(?<=  )([a-z]+/[a-z/]*|[a-z.]+\.(?:yaml|toml))", folders))

    assert [path for path in mapped if not (PROJECT / path).exists()] == []
    assert {path.split("/")[0] for path in mapped if "/" in path} == {
        path.name for path in PROJECT.iterdir() if path.is_dir() and not path.name.startswith(".")
    } - {line.strip("/") for line in (PROJECT / ".gitignore").read_text().splitlines()}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_targets_of_the_makefile(page: str) -> None:
    text = (PROJECT / page).read_text()

    assert set(re.findall(r"(?:`|\$ )make ([a-z-]+)", text)) <= TARGETS
    assert [path for path in re.findall(r"`((?:[\w-]+/)+[\w.-]+\.\w+)`", text) if not _exists(path)] == []


def test_contributing_shows_the_layers_of_the_function() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each.get("containers") == ["devices"])

    shown = re.findall(r"```text\n(.*?)\n```", (PROJECT / "CONTRIBUTING.md").read_text(), re.DOTALL)

    assert [text.splitlines() for text in shown] == [layers]


def _exists(path: str) -> bool:
    return path.startswith((".local/", ".aws-sam/", "spa/dist/")) or (PROJECT / path).is_file()
