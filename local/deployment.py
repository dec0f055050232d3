"""Deploys the built template into the local cloud, and makes boto3 clients of it."""

import re
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local import sam_cli, stable_ids
from local.build import template_in
from local.ministack import REGION
from local.origins import MOST_CHARACTERS

STACK_NAME = "cognito-device-api"
STAGE_NAME = "v1"
_ARTIFACTS_BUCKET = "local-artifacts"  # as in samconfig.toml, in the environment `local`


def client(service: str, endpoint: str) -> Any:
    """Return a boto3 client of a service in the local cloud, independent of the developer's own AWS settings."""
    return boto3.client(  # type: ignore[call-overload]  # the stubs list few services
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - any value will do in the local cloud
        config=Config(retries={"total_max_attempts": 1}, proxies={}),  # no proxy, whatever the environment says
    )


def deploy(endpoint: str, directory: Path, origins: str) -> dict[str, str]:
    """Run `sam deploy` against the local cloud, and return the stack's outputs by name.

    Parameters
    ----------
    endpoint : str
        URL of the local cloud.
    directory : Path
        Where `local.build` built the template; the log goes there too.
    origins : str
        The origins that the API allows, separated by commas; at most `local.origins.MOST_CHARACTERS`.

    Raises
    ------
    SamCliError
        The deployment failed.
    """
    client("s3", endpoint).create_bucket(Bucket=_ARTIFACTS_BUCKET)
    architecture = sam_cli.architecture()
    # The emulator lacks metric math, which the alarms need.
    parameters = f"Architecture={architecture} LogLevel=DEBUG Monitoring=disabled AllowedOrigins={origins}"
    sam_cli.run(
        "deploy",
        "--config-file", str(sam_cli.PROJECT / "samconfig.toml"),
        "--config-env", "local",
        "--template-file", str(_with_room_for_origins(template_in(directory))),
        "--parameter-overrides", parameters,
        "--tags", stable_ids.TAG,
        log=directory / "deploy.log",
        AWS_ACCESS_KEY_ID="test",
        AWS_ENDPOINT_URL=endpoint,
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106
    )  # fmt: skip
    (stack,) = client("cloudformation", endpoint).describe_stacks(StackName=STACK_NAME)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _with_room_for_origins(template: Path) -> Path:
    """Copy a built template with a higher limit of the parameter AllowedOrigins, beside what it refers to."""
    limited = re.sub(
        r"(?<=\n  AllowedOrigins:\n)((?:    .*\n)*?    MaxLength:) \d+\n",
        rf"\1 {MOST_CHARACTERS}\n",
        template.read_text(encoding="utf-8"),
    )
    copy = template.with_name("local.yaml")
    copy.write_text(limited, encoding="utf-8")
    return copy
