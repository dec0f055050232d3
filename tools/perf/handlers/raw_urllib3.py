"""The variant `raw urllib3` of `make bench`: requests in Cognito's protocol, without the AWS SDK."""

import json
import os
from typing import Any

import urllib3
from view import JSON_HEADERS, token_of, view_of

pool = urllib3.PoolManager()
ENDPOINT = os.environ["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]
HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSCognitoIdentityProviderService.GetDevice",
}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Return the response to a REST proxy event of API Gateway."""
    token = token_of(event)
    request = {"AccessToken": token, "DeviceKey": event["pathParameters"]["deviceKey"]}
    response = pool.request("POST", ENDPOINT, body=json.dumps(request), headers=HEADERS).json()
    return {"statusCode": 200, "headers": JSON_HEADERS, "body": json.dumps(view_of(response["Device"], token))}
