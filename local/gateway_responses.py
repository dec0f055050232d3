"""Puts the gateway responses of an imported OpenAPI body, which the emulator ignores on import.

AWS reads `x-amazon-apigateway-gateway-responses` when it imports the Body of an AWS::ApiGateway::RestApi:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html
The emulator only honours responses of PutGatewayResponse, so `apply` calls it for each one after a deployment.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_cloudformation import CloudFormationClient

_EXTENSION = "x-amazon-apigateway-gateway-responses"


class GatewayResponsesError(Exception):
    """The template's gateway responses cannot be put; the message says which and why."""


def apply(
    apigateway: "APIGatewayClient", cloudformation: "CloudFormationClient", stack_name: str, stage_name: str
) -> list[str]:
    """Put the gateway responses of a deployed stack's REST APIs, and deploy them to a stage.

    Parameters
    ----------
    apigateway, cloudformation : boto3 clients
    stack_name : str
        A stack whose processed template contains the OpenAPI body, as SAM's does.
    stage_name : str
        The stage to deploy to, because gateway responses take effect with a deployment.

    Returns
    -------
    list of str
        The types of the gateway responses, such as `UNAUTHORIZED`.

    Raises
    ------
    GatewayResponsesError
        The template is not JSON, or a gateway response contains an intrinsic function, which this module does not
        resolve.
    """
    template = cloudformation.get_template(StackName=stack_name, TemplateStage="Processed")["TemplateBody"]
    if not isinstance(template, Mapping):
        # CloudFormation returns a template without a transform as it was sent, here as YAML.
        raise GatewayResponsesError(f"The processed template of stack {stack_name} is not JSON.")
    put: list[str] = []
    for logical_id, responses in _imported(template):
        described = cloudformation.describe_stack_resource(StackName=stack_name, LogicalResourceId=logical_id)
        api_id = described["StackResourceDetail"]["PhysicalResourceId"]
        for response_type, response in responses.items():
            apigateway.put_gateway_response(restApiId=api_id, **_parameters(response_type, response))
            put.append(response_type)
        apigateway.create_deployment(restApiId=api_id, stageName=stage_name)
    return put


def _imported(template: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the logical ID and the gateway responses of each REST API that has any."""
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::ApiGateway::RestApi":
            body = resource.get("Properties", {}).get("Body", {})
            _refuse_intrinsic(body, logical_id, "Body")
            responses = body.get(_EXTENSION, {})
            _refuse_intrinsics(responses, f"{logical_id}.Body.{_EXTENSION}")
            if responses:
                yield logical_id, responses


def _refuse_intrinsics(value: object, place: str) -> None:
    if isinstance(value, Mapping):
        _refuse_intrinsic(value, place)
        for name, part in value.items():
            _refuse_intrinsics(part, f"{place}.{name}")


def _refuse_intrinsic(value: Mapping[str, Any], *place: str) -> None:
    for name in value:
        if name == "Ref" or name.startswith("Fn::"):
            raise GatewayResponsesError(f"{name} in {'.'.join(place)} is not supported: write the value itself.")


def _parameters(response_type: str, response: Mapping[str, Any]) -> dict[str, Any]:
    parameters: dict[str, Any] = {"responseType": response_type}
    if "statusCode" in response:
        parameters["statusCode"] = str(response["statusCode"])
    for name in ("responseParameters", "responseTemplates"):
        if name in response:
            parameters[name] = dict(response[name])
    return parameters
