"""samconfig.toml as SAM and the Makefile read it."""

import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local import sam_cli
from tests.support.local_cloud import PROJECT

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

SAMCONFIG: dict[str, Any] = tomllib.loads((PROJECT / "samconfig.toml").read_text())


@pytest.fixture(scope="module")
def made(emulator: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let SAM upload what `prod` needs, and make a change set for it."""
    sam_cli.run(
        "deploy",
        "--config-env", "prod",
        "--no-confirm-changeset",
        "--no-execute-changeset",
        "--template-file", "template.yaml",
        log=tmp_path_factory.mktemp("sam") / "deploy.log",
        AWS_ACCESS_KEY_ID="test",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ENDPOINT_URL=emulator,
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106
    )  # fmt: skip


@pytest.mark.usefixtures("made")
def test_sam_sends_every_parameter_of_an_environment(cloudformation: "CloudFormationClient") -> None:
    settings = SAMCONFIG["prod"]["global"]["parameters"]

    (change_set,) = cloudformation.list_change_sets(StackName=settings["stack_name"])["Summaries"]
    sent = cloudformation.describe_change_set(ChangeSetName=change_set["ChangeSetId"])["Parameters"]
    assert {each["ParameterKey"]: each["ParameterValue"] for each in sent} == {
        name: str(value) for name, value in settings["parameter_overrides"].items()
    }


@pytest.mark.usefixtures("made")
def test_what_sam_uploads_for_a_stack_is_of_that_stack_only(emulator: str, connect: Callable[[str, str], Any]) -> None:
    """`sam delete` deletes what its stack uploaded. Equal builds of other stacks must not be among it."""
    s3 = connect("s3", emulator)
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if each["Name"].startswith("aws-sam-cli")]

    uploaded = [each["Key"].rpartition("/")[0] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]]

    assert len(uploaded) == 3  # the function, the layer and the template
    assert set(uploaded) == {SAMCONFIG["prod"]["global"]["parameters"]["stack_name"]}


def test_each_environment_uploads_to_a_folder_of_its_own_and_may_be_deployed_again() -> None:
    for stage in ("default", "dev", "prod"):
        settings = SAMCONFIG[stage]["deploy"]["parameters"]
        assert settings["s3_prefix"] == SAMCONFIG[stage]["global"]["parameters"]["stack_name"]
        assert settings["fail_on_empty_changeset"] is False


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
    command = ["make", "--no-print-directory", f"STAGE={stage}", "--eval=print: ; @echo $$ARCHITECTURE", "print"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("stage", ["local", "staging"])
def test_a_stage_without_an_architecture_is_not_built(stage: str) -> None:
    ran = subprocess.run(["make", "build", f"STAGE={stage}"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert ran.returncode == 2
    message = f'samconfig.toml has no stage "{stage}" with an Architecture: choose one of default, dev, prod.'
    assert message in ran.stderr
