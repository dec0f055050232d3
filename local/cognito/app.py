"""The ASGI app of the emulated Cognito: it wraps an emulator's app and adds device tracking to it.

It responds to the device operations and to the challenges of devices itself, and changes the responses of sign-ins and
refreshes. All other requests pass through. The wrapped Cognito verifies tokens and finds the users that Admin
operations name; its errors become the response unchanged.

docs/local.md says what is emulated, how sure each point is, and what is not emulated.
"""

import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from local.asgi import App, Receive, Response, Scope, Send, header, read_body, send_response
from local.cognito import refresh, sign_in
from local.cognito.device_challenge import DEVICE_CHALLENGES
from local.cognito.exceptions import (
    CognitoError,
    InvalidParameterError,
    MissingAuthenticationTokenError,
    UnknownOperationError,
)
from local.cognito.model import operations, unsigned_operations
from local.cognito.operations import OPERATIONS, Call
from local.cognito.overrides import address
from local.cognito.refresh import Refresh
from local.cognito.step import SIGN_INS, Step
from local.cognito.store import DeviceStore
from local.cognito.upstream import Internals, WrappedCognito, WrappedCognitoError, is_misplaced, operation_of
from local.cognito.validation import parse

# The page calls Cognito from the browser.
_CORS = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"*")]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of an operation: the state, the wrapped emulator, and the request as it came and as it was parsed."""

    store: DeviceStore
    cognito: WrappedCognito
    operation: str
    body: bytes
    request: dict[str, Any]


type Handler = Callable[[Asked], Awaitable[Response]]


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
        if is_misplaced(scope) or (operation and operation not in operations()):
            respond: Callable[[WrappedCognito, bytes], Awaitable[Response]] = _refuse_misplaced
        elif _is_token_endpoint(scope):
            respond = partial(refresh.respond_to_token_endpoint, store)
        elif operation:
            respond = partial(_respond, store, operation)
        else:
            await app(scope, receive, send)
            return
        body = await read_body(receive)
        if body is not None:
            cognito = WrappedCognito(app, internals, scope, receive)
            await send_response(send, await _or_error(respond(cognito, body)))

    return tracked


def _is_token_endpoint(scope: Scope) -> bool:
    # The wrapped emulator serves all paths that start like this.
    return scope["type"] == "http" and str(scope["path"]).startswith("/oauth2/token")


async def _refuse_misplaced(_: WrappedCognito, __: bytes) -> Response:
    raise UnknownOperationError


async def _respond(store: DeviceStore, operation: str, cognito: WrappedCognito, body: bytes) -> Response:
    """Respond to a request of Cognito if it is valid. The wrapped emulator crashes on some invalid requests."""
    device_operation = OPERATIONS.get(operation)
    # unconfirmed: GetDevice and ForgetDevice require the access token, which the service model calls optional.
    by_token = device_operation is not None and not device_operation.admin
    if operation.startswith("Admin") and operation not in unsigned_operations():
        _require_signature(cognito)
    request = parse(operation, body, *(["AccessToken"] if by_token else []))
    return await _HANDLERS.get(operation, _pass_on)(Asked(store, cognito, operation, body, request))


async def _or_error(response: Awaitable[Response]) -> Response:
    try:
        return await response
    except WrappedCognitoError as error:
        return error.response
    except CognitoError as error:
        return _json(HTTPStatus.BAD_REQUEST, {"__type": error.code, "message": error.message}, error.code)


async def _pass_on(asked: Asked) -> Response:
    return await asked.cognito.respond(asked.body)


async def _handle_device_operation(asked: Asked) -> Response:
    operation, cognito, request = OPERATIONS[asked.operation], asked.cognito, asked.request
    if operation.admin:
        user = await cognito.user_named(request["UserPoolId"], request["Username"])
    else:
        user = await cognito.user_of_token(request["AccessToken"])
    on_prompt = await cognito.asks_before_remembering(user.pool_id)
    return _json(HTTPStatus.OK, operation.run(Call(asked.store, user, request, operation.admin, on_prompt)))


async def _handle_sign_in(asked: Asked) -> Response:
    store, cognito, body = asked.store, asked.cognito, asked.body
    step = Step.of(asked.operation, asked.request, address(cognito.scope))
    if step.starts and step.name in refresh.FLOWS:
        token = step.parameters.get("REFRESH_TOKEN", "")
        asked_for = Refresh(step.client_id, token, step.device_key, rotates=False)
        return await refresh.respond(store, cognito, asked_for, body)
    if not step.starts and step.name in DEVICE_CHALLENGES:
        return _json(HTTPStatus.OK, await DEVICE_CHALLENGES[step.name](store, cognito, step))
    return await sign_in.respond(store, cognito, step, body)


async def _handle_refresh(asked: Asked) -> Response:
    request = asked.request
    asked_for = Refresh(request["ClientId"], request["RefreshToken"], request.get("DeviceKey"), rotates=True)
    return await refresh.respond(asked.store, asked.cognito, asked_for, asked.body)


async def _handle_app_client(asked: Asked) -> Response:
    """Refuse an app client that rotates refresh tokens and has a flow that cannot, as AWS's guide says."""
    rotates = asked.request.get("RefreshTokenRotation", {}).get("Feature") == "ENABLED"
    # Without ExplicitAuthFlows, an app client has this flow too.
    if rotates and "ALLOW_REFRESH_TOKEN_AUTH" in asked.request.get("ExplicitAuthFlows", ["ALLOW_REFRESH_TOKEN_AUTH"]):
        raise InvalidParameterError(
            "ALLOW_REFRESH_TOKEN_AUTH cannot be used with refresh token rotation."
        )  # unconfirmed
    return await asked.cognito.respond(asked.body)


async def _handle_update_of_pool(asked: Asked) -> Response:
    # Cognito sets what a request leaves out to its default:
    # https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-updating.html
    request = {"DeviceConfiguration": None, **asked.request}
    return await asked.cognito.respond(json.dumps(request).encode())


def _require_signature(cognito: WrappedCognito) -> None:
    if not header(cognito.scope, b"authorization").startswith("AWS4-HMAC-SHA256"):
        raise MissingAuthenticationTokenError


_HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(OPERATIONS, _handle_device_operation),
    **dict.fromkeys(SIGN_INS, _handle_sign_in),
    "GetTokensFromRefreshToken": _handle_refresh,
    "CreateUserPoolClient": _handle_app_client,
    "UpdateUserPoolClient": _handle_app_client,
    "UpdateUserPool": _handle_update_of_pool,
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
