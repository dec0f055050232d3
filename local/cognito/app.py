"""The ASGI app of the emulated Cognito: it wraps an emulator's app and adds device tracking to it.

It responds to the device operations itself, and adds the device to the responses of sign-ins. All other requests pass
through. The wrapped Cognito verifies tokens and finds the users that Admin operations name; its errors become the
response unchanged.

Not emulated: the DEVICE_SRP_AUTH challenge. Amazon Cognito makes a known device prove that it has its password;
here a sign-in with DEVICE_KEY needs no proof. A refresh does not need DEVICE_KEY, and still works after ForgetDevice.
"""

import json
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from local.asgi import App, Receive, Response, Scope, Send, header, read_body, send_response
from local.cognito.exceptions import CognitoError, MissingAuthenticationTokenError
from local.cognito.operations import OPERATIONS, Call
from local.cognito.overrides import address, at_time_of
from local.cognito.sign_in import SIGN_INS, SignIn, SignToken, add_device, issued_tokens
from local.cognito.store import DeviceStore
from local.cognito.upstream import WrappedCognito, WrappedCognitoError, claims_of, operation_of, user_of
from local.cognito.validation import parse

type Handler = Callable[[DeviceStore, SignToken, WrappedCognito, str, bytes], Awaitable[Response]]

# The page calls Cognito from the browser.
_CORS = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"*")]


def device_tracking(app: App, sign_token: SignToken, store: DeviceStore | None = None) -> App:
    """Return `app` with device tracking.

    Parameters
    ----------
    app : ASGI app
        An emulator with Cognito user pools that verifies access tokens.
    sign_token : callable
        `sign_token(claims, pool_id)` returns an access token with those claims that `app` accepts.
    store : DeviceStore, optional
        Where the devices are kept; a new one by default.
    """
    devices = DeviceStore() if store is None else store

    async def tracked(scope: Scope, receive: Receive, send: Send) -> None:
        operation = operation_of(scope)
        if operation in OPERATIONS:
            handle: Handler = _handle_device_operation
        elif operation in SIGN_INS:
            handle = _handle_sign_in
        else:
            await app(scope, receive, send)
            return
        body = await read_body(receive)
        if body is not None:
            cognito = WrappedCognito(app, scope, receive)
            await send_response(send, await _or_error(handle(devices, sign_token, cognito, operation, body)))

    return tracked


async def _or_error(response: Awaitable[Response]) -> Response:
    try:
        return await response
    except WrappedCognitoError as error:
        return error.response
    except CognitoError as error:
        return _json(HTTPStatus.BAD_REQUEST, {"__type": error.code, "message": error.message}, error.code)


async def _handle_device_operation(
    store: DeviceStore, _: SignToken, cognito: WrappedCognito, name: str, body: bytes
) -> Response:
    operation = OPERATIONS[name]
    if operation.admin and not header(cognito.scope, b"authorization").startswith("AWS4-HMAC-SHA256"):
        raise MissingAuthenticationTokenError
    store = at_time_of(cognito.scope, store)
    request = parse(body, operation.required)
    if operation.admin:
        user = await cognito.user_named(request["UserPoolId"], request["Username"])
    else:
        user = await cognito.user_of_token(request["AccessToken"])
    on_prompt = await cognito.asks_before_remembering(user.pool_id)
    return _json(HTTPStatus.OK, operation.run(Call(store, user, request, operation.admin, on_prompt)))


async def _handle_sign_in(
    store: DeviceStore, sign_token: SignToken, cognito: WrappedCognito, operation: str, body: bytes
) -> Response:
    store = at_time_of(cognito.scope, store)
    response = await cognito.respond(body)
    if response.status != HTTPStatus.OK:
        return response
    content = json.loads(response.body)
    result = issued_tokens(content)
    if result is None:
        return response
    pool_id = user_of(claims_of(result["AccessToken"])).pool_id
    if await cognito.device_configuration(pool_id) is None:
        return response
    add_device(store, sign_token, SignIn(operation, json.loads(body), address(cognito.scope)), result)
    return response.with_body(json.dumps(content).encode())


def _json(status: int, content: dict[str, Any], error: str = "") -> Response:
    headers = [
        (b"content-type", b"application/x-amz-json-1.1"),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        *_CORS,
    ]
    if error:
        headers.append((b"x-amzn-errortype", error.encode()))
    return Response(status, headers, b"").with_body(json.dumps(content).encode())
