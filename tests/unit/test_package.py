"""The npm package of the client, as its sources describe it."""

import json
import re

from tests.support.local_cloud import PROJECT
from tools.release import version

CLIENT = PROJECT / "spa/client"


def test_the_package_has_the_version_of_the_project() -> None:
    assert json.loads((CLIENT / "package.json").read_text())["version"] == version(PROJECT)


def test_the_readme_names_each_error() -> None:
    table = (CLIENT / "README.md").read_text().partition("## Errors")[2].partition("## ")[0]
    named = [
        name for cell in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(.*?)`", cell)
    ]

    problem = json.loads((PROJECT / "docs/openapi.json").read_text())["components"]["schemas"]["Problem"]
    types = [each.removeprefix("urn:problem-type:") for each in problem["properties"]["type"]["enum"]]
    assert sorted(named) == sorted([*types, "network-error", "unreadable-answer"])


def test_the_readme_and_the_app_of_the_tests_have_the_supported_browsers() -> None:
    browsers = re.findall(r"([a-z]+)([0-9]+)", (PROJECT / "spa/browsers.mjs").read_text().partition("[")[2])

    section = (CLIENT / "README.md").read_text().partition("## Browsers")[2].partition("## ")[0]
    assert sorted(re.findall(r"([A-Z][a-z]+) (\d+)", section)) == sorted(
        (name.title(), number) for name, number in browsers
    )
    target = (PROJECT / "tests/spa/package-app/vite.config.js").read_text().partition("target: [")[2].partition("]")[0]
    assert re.findall(r"([a-z]+)([0-9]+)", target) == browsers
