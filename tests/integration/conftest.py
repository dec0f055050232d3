"""The emulator of the integration tests, boto3 clients of it, and the built layer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local import sam_cli
from local.deployment import client
from tests.support.emulator import running_emulator
from tests.support.layers import build_layer
from tests.support.user_pools import REMEMBERED_AT_ONCE, REMEMBERED_ON_PROMPT, Pool, create_pool

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

type Connect = Callable[[str, str], Any]


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run an emulator; return its URL."""
    with running_emulator(tmp_path_factory.mktemp("emulator") / "emulator.log") as (url, _):
        yield url


@pytest.fixture(scope="session")
def connect() -> Connect:
    """Return a function that creates a boto3 client with the root user's credentials."""
    return client


@pytest.fixture(scope="session")
def cognito(emulator: str, connect: Connect) -> "CognitoIdentityProviderClient":
    connected: CognitoIdentityProviderClient = connect("cognito-idp", emulator)
    return connected


@pytest.fixture(scope="session")
def apigateway(emulator: str, connect: Connect) -> "APIGatewayClient":
    connected: APIGatewayClient = connect("apigateway", emulator)
    return connected


@pytest.fixture(scope="session")
def cloudformation(emulator: str, connect: Connect) -> "CloudFormationClient":
    connected: CloudFormationClient = connect("cloudformation", emulator)
    return connected


@pytest.fixture
def pool(cognito: "CognitoIdentityProviderClient") -> Pool:
    return create_pool(cognito, REMEMBERED_AT_ONCE)


@pytest.fixture
def prompting_pool(cognito: "CognitoIdentityProviderClient") -> Pool:
    return create_pool(cognito, REMEMBERED_ON_PROMPT)


@pytest.fixture(scope="session")
def machine() -> str:
    """Return this machine's architecture by Lambda's name."""
    return sam_cli.architecture()


@pytest.fixture(scope="session")
def layer(tmp_path_factory: pytest.TempPathFactory, machine: str) -> Path:
    """Build the dependency layer for this machine; return its folder."""
    return build_layer(tmp_path_factory.mktemp("layer"), machine)
