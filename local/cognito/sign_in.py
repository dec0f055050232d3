"""What device tracking adds to the answer of a sign-in: NewDeviceMetadata, and the token's `device_key` claim.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.cognito.store import Registry, User
from local.cognito.upstream import claims_of, user_of

type Sign = Callable[[dict[str, Any], str], str]

# Operation -> the member of its request that may hold DEVICE_KEY.
PARAMETERS: Mapping[str, str] = {
    "InitiateAuth": "AuthParameters",
    "AdminInitiateAuth": "AuthParameters",
    "RespondToAuthChallenge": "ChallengeResponses",
    "AdminRespondToAuthChallenge": "ChallengeResponses",
    "GetTokensFromRefreshToken": "",
}

_REFRESH_FLOWS = frozenset({"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"})


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that succeeded: its last operation and request, and the client's address."""

    operation: str
    request: Mapping[str, Any]
    ip: str

    def device_key(self) -> str | None:
        """Return the DEVICE_KEY that the client gave, if any."""
        key: str | None = (self.request.get(PARAMETERS[self.operation]) or {}).get("DEVICE_KEY")
        return key

    def renews(self) -> bool:
        """Return whether this is a refresh of an earlier sign-in."""
        return self.operation == "GetTokensFromRefreshToken" or self.request.get("AuthFlow") in _REFRESH_FLOWS


def issued_tokens(answer: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the AuthenticationResult of an answer, None where it is a challenge."""
    result: dict[str, Any] | None = answer.get("AuthenticationResult")
    return result if result and "AccessToken" in result else None


def add_device(registry: Registry, sign: Sign, sign_in: SignIn, result: dict[str, Any]) -> None:
    """Add the device to an AuthenticationResult of a pool that tracks devices.

    Raises
    ------
    CognitoError
        ResourceNotFoundException: DEVICE_KEY is not a confirmed device of the user.
    """
    claims = claims_of(result["AccessToken"])
    user = user_of(claims)
    if sign_in.renews():
        # The new token belongs to the sign-in that it renews; one of the hosted UI has no device.
        key = registry.sign_ins.get(claims["origin_jti"])
    else:
        given = sign_in.device_key()
        key = _known(registry, user, given, sign_in.ip) if given else _new(registry, user, result, sign_in.ip)
        registry.sign_ins[claims["origin_jti"]] = key
    if key is not None:
        result["AccessToken"] = sign({**claims, "device_key": key}, user.pool_id)


def _known(registry: Registry, user: User, key: str, ip: str) -> str:
    device = registry.find(user, key)
    device.authenticated = registry.now()
    device.ip = ip
    return key


def _new(registry: Registry, user: User, result: dict[str, Any], ip: str) -> str:
    device = registry.issue(user, ip)
    result["NewDeviceMetadata"] = {"DeviceKey": device.key, "DeviceGroupKey": device.group_key}
    return device.key
