"""`make archive` and `make deploy-archive`: CI builds in one job, and deploys that build in another."""

import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.local_cloud import PROJECT
from tests.support.scripts import script

# Builds a file that may be executed, and records what a deployment finds.
SAM = """#!/bin/sh
echo "$*" >> calls
if [ "$1" = build ]; then
  mkdir -p .aws-sam/build/DevicesFunction
  echo built > .aws-sam/build/template.yaml
  echo code > .aws-sam/build/DevicesFunction/run
  chmod 750 .aws-sam/build/DevicesFunction/run
else
  cat .aws-sam/build/template.yaml > deployed
  find .aws-sam/build -name 'run' -perm 750 >> deployed
  find .aws-sam/build -name 'old' >> deployed
fi
"""


TOOLS = {
    ".tools/bin/uv": "uv",
    ".tools/sam/.installed": "sam",
    ".tools/node/.installed": "node",
    ".venv/.installed": "dev",
}
PACKAGES = "tests/spa"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with the project's Makefile, whose tools are installed and whose SAM CLI is a stand-in."""
    requirements = [f"tools/requirements/{name}.txt" for name in TOOLS.values()]
    packages = [f"{PACKAGES}/package.json", f"{PACKAGES}/package-lock.json"]
    for path in ["Makefile", "samconfig.toml", *requirements, *packages]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / path, tmp_path / path)
    for path in [*TOOLS, f"{PACKAGES}/node_modules/.installed"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    for path in TOOLS:
        has_python(tmp_path, str(Path(path).parent))
    return tmp_path


def has_python(project: Path, environment: str) -> None:
    """Give an environment a Python, which records its arguments."""
    (project / environment / "bin").mkdir(parents=True, exist_ok=True)
    script(project / environment / "bin/python", '#!/bin/sh\nprintf "%s\\n" "$@" >given\n')


def make(project: Path, *arguments: str) -> list[str]:
    """Run make; return the calls of the SAM CLI."""
    sam = script(project / "sam", SAM)
    subprocess.run(["make", f"SAM={sam}", *arguments], cwd=project, check=True, stdout=subprocess.DEVNULL)
    return (project / "calls").read_text().splitlines()


def test_the_archive_of_one_job_is_what_another_deploys_without_building(project: Path) -> None:
    # Given an archive from a job that builds, and a folder with an older build
    assert make(project, "archive", "STAGE=prod") == ["build --config-env prod"]
    shutil.rmtree(project / ".aws-sam")
    (project / "calls").unlink()
    (project / ".aws-sam/build").mkdir(parents=True)
    (project / ".aws-sam/build/old").touch()

    # When the other job deploys
    calls = make(project, "deploy-archive", "STAGE=prod", "DEPLOY_ARGS=--no-confirm-changeset")

    # Then it deploys that build, with its permissions, and nothing of the older one
    assert calls == ["deploy --config-env prod --no-confirm-changeset"]
    assert (project / "deployed").read_text().splitlines() == ["built", ".aws-sam/build/DevicesFunction/run"]


def test_the_page_is_deployed_with_the_given_arguments(project: Path) -> None:
    command = ["make", "--old-file=page", "deploy-page", "STAGE=prod", "DEPLOY_ARGS=--no-confirm-changeset"]

    subprocess.run(command, cwd=project, check=True)  # without bundling the page

    given = (project / "given").read_text().splitlines()
    assert given == ["-m", "tools.deploy_page", "--stage", "prod", "--no-confirm-changeset"]


def test_without_an_archive_nothing_is_deployed(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / ".aws-sam/build").mkdir(parents=True)
    (project / ".aws-sam/build/template.yaml").touch()

    with pytest.raises(subprocess.CalledProcessError):
        make(project, "deploy-archive", "STAGE=prod")

    assert "dist/cognito-device-api.tar.gz is missing: run make archive" in capfd.readouterr().err
    assert not (project / "calls").exists()


def test_an_archive_for_another_architecture_is_not_deployed(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """CloudFormation would deploy it, and the function could not import its layer."""
    make(project, "archive")
    settings = (project / "samconfig.toml").read_text()
    before, section, rest = settings.partition("[prod.global.parameters.parameter_overrides]")
    (project / "samconfig.toml").write_text(before + section + rest.replace('"arm64"', '"x86_64"', 1))

    with pytest.raises(subprocess.CalledProcessError):
        make(project, "deploy-archive", "STAGE=prod")

    message = 'was built for arm64, but samconfig.toml sets Architecture = "x86_64" for STAGE=prod.'
    assert message in capfd.readouterr().err
    assert (project / "calls").read_text().splitlines() == ["build --config-env default"]


def refusal(project: Path, capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run make, which must do nothing; return its error."""
    shutil.rmtree(project / ".tools/sam")
    with pytest.raises(subprocess.CalledProcessError):
        make(project, *arguments)
    assert not [name for name in ("hit", "calls", "given", ".tools/sam") if (project / name).exists()]
    error, _ = capfd.readouterr().err.splitlines()  # the other is make's own line
    return error


@pytest.mark.parametrize("target", ["build", "archive", "deploy", "deploy-archive", "deploy-page", "verify"])
def test_an_unknown_stage_is_refused_with_the_names_of_all(
    target: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = (project / "samconfig.toml").read_text()
    (project / "samconfig.toml").write_text(settings.replace("[dev.", "[test."))

    assert refusal(project, capfd, target, "STAGE=dev") == (
        'samconfig.toml has no stage "dev" with an Architecture: choose one of default, test, prod.'
    )


@pytest.mark.parametrize(
    "stage",
    ["", "local", "dev prod", "%", ".*", 'a"b', "'; touch hit; '", "$(touch hit)", "$(shell touch hit)", "`touch hit`"],
)
def test_neither_make_nor_bash_nor_sed_interprets_the_name_of_a_stage(
    stage: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert f'no stage "{stage}"' in refusal(project, capfd, "build", f"STAGE={stage}")


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("bench", ["COLD", "WARM"]),
        ("bench-imports", ["STARTS", "ONLY"]),
        ("bench-page", ["RUNS"]),
        ("invoke", ["EVENT", "COGNITO"]),
        ("load", ["SECONDS_EACH", "INVOCATIONS"]),
        ("scaling", ["VIEWS"]),
        ("start-api", ["PORT", "COGNITO"]),
        ("verify", ["ONLY"]),
    ],
)
def test_a_command_gets_what_a_developer_set_as_it_is(target: str, names: list[str], project: Path) -> None:
    # Given
    value = 'it\'s "a" $HOME $$ $(touch hit) `touch hit` $(error) # a\\b'
    for each in ("bench", "load", "local"):
        (project / f"tools/requirements/{each}.txt").touch()
        has_python(project, f".tools/{each}")
        (project / f".tools/{each}/.installed").touch()
    # When
    command = ["make", "--old-file=spa/dist/index.html", target]  # the page is bundled already
    subprocess.run([*command, *(f"{name}={value}" for name in names)], cwd=project, check=True)
    # Then
    assert (project / "given").read_text().splitlines().count(value) == len(names)
    assert not (project / "hit").exists()


@pytest.mark.parametrize("kind", [Path.touch, lambda path: path.symlink_to("/nowhere/else")])
def test_what_is_not_a_folder_is_not_built_into(
    kind: Callable[[Path], None], project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    kind(project / ".aws-sam")

    with pytest.raises(subprocess.CalledProcessError):
        make(project, "build")

    error, _ = capfd.readouterr().err.splitlines()
    assert error == ".aws-sam must be a folder that you can write to: remove it, or change its owner."
    assert not (project / "calls").exists()


def test_equal_builds_make_equal_archives(project: Path) -> None:
    make(project, "archive")
    first = (project / "dist/cognito-device-api.tar.gz").read_bytes()
    for path in (project / ".aws-sam").rglob("*"):
        path.touch()
    make(project, "archive")

    assert (project / "dist/cognito-device-api.tar.gz").read_bytes() == first
    with tarfile.open(project / "dist/cognito-device-api.tar.gz") as archive:
        assert {(each.uid, each.mtime) for each in archive} == {(0, 315_619_200)}


def test_make_deploy_builds_first(project: Path) -> None:
    assert make(project, "deploy", "STAGE=dev") == ["build --config-env dev", "deploy --config-env dev"]
