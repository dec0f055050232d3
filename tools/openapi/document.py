"""The OpenAPI document: Powertools generates it, and shared headers and responses become components."""

import json
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, Server, ServerVariable

from devices.problems import SCOPE
from tools.openapi.headers import HEADERS
from tools.openapi.operations import app
from tools.openapi.responses import method_not_allowed

# Powertools' schemas for invalid requests; this API responds with a problem instead.
_UNUSED = ("HTTPValidationError", "ResponseValidationError", "ValidationError")
_GENERATED = Server(
    url="https://{api}.execute-api.{region}.amazonaws.com/v1",
    description="API Gateway. The stage is the API's version.",
    variables={
        "api": ServerVariable(default="api1234567", description="The API's ID in API Gateway."),
        "region": ServerVariable(default="us-east-1", description="The Region of the deployment."),
    },
)
_OWN = Server(
    url="https://{domain}/v1",
    description="The deployment's own domain name, if it has one.",
    variables={"domain": ServerVariable(default="devices.example.com", description="The parameter DomainName.")},
)
_DESCRIPTION = """\
Lets a web app list, remember and forget the devices of a signed-in Amazon Cognito user.

Pages of the deployment's `AllowedOrigins` may read every response. A preflight (`OPTIONS` on each path) needs no token.
Its response is 204, with the caller's origin, the methods and headers that a page may send, and
`Access-Control-Max-Age: 3600`.
"""
_TOKEN = HTTPBearer(bearerFormat="JWT", description=f"A Cognito access token with the scope {SCOPE}.")


def document() -> str:
    """Return the OpenAPI document in JSON."""
    made: dict[str, Any] = json.loads(
        app.get_openapi_json_schema(
            title="Cognito device API",
            version="1",
            description=_DESCRIPTION,
            servers=[_GENERATED, _OWN],
            security_schemes={"accessToken": _TOKEN},
            security=[{"accessToken": []}],
        ),
        parse_float=_whole,  # Powertools turns every bound into a float
    )
    components = made["components"]
    components["schemas"] = {name: each for name, each in components["schemas"].items() if name not in _UNUSED}
    for schema in components["schemas"].values():
        for member in schema.get("properties", {}).values():
            member.pop("title", None)  # repeats the name
    components["headers"] = HEADERS
    components["responses"] = {"MethodNotAllowed": method_not_allowed()}
    made["paths"] = dict(sorted(made["paths"].items()))
    for operation in [each for path in made["paths"].values() for each in path.values()]:
        for parameter in operation.get("parameters", []):
            parameter["schema"].pop("title", None)
            parameter["schema"].pop("description")  # repeats the parameter's description
        operation["responses"] = {
            status: _shared(status, response, components["responses"])
            for status, response in operation["responses"].items()
        }
    return json.dumps(made, indent=2) + "\n"


def _whole(text: str) -> int:
    if not float(text).is_integer():
        raise ValueError(f"{text} is not a whole number")
    return int(float(text))


def _shared(status: str, response: dict[str, Any], responses: dict[str, Any]) -> dict[str, Any]:
    """Return a reference to an error response, and put the response itself into `responses`."""
    if int(status) < HTTPStatus.BAD_REQUEST:
        return response
    name = HTTPStatus(int(status)).name.title().replace("_", "")
    if responses.setdefault(name, response) != response:
        raise ValueError(f"operations have different responses for status {status}")
    return {"$ref": f"#/components/responses/{name}"}
