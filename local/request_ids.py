"""Gives each request to an API one id, as API Gateway does.

MiniStack makes three: the `requestId` of the function's event, that of gateway responses, and the response header
x-amzn-RequestId. In AWS, `$context.requestId` is in all three places:
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from contextvars import ContextVar
from typing import Any

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def unify(apigateway: Any) -> None:
    """Replace what makes ids in `ministack.services.apigateway_v1`; call it once in a process."""
    execute, new_uuid = apigateway.handle_execute, apigateway.new_uuid

    async def execute_with_id(*request: Any) -> tuple[int, dict[str, Any], bytes]:
        request_id = new_uuid()
        reset = _current.set(request_id)
        try:
            status, headers, body = await execute(*request)
        finally:
            _current.reset(reset)
        headers["x-amzn-requestid"] = request_id
        return status, headers, body

    apigateway.handle_execute = execute_with_id
    apigateway.new_uuid = lambda: _current.get() or new_uuid()
