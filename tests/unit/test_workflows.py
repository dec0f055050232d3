"""GitHub's workflows: they run the Makefile's targets, with only the permissions that each job needs.

zizmor, which `make check` runs, checks them too.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
FILES = sorted((PROJECT / ".github/workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE))
READ = {"contents": "read"}


def workflow(name: str) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((PROJECT / f".github/workflows/{name}.yml").read_text())
    return loaded


JOBS = {(path.stem, name): job for path in FILES for name, job in workflow(path.stem)["jobs"].items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_workflow_grants_no_permission_by_default_and_uses_no_secret(path: Path) -> None:
    assert workflow(path.stem)["permissions"] == {}
    assert "secrets." not in path.read_text()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_action_is_pinned_to_a_commit_with_its_version_in_a_comment(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text())

    assert used
    assert [each for each in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


@pytest.mark.parametrize("job", JOBS, ids="-".join)
def test_a_job_runs_only_targets_of_the_makefile(job: tuple[str, str]) -> None:
    matrix = JOBS[job].get("strategy", {}).get("matrix", {})
    commands = [step["run"] for step in JOBS[job]["steps"] if "run" in step]

    run = [re.fullmatch(r'make ("\$TARGET"|[a-z-]+)( \w+=[\w-]+)*', command) for command in commands]
    targets = matrix.get("target") or [match[1] for match in run if match]

    assert all(run)
    assert targets
    assert set(targets) <= TARGETS


@pytest.mark.parametrize("job", JOBS, ids="-".join)
def test_a_job_has_a_timeout_and_may_only_read_unless_it_deploys(job: tuple[str, str]) -> None:
    assert JOBS[job]["timeout-minutes"] <= 90
    assert JOBS[job]["permissions"] == (READ | {"id-token": "write"} if job == ("ci", "deploy") else READ)


def test_a_deployment_that_awaits_approval_does_not_block_other_commits() -> None:
    group = workflow("ci")["concurrency"]["group"]

    assert group == "ci-${{ github.event_name == 'pull_request' && github.ref || github.sha }}"
    assert JOBS["ci", "deploy"]["concurrency"]["group"] not in group


def test_only_tested_and_approved_commits_are_deployed_and_no_key_is_stored() -> None:
    deploy = JOBS["ci", "deploy"]
    (credentials,) = [step["with"] for step in deploy["steps"] if "aws-actions" in step.get("uses", "")]

    assert set(deploy["needs"]) == {"check", "test"}
    assert deploy["environment"] == "production"
    assert deploy["if"] == "github.event_name == 'push'"
    assert workflow("ci")[True]["push"] == {"branches": ["main"]}  # YAML 1.1 reads the key `on` as true
    assert set(credentials) == {"role-to-assume", "aws-region"}


def test_ci_may_skip_no_test() -> None:
    assert JOBS["ci", "test"]["env"] == {"BROWSER": "required", "CONTAINER_ENGINE": "required"}
