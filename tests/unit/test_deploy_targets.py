"""`make archive` and `make deploy-archive`: CI builds in one job, and deploys that build in another."""

import shutil
import subprocess
import tarfile
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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with the project's Makefile, whose tools are installed and whose SAM CLI is a stand-in."""
    for path in ["Makefile", "samconfig.toml", "tools/requirements/sam.txt", "tools/requirements/uv.txt"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / path, tmp_path / path)
    for path in [".tools/bin/uv", ".tools/sam/.installed"]:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    return tmp_path


def make(project: Path, *arguments: str) -> list[str]:
    """Run make; return the calls of the SAM CLI."""
    sam = script(project / "sam", SAM)
    subprocess.run(["make", f"SAM={sam}", *arguments], cwd=project, check=True, capture_output=True, text=True)
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


def test_without_an_archive_nothing_is_deployed(project: Path) -> None:
    (project / ".aws-sam/build").mkdir(parents=True)
    (project / ".aws-sam/build/template.yaml").touch()

    with pytest.raises(subprocess.CalledProcessError, match="deploy-archive"):
        make(project, "deploy-archive", "STAGE=prod")

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
