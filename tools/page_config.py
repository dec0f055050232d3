"""The page's config.json, for the API's stack and user pool."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from tools.stages import StackError

_SRP = "ALLOW_USER_SRP_AUTH"


def content(aws: Callable[[str], Any], api: Mapping[str, str], given: str, stage: str) -> bytes:
    """Return the content of config.json.

    Parameters
    ----------
    aws : callable
        `aws(service)` returns a boto3 client.
    api : mapping
        The outputs of the API's stack.
    given : str
        The setting UserPoolClientId: the page's app client, instead of the stack's own. It may be empty.
    stage : str
        The environment of samconfig.toml, for messages.

    Raises
    ------
    StackError
        There is no app client, or the page cannot sign in through it.
    """
    client_id = given or api.get("UserPoolClientId", "")
    if not client_id:
        raise StackError(
            "The API uses an existing user pool: set UserPoolClientId, the page's app client, "
            f"in samconfig.toml below [{stage}.page.parameters]."
        )
    cognito = aws("cognito-idp")
    _require_sign_in(cognito, api["UserPoolId"], client_id)
    described = cognito.describe_user_pool(UserPoolId=api["UserPoolId"])["UserPool"]
    asks = described.get("DeviceConfiguration", {}).get("DeviceOnlyRememberedOnUserPrompt", False)
    config = {
        "apiUrl": "/v1",
        "userPoolId": api["UserPoolId"],
        "userPoolClientId": client_id,
        "askToRemember": asks,
    }
    return json.dumps(config, indent=2).encode()


def _require_sign_in(cognito: Any, pool_id: str, client_id: str) -> None:
    try:
        client = cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)["UserPoolClient"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        raise StackError(f"The user pool {pool_id} has no app client {client_id}: check UserPoolClientId.") from None
    if "ClientSecret" in client:
        raise StackError(f"The app client {client_id} has a secret, which a page cannot keep: use one without.")
    # A client without flows allows SRP, and so does one with flows of before 2019, whose names have no prefix.
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
    flows = [each for each in client.get("ExplicitAuthFlows", []) if each.startswith("ALLOW_")]
    if flows and _SRP not in flows:
        raise StackError(f"The app client {client_id} does not allow {_SRP}, with which the page signs in: add it.")
