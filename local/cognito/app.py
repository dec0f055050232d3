"""Device tracking around an emulator that has none: an ASGI app that wraps the emulator's.

It answers the device operations itself and adds the device to the answers of sign-ins; everything else passes
through. The wrapped Cognito judges tokens and administrators' users, and its refusals are handed on unchanged.

Two request headers, for tests and demos, stand for what the real service sees by itself: X-Forwarded-For for the
client's address, and X-Emulator-Time, in epoch seconds, for the time at which a device is seen.

Not emulated: the DEVICE_SRP_AUTH challenge. Where the real service makes a known device prove its password, a
sign-in with DEVICE_KEY is complete here. A refresh does not need DEVICE_KEY, and survives ForgetDevice.
"""

import json
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from local.asgi import App, Receive, Reply, Scope, Send, header, read_body, reply_with
from local.cognito.operations import OPERATIONS, confirm
from local.cognito.sign_in import PARAMETERS, Sign, SignIn, add_device, issued_tokens
from local.cognito.store import CognitoError, Registry
from local.cognito.upstream import TARGET, RefusedError, WrappedCognito, claims_of, user_of
from local.cognito.validation import REQUIRED, parse

type Answer = Callable[[Registry, Sign, WrappedCognito, str, bytes], Awaitable[Reply]]

_TIME = b"x-emulator-time"

# A page calls Cognito straight from the browser.
_CORS = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"*")]


def device_tracking(app: App, sign: Sign, registry: Registry | None = None) -> App:
    """Return `app` with device tracking.

    Parameters
    ----------
    app : ASGI app
        An emulator with Cognito user pools that verifies access tokens.
    sign : callable
        `sign(claims, pool_id)` returns an access token with those claims that the app accepts.
    registry : Registry, optional
        Where the devices are kept; a new one by default.
    """
    known = Registry() if registry is None else registry

    async def tracked(scope: Scope, receive: Receive, send: Send) -> None:
        operation = _operation(scope)
        if operation in REQUIRED:
            answer: Answer = _device_answer
        elif operation in PARAMETERS:
            answer = _sign_in_answer
        else:
            await app(scope, receive, send)
            return
        body = await read_body(receive)
        if body is not None:
            cognito = WrappedCognito(app, scope, receive)
            await reply_with(send, await _or_refusal(answer(known, sign, cognito, operation, body)))

    return tracked


def _operation(scope: Scope) -> str:
    target = header(scope, b"x-amz-target") if scope["type"] == "http" else ""
    return target.removeprefix(TARGET) if target.startswith(TARGET) else ""


async def _or_refusal(answer: Awaitable[Reply]) -> Reply:
    try:
        return await answer
    except RefusedError as refused:
        return refused.reply
    except CognitoError as error:
        return _json_reply(HTTPStatus.BAD_REQUEST, {"__type": error.code, "message": error.message}, error.code)


async def _device_answer(registry: Registry, _: Sign, cognito: WrappedCognito, operation: str, body: bytes) -> Reply:
    admin = operation.startswith("Admin")
    if admin and not header(cognito.scope, b"authorization").startswith("AWS4-HMAC-SHA256"):
        raise CognitoError("MissingAuthenticationTokenException", "Missing Authentication Token")
    registry = _at_the_time_of(cognito.scope, registry)
    request = parse(operation, body)
    if admin:
        user = await cognito.user_named(request["UserPoolId"], request["Username"])
    else:
        user = await cognito.user_of_token(request["AccessToken"])
    on_prompt = await cognito.asks_before_remembering(user.pool_id)
    if operation == "ConfirmDevice":
        return _json_reply(HTTPStatus.OK, confirm(registry, user, request, on_prompt=on_prompt))
    return _json_reply(HTTPStatus.OK, OPERATIONS[operation](registry, user, request))


async def _sign_in_answer(
    registry: Registry, sign: Sign, cognito: WrappedCognito, operation: str, body: bytes
) -> Reply:
    registry = _at_the_time_of(cognito.scope, registry)
    reply = await cognito.answer_to(body)
    if reply.status != HTTPStatus.OK:
        return reply
    answer = json.loads(reply.body)
    result = issued_tokens(answer)
    if result is None:
        return reply
    pool_id = user_of(claims_of(result["AccessToken"])).pool_id
    if await cognito.device_configuration(pool_id) is None:
        return reply
    sign_in = SignIn(operation, json.loads(body), _address(cognito.scope))
    add_device(registry, sign, sign_in, result)
    return reply.with_body(json.dumps(answer).encode())


def _address(scope: Scope) -> str:
    """Return the client's address. X-Forwarded-For is believed, so that a demo can sign in from several."""
    forwarded = header(scope, b"x-forwarded-for").partition(",")[0].strip()
    return forwarded or str((scope.get("client") or ("127.0.0.1", 0))[0])


def _at_the_time_of(scope: Scope, registry: Registry) -> Registry:
    """Return the registry with the request's clock. X-Emulator-Time is believed, so that a demo can have a past."""
    given = header(scope, _TIME)
    if not given:
        return registry
    if not re.fullmatch(r"\d{1,10}(\.\d{1,3})?", given, re.ASCII):
        raise CognitoError("InvalidParameterException", "X-Emulator-Time must be epoch seconds.")
    return replace(registry, now=lambda: float(given))


def _json_reply(status: int, content: dict[str, Any], error: str = "") -> Reply:
    headers = [
        (b"content-type", b"application/x-amz-json-1.1"),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        *_CORS,
    ]
    if error:
        headers.append((b"x-amzn-errortype", error.encode()))
    return Reply(status, headers, b"").with_body(json.dumps(content).encode())
