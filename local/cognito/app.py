"""The ASGI app of the emulated Cognito: it wraps an emulator's app and adds device tracking to it.

It responds to the device operations and to the challenges of devices itself, and changes the responses of sign-ins and
refreshes. All other requests pass through. The wrapped Cognito verifies tokens and finds the users that Admin
operations name; its errors become the response unchanged.

docs/local.md says what is emulated, how sure each point is, and what is not emulated.
"""

import json
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from local.asgi import App, Receive, Response, Scope, Send, header, read_body, send_response
from local.cognito import refresh, sign_in
from local.cognito.device_challenge import DEVICE_CHALLENGES
from local.cognito.exceptions import CognitoError, MissingAuthenticationTokenError, NotEmulatedError
from local.cognito.operations import OPERATIONS, Call
from local.cognito.overrides import address
from local.cognito.step import SIGN_INS, Step, object_of
from local.cognito.store import DeviceStore
from local.cognito.upstream import Internals, WrappedCognito, WrappedCognitoError, operation_of
from local.cognito.validation import parse

type Handler = Callable[[DeviceStore, WrappedCognito, str, bytes], Awaitable[Response]]

# The page calls Cognito from the browser.
_CORS = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"*")]


def device_tracking(app: App, internals: Internals, store: DeviceStore) -> App:
    """Return `app` with device tracking.

    Parameters
    ----------
    app : ASGI app
        An emulator with Cognito user pools that verifies access tokens.
    internals : Internals
        What device tracking needs of the emulator besides Cognito's operations.
    store : DeviceStore
        Where the devices are kept.
    """

    async def tracked(scope: Scope, receive: Receive, send: Send) -> None:
        operation = operation_of(scope)
        handle = _HANDLERS.get(operation) or (_handle_token_endpoint if _is_token_endpoint(scope) else None)
        if handle is None:
            await app(scope, receive, send)
            return
        body = await read_body(receive)
        if body is not None:
            cognito = WrappedCognito(app, internals, scope, receive)
            await send_response(send, await _or_error(handle(store, cognito, operation, body)))

    return tracked


def _is_token_endpoint(scope: Scope) -> bool:
    # The wrapped emulator serves all paths that start like this.
    return scope["type"] == "http" and str(scope["path"]).startswith("/oauth2/token")


async def _or_error(response: Awaitable[Response]) -> Response:
    try:
        return await response
    except WrappedCognitoError as error:
        return error.response
    except CognitoError as error:
        return _json(HTTPStatus.BAD_REQUEST, {"__type": error.code, "message": error.message}, error.code)


async def _handle_device_operation(store: DeviceStore, cognito: WrappedCognito, name: str, body: bytes) -> Response:
    operation = OPERATIONS[name]
    if operation.admin:
        _require_signature(cognito)
    request = parse(body, operation.required)
    if operation.admin:
        user = await cognito.user_named(request["UserPoolId"], request["Username"])
    else:
        user = await cognito.user_of_token(request["AccessToken"])
    on_prompt = await cognito.asks_before_remembering(user.pool_id)
    return _json(HTTPStatus.OK, operation.run(Call(store, user, request, operation.admin, on_prompt)))


async def _handle_sign_in(store: DeviceStore, cognito: WrappedCognito, operation: str, body: bytes) -> Response:
    if operation.startswith("Admin"):
        _require_signature(cognito)
    step = Step.parse(operation, body, address(cognito.scope))
    if step.starts and step.name in refresh.FLOWS:
        return await refresh.respond(store, cognito, step.device_key, body)
    if not step.starts and step.name in DEVICE_CHALLENGES:
        return _json(HTTPStatus.OK, await DEVICE_CHALLENGES[step.name](store, cognito, step))
    return await sign_in.respond(store, cognito, step, body)


async def _handle_refresh(store: DeviceStore, cognito: WrappedCognito, _: str, body: bytes) -> Response:
    request = parse(body, ("RefreshToken", "ClientId"))
    return await refresh.respond(store, cognito, request.get("DeviceKey"), body)


async def _handle_token_endpoint(store: DeviceStore, cognito: WrappedCognito, _: str, body: bytes) -> Response:
    return await refresh.respond_to_token_endpoint(store, cognito, body)


async def _handle_app_client(_: DeviceStore, cognito: WrappedCognito, __: str, body: bytes) -> Response:
    rotation = object_of(body).get("RefreshTokenRotation")
    if isinstance(rotation, dict) and rotation.get("Feature") == "ENABLED":
        raise NotEmulatedError("the rotation of refresh tokens", "leave out RefreshTokenRotation")
    return await cognito.respond(body)


def _require_signature(cognito: WrappedCognito) -> None:
    if not header(cognito.scope, b"authorization").startswith("AWS4-HMAC-SHA256"):
        raise MissingAuthenticationTokenError


_HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(OPERATIONS, _handle_device_operation),
    **dict.fromkeys(SIGN_INS, _handle_sign_in),
    "GetTokensFromRefreshToken": _handle_refresh,
    "CreateUserPoolClient": _handle_app_client,
    "UpdateUserPoolClient": _handle_app_client,
}


def _json(status: int, content: dict[str, Any], error: str = "") -> Response:
    headers = [
        (b"content-type", b"application/x-amz-json-1.1"),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        *_CORS,
    ]
    if error:
        headers.append((b"x-amzn-errortype", error.encode()))
    return Response(status, headers, b"").with_body(json.dumps(content).encode())
