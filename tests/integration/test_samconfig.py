"""samconfig.toml as SAM and the Makefile read it."""

import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local import sam_cli
from tests.support.local_cloud import PROJECT

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

SAMCONFIG: dict[str, Any] = tomllib.loads((PROJECT / "samconfig.toml").read_text())


def test_sam_sends_every_parameter_of_an_environment(
    emulator: str, cloudformation: "CloudFormationClient", tmp_path: Path
) -> None:
    settings = SAMCONFIG["prod"]["global"]["parameters"]

    sam_cli.run(
        "deploy",
        "--config-env", "prod",
        "--no-confirm-changeset",
        "--no-execute-changeset",
        "--template-file", "template.yaml",
        log=tmp_path / "deploy.log",
        AWS_ACCESS_KEY_ID="test",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ENDPOINT_URL=emulator,
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106
    )  # fmt: skip

    (made,) = cloudformation.list_change_sets(StackName=settings["stack_name"])["Summaries"]
    sent = cloudformation.describe_change_set(ChangeSetName=made["ChangeSetId"])["Parameters"]
    assert {each["ParameterKey"]: each["ParameterValue"] for each in sent} == {
        name: str(value) for name, value in settings["parameter_overrides"].items()
    }


@pytest.mark.parametrize("stage", ["default", "dev", "prod"])
def test_the_layer_is_built_for_the_architecture_of_the_environment(stage: str, tmp_path: Path) -> None:
    # Given one environment with another architecture
    shutil.copy(PROJECT / "Makefile", tmp_path)
    before, section, rest = (PROJECT / "samconfig.toml").read_text().partition(f"[{stage}.global.parameters.param")
    rest = rest.replace('Architecture = "arm64"', 'Architecture = "x86_64" # Graviton "later"', 1)
    (tmp_path / "samconfig.toml").write_text(before + section + rest)

    built = {each: architecture(tmp_path, each) for each in ("default", "dev", "prod")}

    assert built == {each: "x86_64" if each == stage else "arm64" for each in built}


def architecture(directory: Path, stage: str) -> str:
    """Return the architecture that `make` exports to the layer's build."""
    command = ["make", f"STAGE={stage}", "--eval=print: ; @echo $$ARCHITECTURE", "print"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("stage", ["local", "staging"])
def test_a_stage_without_an_architecture_is_not_built(stage: str) -> None:
    ran = subprocess.run(["make", "build", f"STAGE={stage}"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert ran.returncode == 2
    assert f"samconfig.toml sets no Architecture for STAGE={stage}: choose default, dev or prod." in ran.stderr
