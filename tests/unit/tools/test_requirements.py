"""The hashed requirements files, which `make lock` makes."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
DEPLOYED = PROJECT / "layers/dependencies/requirements.txt"
FILES = [DEPLOYED, *sorted((PROJECT / "tools/requirements").glob("*.txt"))]


def versions(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_botocore_has_the_version_of_boto3(path: Path) -> None:
    pinned = versions(path)

    assert pinned.get("botocore") == pinned.get("boto3")


@pytest.mark.parametrize("name", ["dev", "bench-runtime", "bench-fastapi"])
def test_tests_and_benchmarks_use_the_deployed_boto3(name: str) -> None:
    pinned = versions(PROJECT / f"tools/requirements/{name}.txt")

    assert pinned["boto3"] == versions(DEPLOYED)["boto3"]


def test_tests_use_the_deployed_versions() -> None:
    deployed, tested = versions(DEPLOYED), versions(PROJECT / "tools/requirements/dev.txt")

    assert {name: tested.get(name) for name in deployed} == deployed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_file_names_an_index(path: Path) -> None:
    assert "://" not in path.read_text()
