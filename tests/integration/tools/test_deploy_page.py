"""`make deploy-page`: real boto3 and the SAM CLI deploy to the emulator, as they deploy to AWS."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.deployments import PAGE_WEB_ACL
from tests.support.local_cloud import PROJECT
from tests.support.scripts import script
from tests.support.user_pools import REMEMBERED_AT_ONCE, REMEMBERED_ON_PROMPT
from tools import deploy_page
from tools.stages import StackError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

NAME = "cognito-device-api-dev"
HOST = "abc123.execute-api.us-east-1.amazonaws.com"
FOR_EVER = "public, max-age=31536000, immutable"
SAMCONFIG = """
[dev.global.parameters]
stack_name = "{name}"
[dev.deploy.parameters]
[dev.page.parameters]
{settings}
"""


# Returns the outputs of the page's stack, and the objects in its bucket.
type Read = Callable[[], tuple[Mapping[str, str], dict[str, Any]]]


@pytest.fixture
def cloudfront(connect: Callable[[str, str], Any], emulator: str) -> Any:
    return connect("cloudfront", emulator)


@pytest.fixture(autouse=True)
def _operator(emulator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("SAM_CLI_POLL_DELAY", "0.1")


@pytest.fixture
def api(cloudformation: "CloudFormationClient") -> Iterator[Callable[..., None]]:
    """Return a function that deploys an API's stack with these outputs; a stack must have a resource."""

    def deploy(**outputs: str) -> None:
        template = {
            "Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}},
            "Outputs": {name: {"Value": value} for name, value in {"ApiUrl": f"https://{HOST}/v1", **outputs}.items()},
        }
        cloudformation.create_stack(StackName=NAME, TemplateBody=json.dumps(template))

    yield deploy
    cloudformation.delete_stack(StackName=f"{NAME}-page")
    cloudformation.delete_stack(StackName=NAME)


@pytest.fixture
def pool(cognito: "CognitoIdentityProviderClient") -> tuple[str, str]:
    """Return the IDs of a user pool whose users choose which devices it remembers, and of its app client."""
    return made_pool(cognito, REMEMBERED_ON_PROMPT)


def made_pool(cognito: "CognitoIdentityProviderClient", devices: Any) -> tuple[str, str]:
    pool_id = cognito.create_user_pool(PoolName="page", DeviceConfiguration=devices)["UserPool"]["Id"]
    return pool_id, made_client(cognito, pool_id, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])


def made_client(cognito: "CognitoIdentityProviderClient", pool_id: str, **settings: Any) -> str:
    made = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="page", **settings)
    return made["UserPoolClient"]["ClientId"]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Return a small bundled page."""
    return bundled(tmp_path / "dist", "app-1.js", "styles-1.css", "favicon-1.svg")


def bundled(folder: Path, *assets: str) -> Path:
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    for old in folder.glob("assets/*"):
        old.unlink()
    for name in assets:
        (folder / "assets" / name).write_text(name)
    (folder / "index.html").write_text(" ".join(assets))
    (folder / "README").write_text("is not a file of the page")
    return folder


def samconfig(folder: Path, **settings: str) -> Path:
    path = folder / "samconfig.toml"
    lines = "\n".join(f'{name} = "{value}"' for name, value in settings.items())
    path.write_text(SAMCONFIG.format(name=NAME, settings=lines))
    return path


@pytest.fixture
def page(cloudformation: "CloudFormationClient", connect: Callable[[str, str], Any], emulator: str) -> Read:
    """Return a function that returns the outputs of the page's stack, and the objects in its bucket."""
    s3 = connect("s3", emulator)

    def read() -> tuple[Mapping[str, str], dict[str, Any]]:
        (stack,) = cloudformation.describe_stacks(StackName=f"{NAME}-page")["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        bucket = outputs["BucketName"]
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]]
        objects = {key: s3.get_object(Bucket=bucket, Key=key) for key in keys}
        # A body that nobody reads keeps its connection open.
        return outputs, {key: each | {"Body": each["Body"].read()} for key, each in objects.items()}

    return read


