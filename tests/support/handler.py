"""Invokes the Lambda handler with an event."""

import json
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from devices.app import lambda_handler


class Context(LambdaContext):
    """The context that Lambda passes to the handler."""

    def __init__(self, milliseconds_left: int = 10_000) -> None:
        self._milliseconds_left = milliseconds_left
        self._function_name = "devices"
        self._function_version = "$LATEST"
        self._invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:devices"
        self._memory_limit_in_mb = 256
        self._aws_request_id = "00000000-0000-4000-8000-00000000aaaa"

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]  # static in Powertools, not in Lambda
        return self._milliseconds_left


@dataclass(frozen=True)
class Response:
    """The handler's response, as API Gateway receives it. Each header has one value."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        """The JSON body."""
        return json.loads(self.text)


def invoke(event: dict[str, Any], *, milliseconds_left: int = 10_000) -> Response:
    """Invoke the handler with `event`."""
    response = lambda_handler(event, Context(milliseconds_left))
    headers = {}
    for name, values in response["multiValueHeaders"].items():
        (headers[name],) = values
    return Response(response["statusCode"], headers, response["body"])
