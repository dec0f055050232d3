"""The stages of samconfig.toml, and what AWS knows of the stacks that they name."""

import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PROJECT = Path(__file__).parent.parent
SAMCONFIG = PROJECT / "samconfig.toml"

# boto3's default mode does not retry Cognito's TooManyRequestsException.
_PATIENT = Config(retries={"total_max_attempts": 5, "mode": "standard"})


class StackError(Exception):
    """The stack cannot be used; the message says why, and what to do."""


def settings(stage: str, command: str, samconfig: Path = SAMCONFIG) -> dict[str, Any]:
    """Return what samconfig.toml says of a stage for all commands, and for one of them.

    Parameters
    ----------
    stage : str
        The name of an environment that can be deployed.
    command : str
        A command of the SAM CLI, or `page`.
    samconfig : Path
        Where the environments are.

    Raises
    ------
    StackError
        There is no such stage.
    """
    environments = tomllib.loads(samconfig.read_text(encoding="utf-8"))
    names = [name for name, each in environments.items() if isinstance(each, dict) and "deploy" in each]
    if stage not in names:
        choice = ", ".join(name for name in names if name != "local")
        raise StackError(f"samconfig.toml has no environment {stage}: choose one of {choice}.")
    chosen = environments[stage]
    return {**chosen.get("global", {}).get("parameters", {}), **chosen.get(command, {}).get("parameters", {})}


def connected(environment: Mapping[str, Any]) -> tuple[Callable[[str], Any], str | None]:
    """Return a function that makes clients with the operator's AWS credentials, and the Region of a stage.

    Parameters
    ----------
    environment : mapping
        The `settings` of the stage for `deploy`. If it has a `region` or a `profile`, the SAM CLI uses them too.

    Raises
    ------
    StackError
        The operator's AWS settings are not valid.
    """
    try:
        session = boto3.Session(region_name=environment.get("region"), profile_name=environment.get("profile"))
    except BotoCoreError as error:
        raise _unreachable(str(environment["stack_name"]), error) from None
    return partial(session.client, config=_PATIENT), session.region_name


def described(
    aws: Callable[[str], Any], name: str, region: str | None, target: str, output: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the outputs and the parameters of a stack, by name.

    Parameters
    ----------
    aws : callable
        `aws(service)` returns a boto3 client.
    name, region : str
        The stack's.
    target : str
        The target of `make` that deploys the stack, such as `deploy STAGE=prod`.
    output : str
        An output that the stack has once it is deployed.

    Raises
    ------
    StackError
        There is no such stack, AWS refuses to describe it, or it was not deployed to the end.
    """
    try:
        (stack,) = aws("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            raise StackError(f"There is no stack {name} in {region}: deploy it with make {target}.") from None
        raise StackError(f"AWS refuses to describe the stack {name}: {error}") from None
    except BotoCoreError as error:
        raise _unreachable(name, error) from None
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    if output not in outputs:
        raise StackError(f"The stack {name} is {stack['StackStatus']} and has no outputs: deploy it again.")
    return outputs, {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}


def page_stack(api_stack: str) -> str:
    """Return the name of the page's stack, which belongs to the API's."""
    return f"{api_stack}-page"


def _unreachable(name: str, error: BotoCoreError) -> StackError:
    return StackError(f"AWS cannot be asked for the stack {name}: {error}")
