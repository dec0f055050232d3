"""Gateway responses of an imported body, deployed into the emulator and read by an HTTP client."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from local.gateway_responses import GatewayResponsesError, apply

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_cloudformation import CloudFormationClient

EXTENSION = "x-amazon-apigateway-gateway-responses"
PATHS = {
    "/here": {"get": {"responses": {}, "x-amazon-apigateway-integration": {"type": "mock"}}},
    # A function that does not exist is an API_CONFIGURATION_ERROR.
    "/broken": {
        "get": {
            "responses": {},
            "x-amazon-apigateway-integration": {
                "type": "aws_proxy",
                "httpMethod": "POST",
                "uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
                "arn:aws:lambda:us-east-1:000000000000:function:missing/invocations",
            },
        }
    },
}
SAM: dict[str, Any] = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Api": {
            "Type": "AWS::Serverless::Api",
            "Properties": {
                "StageName": "v1",
                "DefinitionBody": {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": PATHS},
                "GatewayResponses": {
                    "MISSING_AUTHENTICATION_TOKEN": {
                        "StatusCode": 404,
                        "ResponseParameters": {"Headers": {"X-Problem": "'no-such-route'"}},
                        "ResponseTemplates": {"application/json": '{"slug":"no-such-route"}'},
                    },
                    "DEFAULT_5XX": {"ResponseParameters": {"Headers": {"X-Problem": "'broken'"}}},
                },
            },
        }
    },
}


@pytest.fixture
def deploy(
    cloudformation: "CloudFormationClient", request: pytest.FixtureRequest
) -> Callable[[str | dict[str, Any]], str]:
    def deployed(template: str | dict[str, Any]) -> str:
        name = f"stack-{abs(hash(request.node.name))}"
        body = template if isinstance(template, str) else json.dumps(template)
        cloudformation.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_AUTO_EXPAND"])
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
        return name

    return deployed


def api_of(cloudformation: "CloudFormationClient", stack: str) -> str:
    """Return the ID of a stack's REST API."""
    detail = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId="Api")["StackResourceDetail"]
    return detail["PhysicalResourceId"]


def plain(body: dict[str, Any]) -> dict[str, Any]:
    """A template without a transform, with a REST API of that body."""
    return {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api", "Body": body}}}}


def test_the_gateway_responses_of_a_sam_template_take_effect(
    emulator: str,
    apigateway: "APIGatewayClient",
    cloudformation: "CloudFormationClient",
    deploy: Callable[[Any], str],
) -> None:
    # Given
    stack = deploy(SAM)
    url = f"{emulator}/_aws/execute-api/{api_of(cloudformation, stack)}/v1/elsewhere"
    assert httpx.get(url).status_code == 403
    # When
    put = apply(apigateway, cloudformation, stack, "v1")
    # Then
    assert sorted(put) == ["DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN"]
    response = httpx.get(url)
    assert response.status_code == 404
    assert response.headers["x-problem"] == "no-such-route"
    assert response.json() == {"slug": "no-such-route"}


def test_a_response_without_a_status_has_that_of_its_type(
    emulator: str,
    apigateway: "APIGatewayClient",
    cloudformation: "CloudFormationClient",
    deploy: Callable[[Any], str],
) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html"""
    # Given a DEFAULT_5XX that sets no status
    stack = deploy(SAM)
    api_id = api_of(cloudformation, stack)
    # When
    apply(apigateway, cloudformation, stack, "v1")
    # Then each type keeps its own status, and has the header of DEFAULT_5XX
    types = ["API_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"]
    used = [apigateway.get_gateway_response(restApiId=api_id, responseType=each) for each in types]  # type: ignore[arg-type]
    assert [each["statusCode"] for each in used] == ["500", "500", "504", "504"]
    assert {each["responseParameters"]["gatewayresponse.header.X-Problem"] for each in used} == {"'broken'"}
    response = httpx.get(f"{emulator}/_aws/execute-api/{api_id}/v1/broken")
    assert (response.status_code, response.headers["x-problem"]) == (500, "broken")


def test_a_stack_without_gateway_responses_is_left_alone(
    apigateway: "APIGatewayClient", cloudformation: "CloudFormationClient", deploy: Callable[[Any], str]
) -> None:
    # Given
    template = plain({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": PATHS})
    template["Resources"]["Bucket"] = {"Type": "AWS::S3::Bucket"}
    # Then
    assert apply(apigateway, cloudformation, deploy(template), "v1") == []


def test_parts_that_a_gateway_response_leaves_out_keep_their_defaults(
    apigateway: "APIGatewayClient", cloudformation: "CloudFormationClient", deploy: Callable[[Any], str]
) -> None:
    # Given
    body = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": PATHS,
        EXTENSION: {"UNAUTHORIZED": {"statusCode": 418}},
    }
    stack = deploy(plain(body))
    # When
    apply(apigateway, cloudformation, stack, "v1")
    # Then
    put = apigateway.get_gateway_response(restApiId=api_of(cloudformation, stack), responseType="UNAUTHORIZED")
    assert put["statusCode"] == "418"
    assert put["responseTemplates"] == {"application/json": '{"message":$context.error.messageString}'}


def test_an_intrinsic_function_in_a_gateway_response_is_rejected(
    apigateway: "APIGatewayClient", cloudformation: "CloudFormationClient", deploy: Callable[[Any], str]
) -> None:
    # Given
    parameters = {"gatewayresponse.header.X": {"Fn::Sub": "'${AWS::Region}'"}}
    body = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": PATHS,
        EXTENSION: {"UNAUTHORIZED": {"responseParameters": parameters}},
    }
    stack = deploy(plain(body))
    # When
    with pytest.raises(GatewayResponsesError) as caught:
        apply(apigateway, cloudformation, stack, "v1")
    # Then
    place = f"Api.Body.{EXTENSION}.UNAUTHORIZED.responseParameters.gatewayresponse.header.X"
    assert str(caught.value) == f"Fn::Sub in {place} is not supported: write the value itself."


def test_a_template_that_is_not_json_is_rejected(
    apigateway: "APIGatewayClient", cloudformation: "CloudFormationClient", deploy: Callable[[Any], str]
) -> None:
    # Given
    stack = deploy("Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n")
    # Then
    with pytest.raises(GatewayResponsesError, match=f"The processed template of stack {stack} is not JSON."):
        apply(apigateway, cloudformation, stack, "v1")
