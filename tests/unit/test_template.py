"""template.yaml: what API Gateway answers by itself has the form of the function's problems."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from devices import problems
from devices.requests import METHODS
from openapi.answers import REQUEST_TOO_LARGE

PROJECT = Path(__file__).parents[2]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short intrinsics as {tag: value}."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {tag: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {tag: loader.construct_sequence(node, deep=True)}
    raise yaml.constructor.ConstructorError(None, None, f"!{tag} of a mapping", node.start_mark)


_Loader.add_multi_constructor("!", _intrinsic)
TEMPLATE: dict[str, Any] = yaml.load((PROJECT / "template.yaml").read_text(), _Loader)
RESPONSES: dict[str, Any] = TEMPLATE["Resources"]["Api"]["Properties"]["GatewayResponses"]

EXPECTED = {
    "ACCESS_DENIED": problems.FORBIDDEN,
    "DEFAULT_4XX": problems.INVALID_REQUEST,
    "DEFAULT_5XX": problems.INTERNAL_ERROR,
    "INTEGRATION_FAILURE": problems.INTERNAL_ERROR,
    "INTEGRATION_TIMEOUT": problems.UPSTREAM_TIMEOUT,
    "INVALID_SIGNATURE": problems.NOT_FOUND,
    "MISSING_AUTHENTICATION_TOKEN": problems.NOT_FOUND,
    "REQUEST_TOO_LARGE": REQUEST_TOO_LARGE,
    "RESOURCE_NOT_FOUND": problems.NOT_FOUND,
    "THROTTLED": problems.TOO_MANY_REQUESTS,
    "UNAUTHORIZED": problems.INVALID_TOKEN,
    "WAF_FILTERED": problems.FORBIDDEN,
}
EVERY_ANSWER = {
    "Access-Control-Allow-Origin": "method.request.header.Origin",
    "Access-Control-Expose-Headers": "'Retry-After,x-amzn-RequestId'",
    "Cache-Control": "'no-store'",
    "Content-Type": "'application/problem+json'",
    "Vary": "'Origin'",
    "X-Content-Type-Options": "'nosniff'",
}


def test_every_response_type_that_a_caller_can_meet_is_shaped() -> None:
    assert set(RESPONSES) == set(EXPECTED)


@pytest.mark.parametrize("response_type", EXPECTED)
def test_a_gateway_response_is_the_problem_of_the_contract(response_type: str) -> None:
    problem, response = EXPECTED[response_type], RESPONSES[response_type]

    body = json.loads(response["ResponseTemplates"]["application/json"])

    assert response["StatusCode"] == problem.status
    assert body == json.loads(problem.body("$context.requestId"))
    constants = {name: f"'{value}'" for name, value in problem.headers.items()}
    assert response["ResponseParameters"]["Headers"] == {**EVERY_ANSWER, **constants}


def test_each_method_of_each_resource_is_routed_to_the_function() -> None:
    events = TEMPLATE["Resources"]["DevicesFunction"]["Properties"]["Events"].values()

    routed = [(each["Properties"]["Path"], each["Properties"]["Method"]) for each in events]

    assert sorted(routed) == sorted((path, each) for path, methods in METHODS.items() for each in methods.split(", "))
    for each in events:
        preflight = each["Properties"]["Method"] == "OPTIONS"
        assert each["Properties"].get("Auth") == ({"Authorizer": "NONE"} if preflight else None)


def test_every_parameter_and_output_is_described() -> None:
    for section in ("Parameters", "Outputs"):
        for name, entry in TEMPLATE[section].items():
            assert entry.get("Description"), name


def test_a_deployment_finds_cognito_in_its_region() -> None:
    assert TEMPLATE["Parameters"]["CognitoEndpoint"]["Default"] == ""
    assert TEMPLATE["Globals"]["Function"]["Environment"]["Variables"][
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
    ] == {"Ref": "CognitoEndpoint"}


@pytest.mark.parametrize("environment", ["default", "dev", "prod"])
def test_each_environment_names_its_architecture_where_build_and_deploy_read_it(environment: str) -> None:
    config = tomllib.loads((PROJECT / "samconfig.toml").read_text())

    overrides = dict(each.split("=", 1) for each in config[environment]["global"]["parameters"]["parameter_overrides"])

    assert overrides["Architecture"] in TEMPLATE["Parameters"]["Architecture"]["AllowedValues"]
    assert set(overrides) <= set(TEMPLATE["Parameters"])


@pytest.mark.parametrize("command", ["local_invoke", "local_start_api"])
def test_plain_sam_local_finds_the_local_cloud_where_make_run_puts_it(command: str) -> None:
    settings = tomllib.loads((PROJECT / "samconfig.toml").read_text())["default"][command]["parameters"]
    run_port = int(re.findall(r"^run: PORT \?= (\d+)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)[0])

    overrides = dict(each.split("=", 1) for each in settings["parameter_overrides"])
    endpoint = urlsplit(overrides["CognitoEndpoint"])

    assert settings["add_host"] == [f"{endpoint.hostname}:host-gateway"]
    assert endpoint.port == run_port


@pytest.mark.parametrize("endpoint", ["", "https://cognito-idp-fips.us-east-1.amazonaws.com", "https://localhost:4566"])
def test_tokens_go_to_the_regions_own_endpoint_or_over_https(endpoint: str) -> None:
    assert re.search(TEMPLATE["Parameters"]["CognitoEndpoint"]["AllowedPattern"], endpoint)


@pytest.mark.parametrize(
    "endpoint", ["http://cognito.example.com", "cognito.example.com", "https://a/b", "https://a b"]
)
def test_tokens_go_nowhere_else(endpoint: str) -> None:
    assert not re.search(TEMPLATE["Parameters"]["CognitoEndpoint"]["AllowedPattern"], endpoint)
