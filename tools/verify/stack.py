"""The stack under test: what its outputs and parameters say, and the clients that reach it."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local import deployment
from local.session import Session

PROJECT = Path(__file__).parents[2]
# boto3's default mode does not retry Cognito's TooManyRequestsException.
_PATIENT = Config(retries={"total_max_attempts": 5, "mode": "standard"})


class StackError(Exception):
    """The stack cannot be tested; the message says why, and what to do."""


@dataclass(frozen=True)
class Stack:
    """A deployed stack.

    Attributes
    ----------
    name, region : str
    aws : callable
        `aws(service)` returns a boto3 client with the operator's credentials.
    api_url : str
        Base URL of the API, including the stage.
    parameters : mapping
        The parameters' deployed values.
    user_pool_id : str
    client_id : str
        An app client that signs users in with SRP; empty if none is needed.
    made_pool : bool
        Whether the stack made the user pool, in which tests may create users.
    endpoint : str or None
        URL of the local cloud; None for AWS.
    username, password, access_token : str
        A user of an existing pool, or only a user's access token. Otherwise empty.
    wanted : mapping
        The parameters' values in samconfig.toml; empty if it has none, or for the local cloud.
    """

    name: str
    region: str
    aws: Callable[[str], Any]
    api_url: str
    parameters: Mapping[str, str]
    user_pool_id: str
    client_id: str
    made_pool: bool
    endpoint: str | None = None
    username: str = ""
    password: str = ""
    access_token: str = ""
    wanted: Mapping[str, str] = field(default_factory=dict)

    @property
    def origins(self) -> list[str]:
        """The origins whose pages may read the API's responses."""
        return [origin for origin in self.parameters["AllowedOrigins"].split(",") if origin]

    def resource(self, logical_id: str) -> str:
        """Return the physical ID of one of the stack's resources."""
        described = self.aws("cloudformation").describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(described["StackResourceDetail"]["PhysicalResourceId"])


def of_session(session: Session) -> Stack:
    """Return the stack that `make run` deployed into the local cloud."""
    endpoint = session["cognito_endpoint"]

    def aws(service: str) -> Any:
        return deployment.client(service, endpoint)

    _, parameters = _described(aws, deployment.STACK_NAME, session["region"])
    return Stack(
        name=deployment.STACK_NAME,
        region=session["region"],
        aws=aws,
        api_url=session["api_url"],
        parameters=parameters,
        user_pool_id=session["user_pool_id"],
        client_id=session["user_pool_client_id"],
        made_pool=True,
        endpoint=endpoint,
    )


def of_stage(stage: str, given: Mapping[str, str] = os.environ, samconfig: Path = PROJECT / "samconfig.toml") -> Stack:
    """Return the stack that `make deploy STAGE=stage` deployed, found with the operator's AWS credentials.

    Parameters
    ----------
    stage : str
        An environment of samconfig.toml.
    given : mapping
        API_URL is another URL of the API. For a stack with an existing user pool: USERNAME and PASSWORD of a user, or
        ACCESS_TOKEN; and CLIENT_ID, if the pool has several app clients without a secret that allow SRP.
    samconfig : Path
        Where the environments are.

    Raises
    ------
    StackError
        There is no such environment or stack, no credentials, or no user.
    """
    environment = _environment(stage, samconfig)
    name = str(environment["stack_name"])
    try:
        session = boto3.Session(region_name=environment.get("region"))
    except BotoCoreError as error:
        raise StackError(f"AWS cannot be asked for the stack {name}: {error}") from None
    aws: Callable[[str], Any] = partial(session.client, config=_PATIENT)
    outputs, parameters = _described(aws, name, session.region_name, stage)
    made_pool = "UserPoolClientId" in outputs
    token = "" if made_pool else given.get("ACCESS_TOKEN", "")
    user = ("", "") if made_pool or token else (given.get("USERNAME", ""), given.get("PASSWORD", ""))
    if not (made_pool or token or all(user)):
        raise StackError(f"{name} uses an existing user pool: give USERNAME and PASSWORD of a user, or ACCESS_TOKEN.")
    client_id = outputs.get("UserPoolClientId") or given.get("CLIENT_ID", "")
    if not client_id and not token:
        client_id = _sole_client(aws("cognito-idp"), outputs["UserPoolId"])
    return Stack(
        name=name,
        region=session.region_name,
        aws=aws,
        api_url=(given.get("API_URL") or outputs["ApiUrl"]).rstrip("/"),
        parameters=parameters,
        user_pool_id=outputs["UserPoolId"],
        client_id=client_id,
        made_pool=made_pool,
        username=user[0],
        password=user[1],
        access_token=token,
        wanted=_wanted(environment),
    )


def _environment(stage: str, samconfig: Path) -> dict[str, Any]:
    """Return what samconfig.toml says of an environment for all commands, and of `sam deploy`."""
    environments = tomllib.loads(samconfig.read_text(encoding="utf-8"))
    names = [name for name, each in environments.items() if isinstance(each, dict) and "deploy" in each]
    if stage not in names:
        choice = ", ".join(name for name in names if name != "local")
        raise StackError(f"samconfig.toml has no environment {stage}: choose one of {choice}.")
    chosen = environments[stage]
    return {**chosen.get("global", {}).get("parameters", {}), **chosen["deploy"].get("parameters", {})}


def _wanted(environment: Mapping[str, Any]) -> dict[str, str]:
    overrides = environment.get("parameter_overrides")
    # SAM also accepts a string or a list, which are not read here.
    return {name: str(value) for name, value in overrides.items()} if isinstance(overrides, dict) else {}


def _described(
    aws: Callable[[str], Any], name: str, region: str | None, stage: str = ""
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the outputs and the parameters of a stack."""
    try:
        (stack,) = aws("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            message = f"There is no stack {name} in {region}: deploy it with make deploy STAGE={stage}."
            raise StackError(message) from None
        raise StackError(f"AWS refuses to describe the stack {name}: {error}") from None
    except BotoCoreError as error:
        raise StackError(f"AWS cannot be asked for the stack {name}: {error}") from None
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    if "ApiUrl" not in outputs:
        raise StackError(f"The stack {name} is {stack['StackStatus']} and has no outputs: deploy it again.")
    return outputs, {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}


def _sole_client(cognito: Any, pool_id: str) -> str:
    """Return the pool's one app client with which a browser can sign in by SRP."""
    try:
        ids = [
            each["ClientId"]
            for page in cognito.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool_id)
            for each in page["UserPoolClients"]
        ]
        clients = [
            cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=each)["UserPoolClient"] for each in ids
        ]
    except ClientError as error:
        raise StackError(f"The app clients of {pool_id} cannot be listed ({error}): give CLIENT_ID.") from None
    fit = [
        each["ClientId"]
        for each in clients
        if "ClientSecret" not in each and "ALLOW_USER_SRP_AUTH" in each.get("ExplicitAuthFlows", [])
    ]
    if len(fit) != 1:
        raise StackError(
            f"{len(fit)} app clients of {pool_id} have no secret and allow SRP: give CLIENT_ID, the page's app client."
        )
    return str(fit[0])
