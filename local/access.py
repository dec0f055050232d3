"""What containers, and whoever else reaches the address that they use, may ask of the emulator.

The emulator runs the code that it is given, for everybody who knows its well-known credentials. So whatever comes in
at another address than 127.0.0.1 gets the operations that the function calls with a user's own token, and nothing else.
"""

from local.asgi import App, Receive, Reply, Scope, Send, header, reply_with
from local.cognito.upstream import TARGET

THIS_MACHINE = "127.0.0.1"
_ALLOWED = frozenset(
    TARGET + operation for operation in ("GetDevice", "ListDevices", "ForgetDevice", "UpdateDeviceStatus")
)
_REFUSAL = Reply(
    403,
    [(b"content-type", b"application/x-amz-json-1.1"), (b"x-amzn-errortype", b"AccessDeniedException")],
    b"",
).with_body(b'{"__type":"AccessDeniedException","message":"Only a user\'s device operations are served here."}')


def guarded(app: App) -> App:
    """Return `app` with all but the function's operations refused to what does not come from this machine."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        from_here = scope["type"] == "lifespan" or (scope.get("server") or ("",))[0] == THIS_MACHINE
        if from_here or (scope["type"] == "http" and header(scope, b"x-amz-target") in _ALLOWED):
            await app(scope, receive, send)
        elif scope["type"] == "http":
            await reply_with(send, _REFUSAL)
        else:
            await send({"type": "websocket.close", "code": 1008})  # policy violation, RFC 6455 section 7.4.1

    return guard
