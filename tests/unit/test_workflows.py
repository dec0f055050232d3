"""GitHub's workflows: they run the Makefile's targets, with only the permissions that each job needs.

zizmor and check-jsonschema, which `make check` runs, check them too.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
FILES = sorted((PROJECT / ".github/workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE))
READ = {"contents": "read"}
# The jobs that may do more than read.
PERMISSIONS = {
    ("ci", "deploy"): READ | {"id-token": "write"},
    ("page", "deploy"): READ | {"id-token": "write"},
    ("release", "npm"): {"id-token": "write"},
    ("release", "publish"): {"attestations": "write", "contents": "write", "id-token": "write"},
    ("upgrade", "propose"): {"contents": "write", "pull-requests": "write"},
}
# The jobs that may write to the repository or to npm.
WRITERS = {job for job, permissions in PERMISSIONS.items() if permissions.get("contents") != "read"}
# What the deploy job runs before it has credentials, and with them. What it installs is pinned by hash.
BEFORE, AFTER = {"deploy-tools"}, {"deploy-archive", "verify"}
# The password of a user with whom `make verify` signs in, and nothing else, is stored.
SECRETS = {"VERIFY_PASSWORD"}


def workflow(name: str) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((PROJECT / f".github/workflows/{name}.yml").read_text())
    return loaded


JOBS = {(path.stem, name): job for path in FILES for name, job in workflow(path.stem)["jobs"].items()}


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def used(job: dict[str, Any], action: str) -> dict[str, Any]:
    """Return the input of the only step of a job that uses an action."""
    (step,) = [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]
    return dict(step["with"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_workflow_grants_no_permission_by_default(path: Path) -> None:
    assert workflow(path.stem)["permissions"] == {}


def test_no_key_is_stored() -> None:
    assert {name for path in FILES for name in re.findall(r"secrets\.(\w+)", path.read_text())} == SECRETS
    assert set(JOBS["ci", "deploy"]["steps"][-1]["env"]) == {"USERNAME", "PASSWORD", "CLIENT_ID"}


def test_each_action_is_pinned_to_one_commit_with_its_version_in_a_comment() -> None:
    uses = [each for path in FILES for each in re.findall(r"uses: (.*)", path.read_text())]

    assert uses
    assert [each for each in uses if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []
    assert len(set(uses)) == len({each.partition("@")[0] for each in uses})


@pytest.mark.parametrize("job", sorted(set(JOBS) - WRITERS), ids="-".join)
def test_a_job_runs_only_targets_of_the_makefile(job: tuple[str, str]) -> None:
    matrix = JOBS[job].get("strategy", {}).get("matrix", {})

    run = [re.fullmatch(r'make ("\$TARGET"|[a-z-]+)( \w+=[\w-]+)*', command) for command in commands(JOBS[job])]
    targets = matrix.get("target") or [match[1] for match in run if match]

    assert all(run)
    assert targets
    assert set(targets) <= TARGETS


@pytest.mark.parametrize("job", sorted(WRITERS), ids="-".join)
def test_a_job_that_may_write_runs_no_code_of_the_repository(job: tuple[str, str]) -> None:
    (script,) = commands(JOBS[job])
    lines = script.replace("\\\n", "").splitlines()

    assert [line for line in lines if not re.match(r"(git|gh|npm) |version=\$\(cat dist/version\)$", line)] == []


@pytest.mark.parametrize("job", JOBS, ids="-".join)
def test_a_job_has_a_timeout_and_only_the_permissions_that_it_needs(job: tuple[str, str]) -> None:
    assert JOBS[job]["timeout-minutes"] <= 90
    assert JOBS[job]["permissions"] == PERMISSIONS.get(job, READ)


def test_a_deployment_that_awaits_approval_does_not_block_other_commits() -> None:
    group = workflow("ci")["concurrency"]["group"]

    assert group == "ci-${{ github.event_name == 'pull_request' && github.ref || github.sha }}"
    assert JOBS["ci", "deploy"]["concurrency"]["group"] not in group


def test_only_tested_and_approved_commits_are_deployed_with_a_role() -> None:
    deploy = JOBS["ci", "deploy"]

    assert set(deploy["needs"]) == {"build", "check", "test"}
    assert deploy["environment"] == "production"
    assert deploy["if"] == "github.event_name == 'push'"
    assert workflow("ci")[True]["push"] == {"branches": ["main"]}  # YAML 1.1 reads the key `on` as true
    keys = [set(step["with"]) for step in deploy["steps"] if step.get("uses", "").startswith("aws-actions/")]
    assert keys == [{"role-to-assume", "aws-region"}, {"role-to-assume", "aws-region", "unset-current-credentials"}]


def test_the_deploy_job_installs_its_tools_before_it_has_credentials_and_builds_nothing() -> None:
    steps = JOBS["ci", "deploy"]["steps"]
    assumes = next(number for number, step in enumerate(steps) if "aws-actions" in step.get("uses", ""))

    def targets(part: list[dict[str, Any]]) -> set[str]:
        return {command.split()[1] for command in commands({"steps": part})}

    assert targets(steps[:assumes]) == BEFORE
    assert targets(steps[assumes:]) == AFTER
    assert all("aws-actions/" in step["uses"] for step in steps[assumes:] if "uses" in step)


def test_the_tests_of_the_deployed_stack_get_a_role_of_their_own() -> None:
    *_, deploys, verifying, verifies = JOBS["ci", "deploy"]["steps"]

    assert (deploys["run"].split()[1], verifies["run"]) == ("deploy-archive", "make verify STAGE=prod")
    assert verifying["with"]["role-to-assume"] == "${{ vars.VERIFY_ROLE_ARN }}"


def test_the_page_is_bundled_before_there_are_credentials() -> None:
    deploy = JOBS["page", "deploy"]
    steps = [step.get("run") or step["uses"].partition("@")[0] for step in deploy["steps"]]

    assert steps[2:] == [
        "make deploy-tools",
        "make page",
        "aws-actions/configure-aws-credentials",
        "make deploy-page STAGE=prod DEPLOY_ARGS=--no-confirm-changeset",
    ]
    assert (deploy["environment"], deploy["if"]) == ("production", "github.ref == 'refs/heads/main'")
    assert set(workflow("page")[True]) == {"workflow_dispatch"}
    assert used(deploy, "aws-actions/configure-aws-credentials")["role-to-assume"] == "${{ vars.DEPLOY_PAGE_ROLE_ARN }}"


@pytest.mark.parametrize(
    ("name", "giver", "taker", "target"),
    [
        ("ci", "build", "deploy", "archive"),
        ("release", "build", "npm", "release"),
        ("release", "build", "publish", "release"),
        ("upgrade", "lock", "propose", "lock"),
    ],
)
def test_a_job_with_more_permissions_takes_what_a_job_without_made(
    name: str, giver: str, taker: str, target: str
) -> None:
    made, taken = JOBS[name, giver], JOBS[name, taker]

    assert [command.split()[1] for command in commands(made)] == [target]
    assert taker in {job for workflow, job in PERMISSIONS if workflow == name}
    assert giver in ([taken["needs"]] if isinstance(taken["needs"], str) else taken["needs"])
    given = used(made, "actions/upload-artifact")
    assert given["if-no-files-found"] == "error"
    assert used(taken, "actions/download-artifact")["name"] == given["name"]


def test_ci_may_skip_no_test() -> None:
    for job in [JOBS["ci", "test"], JOBS["release", "test"]]:
        assert job["env"] == {"BROWSER": "required", "CONTAINER_ENGINE": "required"}


def test_only_main_is_released_after_its_tests_and_with_provenance() -> None:
    publish = JOBS["release", "publish"]

    assert set(workflow("release")[True]) == {"workflow_dispatch"}
    assert {job["if"] for (name, _), job in JOBS.items() if name == "release" and "needs" not in job} == {
        "github.ref == 'refs/heads/main'"
    }
    assert JOBS["release", "test"]["strategy"]["matrix"]["target"] == ["check", "test"]
    assert set(publish["needs"]) == {"build", "test"}
    published = re.findall(r"dist/[\w-]+\.(?:tar\.gz|json)", commands(publish)[0])
    assert used(publish, "actions/attest")["subject-path"].split() == published
    assert len(published) == 2


def test_npm_gets_the_packed_client_with_provenance_once_the_version_is_published() -> None:
    npm = JOBS["release", "npm"]
    client = json.loads((PROJECT / "spa/client/package.json").read_text())

    (command,) = commands(npm)
    assert (
        command.splitlines()[-1] == f'npm publish "./dist/{client["name"]}-$version.tgz" --provenance --access public'
    )
    assert npm["if"] == "vars.PUBLISH_TO_NPM == 'true'"
    assert "publish" in npm["needs"]


def test_ci_starts_for_the_drafts_of_the_upgrade_workflow() -> None:
    """GitHub starts no workflow for what GITHUB_TOKEN does, so somebody has to mark the draft as ready."""
    (script,) = commands(JOBS["upgrade", "propose"])

    assert "gh pr create --draft" in script
    assert "ready_for_review" in workflow("ci")[True]["pull_request"]["types"]


def test_the_page_and_the_tests_use_the_same_packages() -> None:
    """Dependabot could upgrade one of them only."""
    manifests = [json.loads((PROJECT / folder / "package.json").read_text()) for folder in ("spa", "tests/spa")]
    page, tests = ({**each.get("dependencies", {}), **each["devDependencies"]} for each in manifests)

    shared = page.keys() & tests.keys()
    assert shared >= {"aws-amplify", "esbuild", "typescript"}
    assert {name: page[name] for name in shared} == {name: tests[name] for name in shared}


def test_everything_pinned_is_kept_fresh() -> None:
    """Dependabot has the actions and the npm packages, the upgrade workflow what `make lock` writes."""
    updates = yaml.safe_load((PROJECT / ".github/dependabot.yml").read_text())["updates"]
    directories = {each["package-ecosystem"]: each.get("directories") for each in updates}
    locks = [path.parent for pattern in ("*", "*/*") for path in PROJECT.glob(f"{pattern}/package-lock.json")]
    requirements = [*PROJECT.glob("layers/*/requirements.txt"), *PROJECT.glob("tools/requirements/*.txt")]

    assert directories == {"github-actions": None, "npm": [f"/{path.relative_to(PROJECT)}" for path in sorted(locks)]}
    uploaded = used(JOBS["upgrade", "lock"], "actions/upload-artifact")["path"].split()
    assert {path for pattern in uploaded for path in PROJECT.glob(pattern)} == set(requirements)
