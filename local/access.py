"""Decides who may ask what of the emulator, by the address of this machine that a request arrives at.

The emulator runs code for everybody who knows its well-known credentials. So only requests at 127.0.0.1 may ask for
everything. At any other address, which containers and neighbours on the network reach, the emulator serves the
operations that the function calls with a user's token, and nothing else.
"""

from local.asgi import App, Receive, Response, Scope, Send, header, send_response
from local.cognito.operations import OPERATIONS
from local.cognito.upstream import TARGET

THIS_MACHINE = "127.0.0.1"
# The local cloud's environment lacks the function's code, so the list is kept here; a unit test compares the two.
ALLOWED = frozenset(name for name, operation in OPERATIONS.items() if operation.called_by_function)
_TARGETS = frozenset(TARGET + name for name in ALLOWED)
_REFUSAL = Response(
    403,
    [(b"content-type", b"application/x-amz-json-1.1"), (b"x-amzn-errortype", b"AccessDeniedException")],
    b"",
).with_body(b'{"__type":"AccessDeniedException","message":"Only a user\'s device operations are served here."}')


def guarded(app: App) -> App:
    """Return `app`, which then refuses other machines all but the operations that the function calls."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        from_here = scope["type"] == "lifespan" or (scope.get("server") or ("",))[0] == THIS_MACHINE
        if from_here or (scope["type"] == "http" and header(scope, b"x-amz-target") in _TARGETS):
            await app(scope, receive, send)
        elif scope["type"] == "http":
            await send_response(send, _REFUSAL)
        else:
            await send({"type": "websocket.close", "code": 1008})  # policy violation, RFC 6455 section 7.4.1

    return guard