def test_the_page_is_uploaded_with_its_config(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    page: Read,
    capfd: pytest.CaptureFixture[str],
) -> None:
    # Given the API of a stage
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    # When
    assert deploy_page.main(["--stage", "dev", "--page", str(bundle)]) == 0

    # Then each file has its type, and only hashed ones are kept without asking
    outputs, objects = page()
    assert {key: (each["ContentType"], each["CacheControl"]) for key, each in objects.items()} == {
        "assets/app-1.js": ("text/javascript; charset=utf-8", FOR_EVER),
        "assets/favicon-1.svg": ("image/svg+xml", FOR_EVER),
        "assets/styles-1.css": ("text/css; charset=utf-8", FOR_EVER),
        "config.json": ("application/json", "no-cache"),
        "index.html": ("text/html; charset=utf-8", "no-cache"),
    }
    assert json.loads(objects["config.json"]["Body"]) == {
        "apiUrl": "/v1",
        "userPoolId": pool[0],
        "userPoolClientId": pool[1],
        "askToRemember": True,
    }
    # And index.html came last, and the URL is the last line
    shown = capfd.readouterr().out.splitlines()
    assert [line for line in shown if line.startswith("uploaded ")][-2:] == [
        "uploaded config.json",
        "uploaded index.html",
    ]
    assert shown[-1] == outputs["PageUrl"]


def test_cloudfront_serves_both_and_forgets_what_was_replaced(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    page: Read,
    cloudfront: Any,
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])

    deploy_page.deploy("dev", bundle)

    outputs, _ = page()
    distribution = cloudfront.get_distribution_config(Id=outputs["DistributionId"])["DistributionConfig"]
    assert {each["Id"]: each["DomainName"] for each in distribution["Origins"]["Items"]} == {
        "api": HOST,
        "files": f"{outputs['BucketName']}.s3.us-east-1.amazonaws.com",
    }
    (made,) = cloudfront.list_invalidations(DistributionId=outputs["DistributionId"])["InvalidationList"]["Items"]
    invalidation = cloudfront.get_invalidation(DistributionId=outputs["DistributionId"], Id=made["Id"])["Invalidation"]
    assert sorted(invalidation["InvalidationBatch"]["Paths"]["Items"]) == ["/", "/config.json", "/index.html"]


def test_the_names_at_cloudfront_are_short_whatever_the_stacks_is(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    cloudformation: "CloudFormationClient",
    cloudfront: Any,
) -> None:
    """CloudFront refuses names of more than 64 characters; those of stacks have up to 128."""
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])

    deploy_page.deploy("dev", bundle)

    (stack,) = cloudformation.describe_stacks(StackName=f"{NAME}-page")["Stacks"]
    name = stack["StackId"].rpartition("/")[2]
    resources = cloudformation.describe_stack_resources(StackName=f"{NAME}-page")["StackResources"]
    ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
    access = cloudfront.get_origin_access_control_config(Id=ids["OriginAccessControl"])["OriginAccessControlConfig"]
    headers = cloudfront.get_response_headers_policy_config(Id=ids["SecurityHeaders"])["ResponseHeadersPolicyConfig"]
    assert (access["Name"], access["Description"]) == (name, f"{NAME}-page")
    assert (headers["Name"], headers["Comment"]) == (name, f"{NAME}-page")
    assert len(name) == 36


def test_a_second_deployment_keeps_the_assets_of_open_tabs(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    page: Read,
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    first = deploy_page.deploy("dev", bundle)

    second = deploy_page.deploy("dev", bundled(bundle, "app-2.js"))

    outputs, objects = page()
    assert first == second == outputs["PageUrl"]
    assert {"assets/app-1.js", "assets/app-2.js"} < set(objects)
    assert objects["index.html"]["Body"] == b"app-2.js"


def test_with_an_existing_pool_the_app_client_is_a_setting(
    api: Callable[..., None],
    cognito: "CognitoIdentityProviderClient",
    bundle: Path,
    tmp_path: Path,
    page: Read,
) -> None:
    # Given an API with a pool that remembers every device
    pool_id, client_id = made_pool(cognito, REMEMBERED_AT_ONCE)
    api(UserPoolId=pool_id)
    with pytest.raises(StackError) as refused:
        deploy_page.deploy("dev", bundle)
    assert str(refused.value) == (
        "The API uses an existing user pool: set UserPoolClientId, the page's app client, in samconfig.toml below "
        "[dev.page.parameters]."
    )

    # When
    deploy_page.deploy("dev", bundle, samconfig(tmp_path, UserPoolClientId=client_id))

    # Then
    _, objects = page()
    config = json.loads(objects["config.json"]["Body"])
    assert (config["userPoolClientId"], config["askToRemember"]) == (client_id, False)


def test_the_setting_wins_over_the_stacks_own_app_client(
    api: Callable[..., None],
    pool: tuple[str, str],
    cognito: "CognitoIdentityProviderClient",
    bundle: Path,
    tmp_path: Path,
    page: Read,
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    mine = made_client(cognito, pool[0])  # without flows, a client allows SRP

    deploy_page.deploy("dev", bundle, samconfig(tmp_path, UserPoolClientId=mine))

    _, objects = page()
    assert json.loads(objects["config.json"]["Body"])["userPoolClientId"] == mine != pool[1]


def test_flows_of_before_2019_allow_srp(
    api: Callable[..., None], pool: tuple[str, str], cognito: "CognitoIdentityProviderClient", bundle: Path
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=made_client(cognito, pool[0], ExplicitAuthFlows=["ADMIN_NO_SRP_AUTH"]))

    assert deploy_page.deploy("dev", bundle)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"GenerateSecret": True}, "has a secret, which a page cannot keep: use one without."),
        (
            {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]},
            "does not allow ALLOW_USER_SRP_AUTH, with which the page signs in: add it.",
        ),
    ],
)
def test_an_app_client_through_which_the_page_cannot_sign_in_is_refused(
    settings: dict[str, Any],
    message: str,
    api: Callable[..., None],
    pool: tuple[str, str],
    cognito: "CognitoIdentityProviderClient",
    bundle: Path,
) -> None:
    client_id = made_client(cognito, pool[0], **settings)
    api(UserPoolId=pool[0], UserPoolClientId=client_id)

    with pytest.raises(StackError, match=f"^The app client {client_id} {re.escape(message)}$"):
        deploy_page.deploy("dev", bundle)


