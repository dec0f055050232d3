"""How `make verify` finds a stack: real boto3 calls the emulator, as it calls AWS."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools.stages import StackError
from tools.verify import __main__ as command
from tools.verify.discovery import of_stage

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

NAME = "cognito-device-api-dev"
API_URL = "https://api.example.com/v1"
SRP = ["ALLOW_USER_SRP_AUTH"]
USER = {"USERNAME": "dart", "PASSWORD": "secret"}
NO_USER = f"{NAME} uses an existing user pool: give USERNAME and PASSWORD of a user, or ACCESS_TOKEN."


@pytest.fixture(autouse=True)
def _operator(emulator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*USER, "ACCESS_TOKEN", "API_URL", "CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.fixture
def deployed(cloudformation: "CloudFormationClient") -> Iterator[Callable[..., None]]:
    """Return a function that deploys a stack with these outputs, and with a resource, which a stack must have."""

    def deploy(outputs: Mapping[str, str]) -> None:
        template = {
            "Parameters": {"AllowedOrigins": {"Type": "String"}},
            "Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}},
            "Outputs": {name: {"Value": value} for name, value in outputs.items()},
        }
        origins: Any = {
            "ParameterKey": "AllowedOrigins",
            "ParameterValue": "https://a.example.com,https://b.example.com",
        }
        cloudformation.create_stack(StackName=NAME, TemplateBody=json.dumps(template), Parameters=[origins])

    yield deploy
    cloudformation.delete_stack(StackName=NAME)


@pytest.fixture
def existing_pool(
    deployed: Callable[..., None], cognito: "CognitoIdentityProviderClient"
) -> Callable[..., dict[str, str]]:
    """Return a function that adds an app client to the pool of a deployed stack, and returns it."""
    pool_id = cognito.create_user_pool(PoolName="existing")["UserPool"]["Id"]
    deployed({"ApiUrl": API_URL, "UserPoolId": pool_id})

    def add_client(**settings: Any) -> Any:
        return cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="page", **settings)["UserPoolClient"]

    return add_client


def test_a_stack_with_its_own_pool_needs_no_user(deployed: Callable[..., None]) -> None:
    deployed({"ApiUrl": API_URL, "UserPoolId": "us-east-1_pool", "UserPoolClientId": "client"})

    stack = of_stage("dev", USER)

    assert (stack.name, stack.region, stack.api_url) == (NAME, "us-east-1", API_URL)
    assert (stack.user_pool_id, stack.client_id, stack.made_pool) == ("us-east-1_pool", "client", True)
    assert stack.origins == ["https://a.example.com", "https://b.example.com"]
    assert (stack.username, stack.password, stack.access_token) == ("", "", "")
    assert stack.resource("Group")


def test_a_stack_may_have_a_page(deployed: Callable[..., None], cloudformation: "CloudFormationClient") -> None:
    deployed({"ApiUrl": API_URL, "UserPoolId": "us-east-1_pool", "UserPoolClientId": "client"})

    without = of_stage("dev", {})
    page = {
        "Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}},
        "Outputs": {"PageUrl": {"Value": "https://page.example.com/"}},
    }
    cloudformation.create_stack(StackName=f"{NAME}-page", TemplateBody=json.dumps(page))
    with_page = of_stage("dev", {})
    cloudformation.delete_stack(StackName=f"{NAME}-page")

    reason = f"There is no stack {NAME}-page in us-east-1: deploy it with make deploy-page STAGE=dev."
    assert (without.page, without.no_page) == ({}, reason)
    assert (with_page.page, with_page.no_page) == ({"PageUrl": "https://page.example.com/"}, "")


def test_the_api_may_have_another_url(deployed: Callable[..., None]) -> None:
    deployed({"ApiUrl": API_URL, "UserPoolId": "us-east-1_pool", "UserPoolClientId": "client"})

    for url in ("https://cdn.example.com/api", "https://cdn.example.com/api/"):
        assert of_stage("dev", {"API_URL": url}).api_url == "https://cdn.example.com/api"


@pytest.mark.parametrize("given", [{}, {"USERNAME": "dart"}, {"PASSWORD": "secret"}])
def test_an_existing_pool_needs_a_user(existing_pool: Callable[..., Any], given: dict[str, str]) -> None:
    existing_pool(ExplicitAuthFlows=SRP)

    with pytest.raises(StackError) as refused:
        of_stage("dev", given)

    assert str(refused.value) == NO_USER


def test_a_user_signs_in_with_the_sole_client_that_allows_it(existing_pool: Callable[..., Any]) -> None:
    existing_pool(ExplicitAuthFlows=SRP, GenerateSecret=True)
    existing_pool(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
    page = existing_pool(ExplicitAuthFlows=SRP)

    stack = of_stage("dev", USER)

    assert (stack.client_id, stack.username, stack.password) == (page["ClientId"], "dart", "secret")
    assert not stack.made_pool


@pytest.mark.parametrize("count", [0, 2])
def test_the_client_must_be_given_if_it_cannot_be_told(existing_pool: Callable[..., Any], count: int) -> None:
    for _ in range(count):
        existing_pool(ExplicitAuthFlows=SRP)

    with pytest.raises(StackError, match=rf"^{count} app clients of .* give CLIENT_ID"):
        of_stage("dev", USER)
    assert of_stage("dev", {**USER, "CLIENT_ID": "mine"}).client_id == "mine"


@pytest.mark.usefixtures("existing_pool")
def test_a_token_needs_no_client() -> None:
    stack = of_stage("dev", {"ACCESS_TOKEN": "token", **USER})

    assert (stack.access_token, stack.client_id, stack.username) == ("token", "", "")


def test_a_stack_without_outputs_is_refused(deployed: Callable[..., None]) -> None:
    deployed({})

    with pytest.raises(StackError, match=f"^The stack {NAME} is CREATE_COMPLETE and has no outputs: deploy it again.$"):
        of_stage("dev", {})


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        ("dev", f"There is no stack {NAME} in us-east-1: deploy it with make deploy STAGE=dev."),
        ("test", "samconfig.toml has no environment test: choose one of default, dev, prod."),
    ],
)
def test_the_command_names_what_is_missing(stage: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--stage", stage]) == 2
    assert capsys.readouterr().err == f"error: {message}\n"


def test_the_command_asks_for_a_local_cloud(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--directory", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "error: No local cloud runs here: start it with `make run`, or choose a stack with STAGE=default.\n"
    )


SAMCONFIG = """
[qa.global.parameters]
stack_name = "{name}"
[qa.deploy.parameters]
{settings}
"""


@pytest.mark.parametrize(
    ("overrides", "wanted"),
    [
        ('{ LogLevel = "DEBUG", ReservedConcurrency = 0 }', {"LogLevel": "DEBUG", "ReservedConcurrency": "0"}),
        ('"LogLevel=DEBUG"', {}),
    ],
    ids=["a table", "a string"],
)
def test_an_environment_of_the_operators_own_is_read(
    deployed: Callable[..., None], tmp_path: Path, overrides: str, wanted: dict[str, str]
) -> None:
    deployed({"ApiUrl": API_URL, "UserPoolId": "us-east-1_pool", "UserPoolClientId": "client"})
    samconfig = tmp_path / "samconfig.toml"
    samconfig.write_text(SAMCONFIG.format(name=NAME, settings=f"parameter_overrides = {overrides}"))

    assert of_stage("qa", {}, samconfig).wanted == wanted


def test_the_region_of_an_environment_is_used(tmp_path: Path) -> None:
    samconfig = tmp_path / "samconfig.toml"
    samconfig.write_text(SAMCONFIG.format(name=NAME, settings='region = "eu-west-1"'))

    with pytest.raises(
        StackError, match=f"^There is no stack {NAME} in eu-west-1: deploy it with make deploy STAGE=qa."
    ):
        of_stage("qa", {}, samconfig)


def test_the_command_names_a_profile_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    assert command.main(["--stage", "dev"]) == 2
    assert capsys.readouterr().err == (
        f"error: AWS cannot be asked for the stack {NAME}: The config profile (nobody) could not be found\n"
    )


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (["AWS_DEFAULT_REGION"], "You must specify a region."),
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "Unable to locate credentials"),
    ],
)
def test_the_command_names_a_missing_setting(
    missing: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in missing:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    assert command.main(["--stage", "dev"]) == 2
    assert capsys.readouterr().err == f"error: AWS cannot be asked for the stack {NAME}: {message}\n"
