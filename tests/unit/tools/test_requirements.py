"""The hashed requirements files, which `make lock` makes."""

import json
import re
import tomllib
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


@pytest.mark.parametrize("path", sorted(PROJECT.glob("*/*/package-lock.json")), ids=lambda path: path.parent.name)
def test_no_npm_package_names_a_registry(path: Path) -> None:
    """Dependabot keeps it so, because it uses .npmrc."""
    packages = json.loads(path.read_text())["packages"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert "omit-lockfile-registry-resolved=true" in path.with_name(".npmrc").read_text().splitlines()


INSTALLERS = ["Makefile", "layers/dependencies/Makefile", "tools/perf/packages.py", ".ci/run"]


@pytest.mark.parametrize("path", INSTALLERS)
def test_no_package_is_installed_without_a_hash(path: str) -> None:
    """`npm ci` installs only what package-lock.json has, and compares its hashes."""
    commands = re.sub(r"\\\n|[\",]", " ", (PROJECT / path).read_text())

    installs = re.findall(r"^.*\bpip\s+(?:install|sync)\b.*$", commands, re.MULTILINE)

    assert [each for each in installs if not re.search(r"--require-hashes|\becho\b|\braise\b", each)] == []
    assert re.findall(r"\b(?:npx|npm (?:i|install|exec)|uvx|pipx|uv tool)\b", commands) == []


def test_each_file_has_a_group_and_each_line_a_hash() -> None:
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text())["dependency-groups"]

    assert {"function" if path == DEPLOYED else path.stem for path in FILES} == set(groups) - {"boto3"}
    for path in FILES:
        pins = re.findall(
            r"^[\w.-]+==[^\n]*(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+$", path.read_text(), re.MULTILINE
        )
        assert len(pins) == len(versions(path)) > 0
