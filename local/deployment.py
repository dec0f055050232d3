"""Deploys this repo's template, once it is built, into the local cloud."""

from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local import sam_cli
from local.build import template_in

REGION = "us-east-1"
STACK_NAME = "cognito-device-api"
STAGE_NAME = "v1"
_ARTIFACTS_BUCKET = "local-artifacts"  # samconfig.toml names it too, for the environment `local`


def client(service: str, endpoint: str) -> Any:
    """Return a boto3 client of the local cloud, whatever the developer's own AWS settings are."""
    return boto3.client(  # type: ignore[call-overload]  # any service
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local cloud's
        config=Config(retries={"total_max_attempts": 1}),
    )


def deploy(endpoint: str, directory: Path, page_origin: str) -> dict[str, str]:
    """Run `sam deploy` against the local cloud at `endpoint`, for pages of one origin; return the stack's outputs.

    Raises
    ------
    SamCliError
        If the deployment fails.
    """
    client("s3", endpoint).create_bucket(Bucket=_ARTIFACTS_BUCKET)
    architecture = sam_cli.architecture()
    # The emulator has no metric math, which alarms need.
    parameters = f"Architecture={architecture} LogLevel=DEBUG Monitoring=disabled AllowedOrigins={page_origin}"
    sam_cli.run(
        "deploy",
        "--config-file", str(sam_cli.PROJECT / "samconfig.toml"),
        "--config-env", "local",
        "--template-file", str(template_in(directory)),
        "--parameter-overrides", parameters,
        log=directory / "deploy.log",
        AWS_ACCESS_KEY_ID="test",
        AWS_ENDPOINT_URL=endpoint,
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106
    )  # fmt: skip
    (stack,) = client("cloudformation", endpoint).describe_stacks(StackName=STACK_NAME)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
