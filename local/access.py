"""Decides which requests the emulator serves, by the address of this machine at which they arrive.

The emulator runs code for everybody who knows its well-known credentials. So only at 127.0.0.1 does it serve every
request. Containers and neighbours on the network reach the other addresses. There, the emulator serves only the
operations that the function calls with a user's token.
"""

from local.asgi import App, Receive, Response, Scope, Send, send_response
from local.cognito.operations import OPERATIONS
from local.cognito.upstream import operation_of

THIS_MACHINE = "127.0.0.1"
# The local cloud's environment lacks the function's code, so the list is kept here; a unit test compares the two.
ALLOWED = frozenset(name for name, operation in OPERATIONS.items() if operation.called_by_function)
_REFUSAL = Response(
    403,
    [(b"content-type", b"application/x-amz-json-1.1"), (b"x-amzn-errortype", b"AccessDeniedException")],
    b"",
).with_body(b'{"__type":"AccessDeniedException","message":"Only a user\'s device operations are served here."}')


def guarded(app: App) -> App:
    """Return an app that serves as `app` does at 127.0.0.1, and elsewhere only the operations of the function."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        from_here = scope["type"] == "lifespan" or (scope.get("server") or ("",))[0] == THIS_MACHINE
        if from_here or operation_of(scope) in ALLOWED:
            await app(scope, receive, send)
        elif scope["type"] == "http":
            await send_response(send, _REFUSAL)
        else:
            await send({"type": "websocket.close", "code": 1008})  # policy violation, RFC 6455 section 7.4.1

    return guard
