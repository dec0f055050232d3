"""Finds the stack under test: the local cloud's, or the one that `make deploy` deployed to AWS."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local import deployment
from local.session import Session
from tools import stages
from tools.stages import StackError
from tools.verify.stack import Stack


def of_session(session: Session) -> Stack:
    """Return the stack that `make run` deployed into the local cloud."""
    endpoint = session["cognito_endpoint"]

    aws = partial(deployment.client, endpoint=endpoint)
    _, parameters = stages.described(aws, deployment.STACK_NAME, session["region"], "run", "ApiUrl")
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


def of_stage(stage: str, given: Mapping[str, str] = os.environ, samconfig: Path = stages.SAMCONFIG) -> Stack:
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
    environment = stages.settings(stage, "deploy", samconfig)
    name = str(environment["stack_name"])
    aws, region = stages.connected(environment)
    outputs, parameters = stages.described(aws, name, region, f"deploy STAGE={stage}", "ApiUrl")
    made_pool = "UserPoolClientId" in outputs
    token = "" if made_pool else given.get("ACCESS_TOKEN", "")
    user = ("", "") if made_pool or token else (given.get("USERNAME", ""), given.get("PASSWORD", ""))
    if not (made_pool or token or all(user)):
        raise StackError(f"{name} uses an existing user pool: give USERNAME and PASSWORD of a user, or ACCESS_TOKEN.")
    client_id = outputs.get("UserPoolClientId") or given.get("CLIENT_ID", "")
    if not client_id and not token:
        client_id = _sole_client(aws("cognito-idp"), outputs["UserPoolId"])
    page, no_page = _page(aws, name, region, stage)
    return Stack(
        name=name,
        region=str(region),
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
        page=page,
        no_page=no_page,
    )


def _page(aws: Callable[[str], Any], name: str, region: str | None, stage: str) -> tuple[dict[str, str], str]:
    """Return the outputs of the page's stack, or why there are none: the API may have no page."""
    try:
        outputs, _ = stages.described(aws, stages.page_stack(name), region, f"deploy-page STAGE={stage}", "PageUrl")
    except StackError as error:
        return {}, str(error)
    return outputs, ""


def _wanted(environment: Mapping[str, Any]) -> dict[str, str]:
    overrides = environment.get("parameter_overrides")
    # SAM also accepts a string or a list, which are not read here.
    return {name: str(value) for name, value in overrides.items()} if isinstance(overrides, dict) else {}


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
