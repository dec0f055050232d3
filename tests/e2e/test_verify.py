"""The command of `make verify`: what holds in the local cloud, and what a broken deployment makes of it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local import gateway_responses
from local.deployment import STACK_NAME, STAGE_NAME
from tests.support.local_cloud import PROJECT
from tests.support.page_double import page_double

# Tests that take little time.
QUICK = "throttling_limits or gateway_responses or tokens_that_the_pool or allowed_origin or of_the_contract"


@pytest.fixture
def verify(session: dict[str, Any]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs the command for tests of some names, and gives its exit code and its output."""

    def run(*options: str, **environment: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "tools.verify", "--directory", session["directory"], *options]
        finished = subprocess.run(
            command, cwd=PROJECT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        assert finished.stderr == ""
        return finished.returncode, finished.stdout

    return run


@pytest.fixture
def broken(session: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[None]:
    """Break a gateway response, a header, a limit and the list of origins; mend them at the end."""
    gateway, function = aws("apigateway"), aws("lambda")
    api_id = session["api_url"].split("/")[-2]
    (responses,) = [
        each
        for each in gateway.get_gateway_responses(restApiId=api_id)["items"]
        if each["responseType"] == "UNAUTHORIZED"
    ]
    headers = responses["responseParameters"] | {"gatewayresponse.header.Cache-Control": "'public'"}
    gateway.put_gateway_response(
        restApiId=api_id,
        responseType="UNAUTHORIZED",
        statusCode="403",
        responseParameters=headers,
        responseTemplates=responses["responseTemplates"],
    )
    gateway.create_deployment(restApiId=api_id, stageName=STAGE_NAME)
    limit = {"op": "replace", "path": "/*/*/throttling/burstLimit"}
    gateway.update_stage(restApiId=api_id, stageName=STAGE_NAME, patchOperations=[limit | {"value": "7"}])
    (name,) = [each["FunctionName"] for each in function.list_functions()["Functions"]]
    variables = function.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    other = variables | {"ALLOWED_ORIGINS": "https://other.example.com"}
    function.update_function_configuration(FunctionName=name, Environment={"Variables": other})
    live = function.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    function.update_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST")
    yield
    function.update_alias(FunctionName=name, Name="live", FunctionVersion=live)
    function.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    gateway.update_stage(restApiId=api_id, stageName=STAGE_NAME, patchOperations=[limit | {"value": "100"}])
    gateway_responses.apply(gateway, aws("cloudformation"), STACK_NAME, STAGE_NAME)


# What only AWS has.
NOT_TRIED = {
    "the parameters are those of samconfig": "make run sets parameters of its own",
    "a request of more than 10 mb is refused": "the local cloud has no limit",
    "files are compressed": "the local cloud has neither CloudFront nor TLS",
    "http is not served": "the local cloud has neither CloudFront nor TLS",
    "the bucket is not readable without cloudfront": "the local cloud has neither CloudFront nor TLS",
    "an old version of tls is refused (TLSv1)": "the local cloud has no TLS",
    "an old version of tls is refused (TLSv1_1)": "the local cloud has no TLS",
    "the layer trusts the certificate of cognito (unconfirmed)": "the local cloud has no TLS",
}


# Where the local cloud is not as Amazon Cognito and API Gateway; docs/local.md says so too.
OTHERWISE = [
    "api gateway renames www authenticate of the function",
    "list devices of a pool that is gone",
]


def test_everything_holds_in_the_local_cloud(
    verify: Callable[..., tuple[int, str]], session: dict[str, Any], figure: Callable[[str], None]
) -> None:
    code, shown = verify()

    assert code == 0, shown
    assert shown.startswith(f"{STACK_NAME} in the local cloud: {session['api_url']}\n")
    text = " ".join(shown.split())
    without_browser = text.count("There is no browser")  # not with BROWSER=required
    # A busy machine cannot send more than the limits allow. The tests of the page lower them.
    too_slow = text.count("requests per second are too few for limits of")
    assert f" 0 differ, {len(NOT_TRIED) + without_browser + too_slow} were not tried. " in text, shown
    for title, reason in NOT_TRIED.items():
        assert f"not tried {title} {reason}" in text
    assert "and 0 could not be seen." in text, shown
    assert re.findall(r"^  OTHERWISE +(.*?) \(", shown, re.MULTILINE) == OTHERWISE, shown
    figure("make verify: " + next(line for line in shown.splitlines() if " hold, " in line))


@pytest.mark.usefixtures("broken")
def test_each_broken_part_is_named(verify: Callable[..., tuple[int, str]]) -> None:
    code, shown = verify("--only", QUICK)

    assert code == 1
    text = " ".join(shown.split())
    assert "DIFFERS: api gateway refuses tokens that the pool did not issue (no token)" in text
    assert "status is 403, not 401; header cache-control is 'public', not 'no-store'" in text
    assert "the throttling limits of */* are (50, 7), not (50, 100)" in text
    assert "the headers of UNAUTHORIZED differ" in text
    assert "header access-control-allow-origin is None, not 'http://localhost:" in text


@pytest.fixture
def as_aws(session: dict[str, Any]) -> dict[str, str]:
    """Return an operator's credentials, and the local cloud in the place of AWS."""
    return {
        "AWS_ENDPOINT_URL": session["cognito_endpoint"],
        "API_URL": session["api_url"],
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def test_a_stack_of_aws_is_found_by_its_outputs(
    verify: Callable[..., tuple[int, str]], session: dict[str, Any], as_aws: dict[str, str]
) -> None:
    code, shown = verify("--stage", "local", "--only", "of_the_contract", **as_aws)

    assert code == 0, shown
    assert shown.startswith(f"{STACK_NAME} in us-east-1: {session['api_url']}\n")


def test_without_a_page_online_its_lines_are_not_tried(
    verify: Callable[..., tuple[int, str]], as_aws: dict[str, str]
) -> None:
    code, shown = verify("--stage", "local", "--only", "test_page", **as_aws)

    text = " ".join(shown.split())
    reason = f"There is no stack {STACK_NAME}-page in us-east-1: deploy it with make deploy-page STAGE=local."
    lines = text.count(" not tried ")
    assert (code, lines, text.count(reason)) == (0, lines, lines), shown
    assert "0 hold, 0 differ" in text


def test_a_page_online_without_tls_and_of_another_pool_is_named(
    verify: Callable[..., tuple[int, str]],
    as_aws: dict[str, str],
    config: dict[str, str],
    session: dict[str, Any],
    aws: Callable[[str], Any],
) -> None:
    # Given a page's stack, as CloudFormation describes it
    other = config | {"userPoolId": "us-east-1_other", "askToRemember": True}
    with page_double(other, session["api_url"]) as url:
        template = {
            "Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}},
            "Outputs": {"PageUrl": {"Value": url}, "BucketName": {"Value": "bucket"}},
        }
        aws("cloudformation").create_stack(StackName=f"{STACK_NAME}-page", TemplateBody=json.dumps(template))

        # When
        code, shown = verify("--stage", "local", "--only", "test_page and not bucket and not sees", **as_aws)
        aws("cloudformation").delete_stack(StackName=f"{STACK_NAME}-page")

    # Then
    assert code == 1
    text = " ".join(shown.split())
    assert "holds hashed files are kept for ever and no others" in text
    assert "holds files are compressed" in text
    assert "holds the api answers on the pages origin" in text
    assert re.findall(r"DIFFERS: (.*?)(?= DIFFERS:|$)", text) == [
        "the page has the security headers of the template",
        "the config is that of the stack",
        "the page offers to remember a device if the pool asks",
        "http is not served",
    ]