def test_an_app_client_of_another_pool_is_refused(
    api: Callable[..., None],
    pool: tuple[str, str],
    cognito: "CognitoIdentityProviderClient",
    bundle: Path,
    tmp_path: Path,
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    _, other = made_pool(cognito, REMEMBERED_AT_ONCE)

    with pytest.raises(
        StackError, match=f"^The user pool {pool[0]} has no app client {other}: check UserPoolClientId.$"
    ):
        deploy_page.deploy("dev", bundle, samconfig(tmp_path, UserPoolClientId=other))


def test_another_error_of_cognito_is_shown_as_it_is(
    api: Callable[..., None], pool: tuple[str, str], bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api(UserPoolId="malformed", UserPoolClientId=pool[1])

    assert deploy_page.main(["--stage", "dev", "--page", str(bundle)]) == 1
    assert "DescribeUserPoolClient operation" in capsys.readouterr().err


def test_region_and_profile_are_those_of_the_apis_deployment(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    tmp_path: Path,
    page: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`make deploy` and `make verify` read both in the section `deploy`."""
    # Given an operator whose environment names another Region, and no credentials
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    credentials = tmp_path / "credentials"
    credentials.write_text("[operator]\naws_access_key_id = test\naws_secret_access_key = test\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    path = samconfig(tmp_path)
    section = "[dev.deploy.parameters]\n"
    path.write_text(path.read_text().replace(section, f'{section}region = "us-east-1"\nprofile = "operator"\n'))

    # When
    url = deploy_page.deploy("dev", bundle, path)

    # Then
    outputs, _ = page()
    assert url == outputs["PageUrl"]


def test_a_domain_name_needs_a_dns_record(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    tmp_path: Path,
    page: Read,
    capfd: pytest.CaptureFixture[str],
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"

    url = deploy_page.deploy(
        "dev", bundle, samconfig(tmp_path, DomainName="account.example.com", CertificateArn=certificate)
    )

    outputs, _ = page()
    assert url == outputs["PageUrl"] == "https://account.example.com/"
    assert f"account.example.com needs a DNS record that points to {outputs['DomainTarget']}" in capfd.readouterr().out


def test_cloudfront_filters_with_the_web_acl_of_the_settings(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    tmp_path: Path,
    page: Read,
    cloudfront: Any,
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])

    deploy_page.deploy("dev", bundle, samconfig(tmp_path, WebAclArn=PAGE_WEB_ACL))

    outputs, _ = page()
    found = cloudfront.get_distribution_config(Id=outputs["DistributionId"])
    assert found["DistributionConfig"]["WebACLId"] == PAGE_WEB_ACL


def test_page_and_api_need_different_domain_names(
    api: Callable[..., None], pool: tuple[str, str], bundle: Path, tmp_path: Path
) -> None:
    """CloudFront would call itself."""
    api(ApiUrl="https://account.example.com/v1", UserPoolId=pool[0], UserPoolClientId=pool[1])

    with pytest.raises(StackError, match=r"^account\.example\.com is the API's: .* the page needs another\.$"):
        deploy_page.deploy("dev", bundle, samconfig(tmp_path, DomainName="account.example.com"))


def test_a_stack_that_cloudformation_refuses_is_named(
    api: Callable[..., None], pool: tuple[str, str], bundle: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])

    with pytest.raises(StackError, match=f"^The stack {NAME}-page was not deployed: the output above has the cause.$"):
        deploy_page.deploy("dev", bundle, samconfig(tmp_path, DomainName="*.example.com"))
    assert "DomainName" in capfd.readouterr().err


@pytest.mark.parametrize(("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")])
def test_other_partitions_have_another_cloudfront_or_none(
    region: str, partition: str, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)

    with pytest.raises(StackError, match=f"^The page cannot be deployed in {partition}: host it as docs/api.md desc"):
        deploy_page.deploy("dev", bundle)


def test_production_is_deployed_only_after_a_yes(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    tmp_path: Path,
    page: Read,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    # Given a stage that asks, and a page that is online
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    path = samconfig(tmp_path)
    section = "[dev.deploy.parameters]\n"
    path.write_text(path.read_text().replace(section, f"{section}confirm_changeset = true\n"))
    monkeypatch.setattr(sys, "stdin", StringIO("Y\n"))
    deploy_page.deploy("dev", bundle, path)
    bundled(bundle, "app-2.js")
    capfd.readouterr()

    for answer in ("n\n", "\n", ""):  # the last is the end of the input, as in a workflow
        # When the operator does not say yes
        monkeypatch.setattr(sys, "stdin", StringIO(answer))
        with pytest.raises(StackError, match=r"^Nothing was deployed\.$"):
            deploy_page.deploy("dev", bundle, path)

        # Then the page is as it was
        assert "Deploy these changes, and upload the page? [y/N]: " in capfd.readouterr().out
        assert "assets/app-2.js" not in page()[1]

    # And an option replaces the setting
    deploy_page.deploy("dev", bundle, path, confirm=False)
    assert "assets/app-2.js" in page()[1]


def test_the_command_asks_if_it_is_told_to(
    api: Callable[..., None],
    pool: tuple[str, str],
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    monkeypatch.setattr(sys, "stdin", StringIO("no\n"))

    assert deploy_page.main(["--stage", "dev", "--confirm-changeset", "--page", str(bundle)]) == 1

    shown = capfd.readouterr()
    assert "OriginAccessControl" in shown.out  # the change set
    assert shown.err.splitlines()[-1] == "error: Nothing was deployed."


def test_ctrl_c_ends_with_one_sentence(api: Callable[..., None], pool: tuple[str, str], bundle: Path) -> None:
    # Given a SAM CLI during which somebody presses Ctrl-C
    api(UserPoolId=pool[0], UserPoolClientId=pool[1])
    sam = script(bundle.parent / "sam", "#!/bin/sh\nsleep 0.5\nkill -INT $PPID\nexec sleep 10\n")
    # A shell starts processes in the background with SIGINT ignored, and Python keeps that.
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "from tools import deploy_page; sys.exit(deploy_page.main())"

    # When
    ended = subprocess.run(
        [sys.executable, "-c", code, "--stage", "dev", "--page", str(bundle)],
        cwd=PROJECT,
        env={**os.environ, "SAM": sam},
        capture_output=True,
        text=True,
        check=False,
    )

    # Then
    assert ended.stderr == "stopped: the page may be half uploaded, so run make deploy-page again\n"
    assert ended.returncode == 130


def test_a_page_that_was_not_bundled_is_not_deployed(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"has no page: run make page\.$"):
        deploy_page.deploy("dev", tmp_path)


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        ("dev", f"There is no stack {NAME} in us-east-1: deploy it with make deploy STAGE=dev."),
        ("test", "samconfig.toml has no environment test: choose one of default, dev, prod."),
    ],
)
def test_the_command_names_what_is_missing(
    stage: str, message: str, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy_page.main(["--stage", stage, "--page", str(bundle)]) == 1
    assert capsys.readouterr().err == f"error: {message}\n"


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (["AWS_DEFAULT_REGION"], "You must specify a region."),
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "Unable to locate credentials"),
    ],
)
def test_a_missing_setting_is_named(
    missing: list[str], message: str, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in missing:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    with pytest.raises(StackError, match=f"^AWS cannot be asked for the stack {NAME}: {message}$"):
        deploy_page.deploy("dev", bundle)
