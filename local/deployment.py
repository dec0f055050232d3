"""Builds this repo's template with the SAM CLI and deploys it into the local cloud."""

import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

REGION = "us-east-1"
STACK_NAME = "cognito-device-api"
STAGE_NAME = "v1"
_ARTIFACTS_BUCKET = "local-artifacts"  # samconfig.toml names it too, for the environment `local`
_ARCHITECTURES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_PROJECT = Path(__file__).parent.parent


class DeploymentError(Exception):
    """The template could not be built or deployed; the text is a sentence for the developer."""


def client(service: str, endpoint: str) -> Any:
    """Return a boto3 client of the local cloud, whatever the developer's own AWS settings are."""
    return boto3.client(  # type: ignore[call-overload]  # any service
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


def require_tools() -> None:
    """Raise DeploymentError if a tool that `build` and `deploy` call is missing."""
    for tool in ("make", _sam(), _uv()):
        if shutil.which(tool) is None:
            raise DeploymentError(
                f"{tool} is missing: start the local cloud with `make run`, which installs its tools."
            )


def build(directory: Path) -> None:
    """Run `sam build` for this machine's architecture.

    Parameters
    ----------
    directory : Path
        Where the build and its log go.

    Raises
    ------
    DeploymentError
        If the build fails, or there are no wheels for this machine.
    """
    _run(
        "sam build",
        directory / "build.log",
        [_sam(), "build", "--build-dir", str(directory / "build"), "--parameter-overrides", _parameters()],
        {"ARCHITECTURE": _architecture(), "UV": _uv()},
    )


def deploy(endpoint: str, directory: Path) -> dict[str, str]:
    """Run `sam deploy` against the local cloud at `endpoint`; return the stack's outputs.

    Raises
    ------
    DeploymentError
        If the deployment fails.
    """
    client("s3", endpoint).create_bucket(Bucket=_ARTIFACTS_BUCKET)
    _run(
        "sam deploy",
        directory / "deploy.log",
        [_sam(), "deploy", "--config-file", str(_PROJECT / "samconfig.toml"), "--config-env", "local",
         "--template-file", str(directory / "build" / "template.yaml"), "--parameter-overrides", _parameters()],
        {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_SECRET_ACCESS_KEY": "test",
        },
    )  # fmt: skip
    (stack,) = client("cloudformation", endpoint).describe_stacks(StackName=STACK_NAME)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _parameters() -> str:
    return f"Architecture={_architecture()} LogLevel=DEBUG"


def _architecture() -> str:
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise DeploymentError(f"Lambda knows no {machine} processor: the local cloud runs on x86_64 and arm64.")
    return _ARCHITECTURES[machine]


def _sam() -> str:
    return os.environ.get("SAM", str(_PROJECT / ".tools/sam/bin/sam"))


def _uv() -> str:
    return os.environ.get("UV", str(_PROJECT / ".tools/bin/uv"))


def _run(name: str, log: Path, command: list[str], settings: dict[str, str]) -> None:
    # The developer's own AWS settings must neither break the local cloud nor be used by it.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SAM_", "MAKE"))}
    no_settings = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "SAM_CLI_TELEMETRY": "0"}
    with log.open("w") as output:
        finished = subprocess.run(
            command,
            cwd=_PROJECT,
            env={**inherited, **no_settings, **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if finished.returncode:
        raise DeploymentError(f"{name} failed with exit code {finished.returncode}: see {log}")
