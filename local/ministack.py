"""MiniStack, the AWS emulator from PyPI: its settings, and its app with what this project adds to it.

https://pypi.org/project/ministack/
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from local import internals, powers, request_ids, stable_ids, token_rotation, user_names
from local.access import guarded
from local.asgi import App
from local.cognito.app import device_tracking
from local.cognito.model import unsigned_operations
from local.cognito.store import DeviceStore
from local.hosts import THIS_MACHINE
from local.proxies import loopback_exceptions

REGION = "us-east-1"

# What MiniStack reads. With the developer's own values, it could send mail, keep its state or lack services, and boto3
# in a Lambda function could call AWS. A test finds those in MiniStack's source that are not here.
_READ = re.compile(
    r"""
    (ALB|APPSYNC|ATHENA|AWS|CLOUDTRAIL|CODEBUILD|COGNITO|DOCDB|DOCKER|DSQL|EC2|ECS|EKS|ELASTICACHE|GLUE|IOT|LAMBDA
    |LOCALSTACK|MINISTACK|MWAA|OPENSEARCH|RDS|REDIS|S3|SFN|SFTP|SMTP|TRANSLATE|_LAMBDA|_MINISTACK|_MS|_X_AMZN)_.*
    |AUTH|BIND_HOST|EDGE_PORT|GATEWAY_PORT|LOG_LEVEL|PERSIST_STATE|SERVICES|STATE_DIR|USE_SSL
    """,
    re.VERBOSE,
)


_TRACES = "AWS_XRAY_DAEMON_ADDRESS"  # the function may send its traces to a daemon of the developer's


def configure(port: int, state: str) -> None:
    """Set the environment variables that MiniStack and the Lambda functions in it read, and remove all others of them.

    Parameters
    ----------
    port : int
        TCP port that the emulator will listen on.
    state : str
        An empty folder for MiniStack's files.
    """
    for name in filter(is_removed, list(os.environ)):
        del os.environ[name]
    os.environ.update(_settings(port, state))


def is_removed(variable: str) -> bool:
    """Return whether MiniStack, or boto3 in a Lambda function, reads an environment variable that is not for them."""
    return _READ.fullmatch(variable) is not None and variable != _TRACES


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
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    powers.accelerate(cognito)
    request_ids.unify(apigateway_v1)
    stable_ids.fix(cognito)
    token_rotation.keep_setting(cognito, provisioners)
    user_names.ignore_case(cognito)
    internals.survive_deep_tokens(cognito)
    tracked = device_tracking(app, internals.of(cognito), devices)
    controlled = guarded(tracked, unsigned_operations(), apigateway_v1.resolve_base_path_mapping)
    return controlled, lambda_runtime.reset
