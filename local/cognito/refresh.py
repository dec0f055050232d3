"""Refreshes: which of them the device of a sign-in allows, and what the new tokens are.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
and https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
"""

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

from local.asgi import Response
from local.cognito.exceptions import (
    InvalidParameterError,
    InvalidRefreshTokenError,
    RefreshTokenExpiredError,
    RefreshTokenReuseError,
)
from local.cognito.store import DeviceStore
from local.cognito.upstream import WrappedCognito, claims_of, user_of
from local.cognito.user import User

FLOWS = frozenset({"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"})
# MiniStack's words where Cognito says `Invalid Refresh Token.`
_INVALID = (b'"Invalid Refresh Token"', b'"Refresh Token has different Client"')


@dataclass(frozen=True, slots=True)
class Refresh:
    """One refresh.

    Attributes
    ----------
    client_id, refresh_token : str
    device_key : str or None
        The device key that the client sent, if any.
    rotates : bool
        Whether the operation can return a new refresh token: GetTokensFromRefreshToken.
    """

    client_id: str
    refresh_token: str
    device_key: str | None
    rotates: bool


async def respond(store: DeviceStore, cognito: WrappedCognito, asked: Refresh, body: bytes) -> Response:
    """Return the response to a refresh, whose request has the body `body`.

    Raises
    ------
    InvalidRefreshTokenError
        The token is not one of this app client; or the sign-in has a device, and the key is not its key, or the device
        is not confirmed or was forgotten; or the pool tracks devices, and the sign-in used the password itself.
    RefreshTokenExpiredError
        The token was valid for the app client's RefreshTokenValidity.
    RefreshTokenReuseError
        The token has been exchanged for a new one.
    InvalidParameterError
        The app client rotates tokens, and the operation cannot.
    """
    rotation = cognito.internals.rotation_of(asked.client_id)
    is_rotated = rotation.get("Feature") == "ENABLED"
    if is_rotated and not asked.rotates:
        raise InvalidParameterError("Auth flow not enabled for this client")  # unconfirmed
    response = await cognito.respond(body)
    if response.status != HTTPStatus.OK:
        if any(text in response.body for text in _INVALID):
            raise InvalidRefreshTokenError
        return response
    old, now = claims_of(asked.refresh_token), store.now()
    if old["exp"] <= now:
        raise RefreshTokenExpiredError
    if store.rotated.get(old["jti"], now + 1) <= now:
        raise RefreshTokenReuseError
    content = json.loads(response.body)
    result = content["AuthenticationResult"]
    claims = claims_of(result["AccessToken"])
    user = user_of(claims)
    key = await _device_key_of(store, cognito, user, claims["origin_jti"])
    if key not in {None, asked.device_key}:
        raise InvalidRefreshTokenError
    if key is not None:
        result["AccessToken"] = cognito.internals.sign_token({**claims, "device_key": key}, user.pool_id)
    if is_rotated:
        store.rotated.setdefault(old["jti"], now + int(rotation.get("RetryGracePeriodSeconds", 0)))
        new = {**old, "jti": str(uuid.uuid4()), "iat": int(now)}  # it ends when the old one would have ended
        result["RefreshToken"] = cognito.internals.sign_token(new, user.pool_id)
    return response.with_body(json.dumps(content).encode())


async def _device_key_of(store: DeviceStore, cognito: WrappedCognito, user: User, origin_jti: str) -> str | None:
    """Return the key that a refresh of this sign-in needs, or None if it needs none.

    Raises
    ------
    InvalidRefreshTokenError
        No key helps: the device is not confirmed or was forgotten, or the sign-in used the password itself.
    """
    signed_in = store.sign_ins.get(origin_jti)
    # The store has no sign-ins through managed login. If the pool does not track devices, no refresh needs a key.
    if signed_in is None or await cognito.device_configuration(user.pool_id) is None:
        return None
    if not signed_in.refreshes:
        raise InvalidRefreshTokenError
    if signed_in.device_key is None:
        return None
    device = store.devices_of(user).get(signed_in.device_key)
    if device is None or not device.confirmed:
        raise InvalidRefreshTokenError
    return device.key


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
