"""MiniStack, the AWS emulator from PyPI: its settings, and its app with what this project adds to it.

https://pypi.org/project/ministack/
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local import powers, request_ids, stable_ids, user_names
from local.access import guarded
from local.asgi import App
from local.cognito.app import device_tracking
from local.cognito.model import unsigned_operations
from local.cognito.store import DeviceStore, User
from local.cognito.upstream import Internals
from local.hosts import THIS_MACHINE
from local.proxies import loopback_exceptions

REGION = "us-east-1"


def configure(port: int, state: str) -> None:
    """Set the environment variables that MiniStack and the Lambda functions in it read.

    Parameters
    ----------
    port : int
        TCP port that the emulator will listen on.
    state : str
        An empty folder for MiniStack's files.
    """
    os.environ.update(_settings(port, state))
    for profile in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(profile, None)  # boto3 would look the profile up in files that the settings hide


def _settings(port: int, state: str) -> dict[str, str]:
    nowhere = str(Path(state) / "nowhere")
    return {
        "GATEWAY_PORT": str(port),
        "AUTH": "true",  # without it MiniStack accepts any access token
        "MINISTACK_REGION": REGION,
        "STATE_DIR": state,
        "LAMBDA_EXECUTOR": "local",
        # MiniStack must not use Docker or open further ports, whatever this machine has.
        "DOCKER_HOST": f"unix://{nowhere}",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Lambda functions inherit these, so they call this emulator and never the developer's own account.
        "AWS_ENDPOINT_URL": f"http://{THIS_MACHINE}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        **loopback_exceptions(),  # MiniStack calls itself at localhost, Lambda functions call it at 127.0.0.1
    }


def load(devices: DeviceStore) -> tuple[App, Callable[[], None]]:
    """Return the app with access control and device tracking, and a function that ends the Lambda workers.

    MiniStack reads its settings when it is imported, so call `configure` first. `devices` keeps the users' devices.
    """
    from ministack.app import app  # noqa: PLC0415
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import apigateway_v1, cognito  # noqa: PLC0415

    powers.accelerate(cognito)
    request_ids.unify(apigateway_v1)
    stable_ids.fix(cognito)
    user_names.ignore_case(cognito)
    _decode = cognito._decode_id_token_unverified  # noqa: SLF001

    def decode(token: str) -> Any:
        try:
            return _decode(token)
        except RecursionError:  # MiniStack expects a ValueError for a token that cannot be decoded
            raise ValueError("The token's claims are nested too deep.") from None

    cognito._decode_id_token_unverified = decode  # noqa: SLF001

    # MiniStack has no public functions for these.
    def sign_token(claims: dict[str, Any], pool_id: str) -> str:
        return str(cognito._signed_jwt(claims, pool_id, "access"))  # noqa: SLF001

    def issue_tokens(user: User, client_id: str) -> dict[str, Any]:
        owner = cognito._user_pools[user.pool_id]["_users"][user.username]  # noqa: SLF001
        return dict(cognito._build_auth_result(user.pool_id, client_id, owner))  # noqa: SLF001

    def pool_of(client_id: str) -> str | None:
        pool_id: str | None = cognito._pool_for_client(client_id)[1]  # noqa: SLF001
        return pool_id

    internals = Internals(sign_token, issue_tokens, pool_of)
    tracked = device_tracking(app, internals, devices)
    return guarded(tracked, unsigned_operations(), _resolve_domain), lambda_runtime.reset


def _resolve_domain(domain: str, path: str) -> tuple[str, str, str] | None:
    from ministack.services import apigateway_v1  # noqa: PLC0415

    found: tuple[str, str, str] | None = apigateway_v1.resolve_base_path_mapping(domain, path)
    return found
