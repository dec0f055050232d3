"""Adds the device to the response of a sign-in: NewDeviceMetadata, and the access token's claim `device_key`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.cognito.store import DeviceStore, User
from local.cognito.upstream import claims_of, user_of

# Returns an access token with these claims, signed by this pool.
type SignToken = Callable[[dict[str, Any], str], str]

# Sign-in operation -> the member of its request that may hold DEVICE_KEY; empty if the request has no such member.
SIGN_INS: Mapping[str, str] = {
    "InitiateAuth": "AuthParameters",
    "AdminInitiateAuth": "AuthParameters",
    "RespondToAuthChallenge": "ChallengeResponses",
    "AdminRespondToAuthChallenge": "ChallengeResponses",
    "GetTokensFromRefreshToken": "",
}

_REFRESH_FLOWS = frozenset({"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"})


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that succeeded: the operation and request that completed it, and the client's address."""

    operation: str
    request: Mapping[str, Any]
    ip: str

    def device_key(self) -> str | None:
        """Return the DEVICE_KEY that the client sent, or None if it sent none."""
        key: str | None = (self.request.get(SIGN_INS[self.operation]) or {}).get("DEVICE_KEY")
        return key

    def is_refresh(self) -> bool:
        """Return whether this request refreshes the tokens of an earlier sign-in."""
        return self.operation == "GetTokensFromRefreshToken" or self.request.get("AuthFlow") in _REFRESH_FLOWS


def issued_tokens(response: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the AuthenticationResult of a response, or None if the response is a challenge."""
    result: dict[str, Any] | None = response.get("AuthenticationResult")
    return result if result and "AccessToken" in result else None


def add_device(store: DeviceStore, sign_token: SignToken, sign_in: SignIn, result: dict[str, Any]) -> None:
    """Add the device to an AuthenticationResult of a pool that tracks devices.

    Raises
    ------
    DeviceNotFoundError
        DEVICE_KEY does not name a confirmed device of the user.
    """
    claims = claims_of(result["AccessToken"])
    user = user_of(claims)
    if sign_in.is_refresh():
        # A sign-in from before the pool tracked devices has no device.
        key = store.sign_ins.get(claims["origin_jti"])
    else:
        given = sign_in.device_key()
        key = (
            _use_known_device(store, user, given, sign_in.ip)
            if given
            else _create_device(store, user, result, sign_in.ip)
        )
        store.sign_ins[claims["origin_jti"]] = key
    if key is not None:
        result["AccessToken"] = sign_token({**claims, "device_key": key}, user.pool_id)


def _use_known_device(store: DeviceStore, user: User, key: str, ip: str) -> str:
    device = store.find(user, key)
    device.authenticated = store.now()
    device.ip = ip
    return key


def _create_device(store: DeviceStore, user: User, result: dict[str, Any], ip: str) -> str:
    device = store.create(user, ip)
    result["NewDeviceMetadata"] = {"DeviceKey": device.key, "DeviceGroupKey": device.group_key}
    return device.key
