"""Refreshes: which of them the device of a sign-in allows, and the claim `device_key` of the new access token.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
"""

import json
from http import HTTPStatus
from urllib.parse import parse_qs

from local.asgi import Response
from local.cognito.exceptions import InvalidRefreshTokenError, RefreshTokenExpiredError
from local.cognito.store import DeviceStore
from local.cognito.upstream import WrappedCognito, claims_of, user_of

FLOWS = frozenset({"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"})
# MiniStack's words where Cognito says `Invalid Refresh Token.`
_INVALID = (b'"Invalid Refresh Token"', b'"Refresh Token has different Client"')


async def respond(
    store: DeviceStore, cognito: WrappedCognito, refresh_token: str, device_key: str | None, body: bytes
) -> Response:
    """Return the response to a refresh.

    Parameters
    ----------
    refresh_token : str
    device_key : str or None
        The device key that the client sent, if any.
    body : bytes
        The request's body.

    Raises
    ------
    InvalidRefreshTokenError
        The token is not one of this app client; or the sign-in has a device, and the key is not its key, or the device
        is not confirmed or was forgotten; or the pool tracks devices, and the sign-in used the password itself.
    RefreshTokenExpiredError
        The token was valid for the app client's RefreshTokenValidity.
    """
    response = await cognito.respond(body)
    if response.status != HTTPStatus.OK:
        if any(text in response.body for text in _INVALID):
            raise InvalidRefreshTokenError
        return response
    if claims_of(refresh_token)["exp"] <= store.now():
        raise RefreshTokenExpiredError
    content = json.loads(response.body)
    result = content["AuthenticationResult"]
    claims = claims_of(result["AccessToken"])
    user = user_of(claims)
    signed_in = store.sign_ins.get(claims["origin_jti"])
    # The store has no sign-ins through managed login. If the pool does not track devices, no refresh needs a key.
    if signed_in is None or await cognito.device_configuration(user.pool_id) is None:
        return response
    if not signed_in.refreshes:
        raise InvalidRefreshTokenError
    if signed_in.device_key is None:
        return response
    device = store.devices_of(user).get(signed_in.device_key)
    if device is None or not device.confirmed or device_key != device.key:
        raise InvalidRefreshTokenError
    result["AccessToken"] = cognito.internals.sign_token({**claims, "device_key": device.key}, user.pool_id)
    return response.with_body(json.dumps(content).encode())


async def respond_to_token_endpoint(store: DeviceStore, cognito: WrappedCognito, body: bytes) -> Response:
    """Return the response of /oauth2/token. It refuses refresh tokens that no page of managed login issued.

    Source of the error: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
    """
    form = parse_qs(body.decode(errors="replace"))
    (token,) = form.get("refresh_token", [""])[:1]
    if _origin_of(token) in store.sign_ins:
        headers = [(b"content-type", b"application/json;charset=UTF-8")]
        return Response(HTTPStatus.BAD_REQUEST, headers, b"").with_body(b'{"error":"invalid_grant"}')
    return await cognito.respond(body)


def _origin_of(token: str) -> str:
    try:
        return str(claims_of(token)["origin_jti"])
    except (KeyError, IndexError, TypeError, ValueError, RecursionError):
        return ""
