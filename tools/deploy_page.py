"""Puts the page online: deploys its stack, and uploads its files and a config.json for the API's stack.

python -m tools.deploy_page --stage prod

runs it after `make page`; the page's stack is named after the API's.
"""

import argparse
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local import sam_cli
from local.page_files import DIST, TYPES, cache_control
from tools import page_config, stages
from tools.stages import PROJECT, SAMCONFIG, StackError

_CONFIG = "config.json"


def main(arguments: list[str] | None = None) -> int:
    """Deploy the page, and print its URL as the last line; return 0, or 1 after a message about what failed.

    Return 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.deploy_page", description="Put the page online.")
    parser.add_argument("--stage", required=True, help="environment of samconfig.toml")
    parser.add_argument(
        "--confirm-changeset",
        action=argparse.BooleanOptionalAction,
        help="ask before anything is deployed (default: samconfig.toml's confirm_changeset)",
    )
    parser.add_argument("--page", type=Path, default=DIST, help="folder of the bundled page (default: spa/dist)")
    asked = parser.parse_args(arguments)
    try:
        url = deploy(asked.stage, asked.page, confirm=asked.confirm_changeset)
    except KeyboardInterrupt:
        print("stopped: the page may be half uploaded, so run make deploy-page again", file=sys.stderr)
        return 130
    except (StackError, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(url)
    return 0


def deploy(stage: str, directory: Path, samconfig: Path = SAMCONFIG, *, confirm: bool | None = None) -> str:
    """Deploy the page beside the API of a stage; return its URL.

    Parameters
    ----------
    stage : str
        An environment of samconfig.toml.
    directory : Path
        The bundled page.
    samconfig : Path
        Where the environments are.
    confirm : bool, optional
        Whether to show the change set and to ask; by default what the stage's `confirm_changeset` says.

    Raises
    ------
    StackError
        The API is not deployed, a setting is missing or cannot work, the page's stack cannot be deployed, or the
        operator does not confirm it.
    botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError
        AWS refused a request, or could not be reached.
    """
    if not (directory / "index.html").is_file():
        raise StackError(f"{directory} has no page: run make page.")
    environment, settings = (stages.settings(stage, command, samconfig) for command in ("deploy", "page"))
    name = str(environment["stack_name"])
    aws, region = stages.connected(environment)
    _require_cloudfront(region)
    api, _ = stages.described(aws, name, region, f"deploy STAGE={stage}", "ApiUrl")
    config = page_config.content(aws, api, settings.get("UserPoolClientId", ""), stage)
    parameters = {
        "ApiDomainName": urlsplit(api["ApiUrl"]).netloc,
        "DomainName": settings.get("DomainName", ""),
        "CertificateArn": settings.get("CertificateArn", ""),
        "WebAclArn": settings.get("WebAclArn", ""),
    }
    if parameters["DomainName"] == parameters["ApiDomainName"]:
        raise StackError(
            f"{parameters['DomainName']} is the API's: CloudFront calls it there, so the page needs another."
        )
    page_stack = stages.page_stack(name)
    asks = environment.get("confirm_changeset", False) if confirm is None else confirm
    _deploy_stack(page_stack, str(region), environment.get("profile"), parameters, asks=asks)
    outputs, _ = stages.described(aws, page_stack, region, f"deploy-page STAGE={stage}", "PageUrl")
    _upload(aws("s3"), outputs["BucketName"], directory, config)
    _invalidate(aws("cloudfront"), outputs["DistributionId"])
    if parameters["DomainName"]:
        print(f"{parameters['DomainName']} needs a DNS record that points to {outputs['DomainTarget']}")
    return outputs["PageUrl"]


def _require_cloudfront(region: str | None) -> None:
    partition = boto3.Session().get_partition_for_region(region) if region else "aws"
    if partition != "aws":
        raise StackError(f"The page cannot be deployed in {partition}: host it as docs/api.md describes.")


def _deploy_stack(name: str, region: str, profile: str | None, parameters: Mapping[str, str], *, asks: bool) -> None:
    values = [f'ParameterKey={key},ParameterValue="{value}"' for key, value in parameters.items()]
    command = [
        *(sam_cli.executable(), "deploy", "--template-file", "spa/template.yaml"),
        *("--stack-name", name, "--region", region, "--parameter-overrides", *values),
        *("--no-confirm-changeset", "--no-fail-on-empty-changeset"),
        *(("--profile", profile) if profile else ()),
    ]
    # The SAM CLI's own question has the same exit code after each answer. So show the change set first, and ask here.
    for options in (["--no-execute-changeset"], []) if asks else ([],):
        if subprocess.run([*command, *options], cwd=PROJECT, stdin=subprocess.DEVNULL, check=False).returncode:
            raise StackError(f"The stack {name} was not deployed: the output above has the cause.")
        if options and not _is_confirmed():
            raise StackError("Nothing was deployed.")


def _is_confirmed() -> bool:
    try:
        return input("Deploy these changes, and upload the page? [y/N]: ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False  # nobody is there to ask, as in a workflow


def _upload(s3: Any, bucket: str, directory: Path, config: bytes) -> None:
    """Upload assets first and index.html last, so that whoever gets it finds all that it refers to."""
    files = {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.suffix in TYPES and path.is_file()
    }
    for path, body in sorted({**files, _CONFIG: config}.items(), key=lambda each: each[0] == "index.html"):
        s3.put_object(
            Bucket=bucket,
            Key=path,
            Body=body,
            ContentType=TYPES[Path(path).suffix],
            CacheControl=cache_control(path),
        )
        print(f"uploaded {path}", flush=True)


def _invalidate(cloudfront: Any, distribution: str) -> None:
    """Remove from CloudFront's caches what changes with a deployment, and wait until it is gone everywhere."""
    paths = ["/", "/index.html", f"/{_CONFIG}"]
    batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": str(uuid.uuid4())}
    made = cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)["Invalidation"]
    print("waiting for CloudFront", flush=True)
    cloudfront.get_waiter("invalidation_completed").wait(DistributionId=distribution, Id=made["Id"])


if __name__ == "__main__":
    sys.exit(main())
