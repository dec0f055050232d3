"""The variant `bare boto3` of `make bench`: the runtime's boto3 without framework, records or problems."""

import json
from typing import Any

import boto3
from view import JSON_HEADERS, token_of, view_of

cognito = boto3.client("cognito-idp")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Return the response to a REST proxy event of API Gateway."""
    token = token_of(event)
    device = cognito.get_device(AccessToken=token, DeviceKey=event["pathParameters"]["deviceKey"])["Device"]
    return {"statusCode": 200, "headers": JSON_HEADERS, "body": json.dumps(view_of(device, token))}
