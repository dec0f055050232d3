"""The emulator's access control: decides which requests MiniStack gets.

The emulator runs code for everybody who knows its well-known credentials. So only tools on this machine may call
everything. Browsers may call what web pages may reach at AWS (`local.browsers`). Containers and neighbours on the
network may call the operations that the function calls with a user's token. A request that calls the emulator by
another name is refused (`local.hosts`). A link performs no operation, whoever follows it.
"""

import json
import logging
from collections.abc import Collection
from http import HTTPStatus

from local.asgi import (
    App,
    BodyTooLargeError,
    Receive,
    Response,
    Scope,
    Send,
    header,
    query_names,
    read_body,
    replaying,
    respond_early,
    send_response,
)
from local.browsers import CONTENT_TYPE, is_from_browser, may_send
from local.cognito.operations import OPERATIONS
from local.cognito.upstream import operation_of
from local.execute_api import PATH, ResolveDomain, behind_domain, is_api_request
from local.hosts import OF_CONTAINERS, THIS_MACHINE, arrival, host_of, served_hosts

# The local cloud's environment lacks the function's code, so OPERATIONS repeats its list; a unit test compares the two.
ALLOWED = frozenset(name for name, operation in OPERATIONS.items() if operation.called_by_function)

# Bytes of a body that does not come from a tool on this machine. API Gateway accepts no more:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
LIMIT = 10 * 1024 * 1024

_OF_NEIGHBOUR = "Only a user's device operations are served here."
_OF_BROWSER = (
    f"A browser may only call the API below {PATH}/ and the operations of Cognito that need no signature (POST / with "
    f"X-Amz-Target and Content-Type {CONTENT_TYPE}), without AWS credentials. Send other requests without a browser, "
    "for example with curl or boto3."
)
_OF_LINK = "An operation whose name is in the query is not served with GET. Send it with POST, as boto3 does."
_TOO_LARGE = "The request's body is larger than 10 MB, which is all that API Gateway accepts."

_log = logging.getLogger(__name__)


def guarded(app: App, unsigned: Collection[str], resolve: ResolveDomain) -> App:
    """Return an app that passes to `app` the requests that their callers may send, and refuses all others.

    Parameters
    ----------
    app : ASGI app
        MiniStack, with what this project adds to it.
    unsigned : collection of str
        The names of Cognito's operations that need no signature.
    resolve : callable
        Returns the API behind a custom domain name.
    """

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        admitted = scope if scope["type"] == "lifespan" else _admitted(scope, unsigned, resolve)
        if isinstance(admitted, str):
            refusal = _refusal(scope, HTTPStatus.FORBIDDEN, "AccessDeniedException", admitted)
            if scope["type"] == "http":
                await respond_early(receive, send, refusal)
            else:
                await send({"type": "websocket.close", "code": 1008})  # policy violation, RFC 6455 section 7.4.1
        elif scope["type"] == "lifespan" or _is_from_tool(scope):
            await app(admitted, receive, send)
        else:
            await _pass_limited(app, admitted, receive, send)

    return guard


async def _pass_limited(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Pass a request to `app` if its body is small. MiniStack keeps several copies of a body in memory."""
    length = header(scope, b"content-length")
    if length.isdecimal() and float(length) > LIMIT:
        await respond_early(receive, send, _too_large(scope))
        return
    try:
        body = await read_body(receive, LIMIT)
    except BodyTooLargeError:
        await send_response(send, _too_large(scope))
        return
    if body is not None:
        await app(scope, replaying(body, receive), send)


def _admitted(scope: Scope, unsigned: Collection[str], resolve: ResolveDomain) -> Scope | str:
    """Return the request that the app gets, or the reason why it gets none."""
    hosts = served_hosts(scope)
    if host_of(scope) not in hosts:
        of_domain = behind_domain(scope, resolve)
        if of_domain is None:
            return f"The request's Host header must be one of these: {', '.join(hosts)}."
        scope = of_domain
    if is_from_browser(scope) and not may_send(scope, unsigned):
        return _OF_BROWSER
    if not _is_from_here(scope) and operation_of(scope) not in ALLOWED:
        return _OF_NEIGHBOUR
    return _OF_LINK if _is_operation_in_link(scope) else scope


def _is_from_here(scope: Scope) -> bool:
    return arrival(scope)[0] == THIS_MACHINE and served_hosts(scope).get(host_of(scope)) != OF_CONTAINERS


def _is_from_tool(scope: Scope) -> bool:
    return _is_from_here(scope) and not is_from_browser(scope)


def _is_operation_in_link(scope: Scope) -> bool:
    """Return whether following a link or a redirect, with made-up credentials in its query, performs an operation.

    Services of the query protocol ignore the method. Those of JSON need a header, and those of REST change nothing
    with GET.
    """
    return scope.get("method") in {"GET", "HEAD"} and "Action" in query_names(scope) and not is_api_request(scope)


def _too_large(scope: Scope) -> Response:
    return _refusal(scope, HTTPStatus.CONTENT_TOO_LARGE, "RequestTooLargeException", _TOO_LARGE)


def _refusal(scope: Scope, status: int, kind: str, message: str) -> Response:
    _log.warning("Refused a request to %s: %s", scope["path"], message)
    content = {"__type": kind, "message": message}
    headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", kind.encode())]
    return Response(status, headers, b"").with_body(json.dumps(content).encode())
