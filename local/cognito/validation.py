"""The requests of the device operations: which members they need, and which values Cognito accepts.

Source: Cognito's API reference, for example
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from local.cognito.store import CognitoError

type Constraint = Callable[[Any], str | None]


def _pattern(pattern: str) -> Constraint:
    compiled = re.compile(pattern, re.ASCII)
    message = f"Member must satisfy regular expression pattern: {pattern}"
    return lambda value: None if compiled.fullmatch(value) else message


def _length(least: int, most: int) -> Constraint:
    def check(value: str) -> str | None:
        if len(value) > most:
            return f"Member must have length less than or equal to {most}"
        return f"Member must have length greater than or equal to {least}" if len(value) < least else None

    return check


def _within(least: int, most: int) -> Constraint:
    def check(value: int) -> str | None:
        if value > most:
            return f"Member must have value less than or equal to {most}"
        return f"Member must have value greater than or equal to {least}" if value < least else None

    return check


def _one_of(*allowed: str) -> Constraint:
    message = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
    return lambda value: None if value in allowed else message


# Member -> its JSON type, and what its value has to satisfy. The reference allows only hexadecimal digits after the
# underscore of a device key, which AWS's own examples break; whether Cognito refuses them is unconfirmed.
_MEMBERS: Mapping[str, tuple[type, tuple[Constraint, ...]]] = {
    "AccessToken": (str, (_pattern("[A-Za-z0-9-_=.]+"),)),
    "DeviceKey": (str, (_pattern(r"[\w-]+_[\w-]+"), _length(1, 55))),
    "DeviceName": (str, (_length(1, 1024),)),
    "DeviceRememberedStatus": (str, (_one_of("not_remembered", "remembered"),)),
    "DeviceSecretVerifierConfig": (dict, ()),
    "Limit": (int, (_within(0, 60),)),
    "PaginationToken": (str, (_pattern(r"[\S]+"),)),
    "UserPoolId": (str, (_pattern(r"[\w-]+_[0-9a-zA-Z]+"), _length(1, 55))),
    "Username": (str, (_length(1, 128),)),
}

# Cognito does not repeat these in an error message.
_SECRET = frozenset({"AccessToken"})

_BY_TOKEN = ("AccessToken",)
_BY_ADMIN = ("UserPoolId", "Username")

# The service model calls the token of GetDevice and ForgetDevice optional; what Cognito answers without it is
# unconfirmed.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "ConfirmDevice": (*_BY_TOKEN, "DeviceKey"),
    "GetDevice": (*_BY_TOKEN, "DeviceKey"),
    "ListDevices": _BY_TOKEN,
    "ForgetDevice": (*_BY_TOKEN, "DeviceKey"),
    "UpdateDeviceStatus": (*_BY_TOKEN, "DeviceKey"),
    "AdminGetDevice": (*_BY_ADMIN, "DeviceKey"),
    "AdminListDevices": _BY_ADMIN,
    "AdminForgetDevice": (*_BY_ADMIN, "DeviceKey"),
    "AdminUpdateDeviceStatus": (*_BY_ADMIN, "DeviceKey"),
}


def parse(operation: str, body: bytes) -> dict[str, Any]:
    """Return the request of a device operation.

    Raises
    ------
    CognitoError
        SerializationException for what is not the JSON that the operation takes, InvalidParameterException for
        members that are missing or have an illegal value.
    """
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise CognitoError("SerializationException", "Invalid JSON") from None
    if not isinstance(request, dict):
        raise CognitoError("SerializationException", "Start of structure or map found where not expected.")
    given = {name: value for name, value in request.items() if name in _MEMBERS and value is not None}
    for name, value in given.items():
        if not isinstance(value, _MEMBERS[name][0]) or isinstance(value, bool):
            raise CognitoError("SerializationException", f"Unexpected JSON type for {name}")
    errors = [
        f"Value null at '{_camel(name)}' failed to satisfy constraint: Member must not be null"
        for name in REQUIRED[operation]
        if name not in given
    ]
    errors += [error for name, value in given.items() for error in _violations(name, value)]
    if errors:
        count = "1 validation error" if len(errors) == 1 else f"{len(errors)} validation errors"
        raise CognitoError("InvalidParameterException", f"{count} detected: {'; '.join(errors)}")
    return given


def _violations(name: str, value: object) -> list[str]:
    quoted = "" if name in _SECRET else f" '{value}'"
    at = f"Value{quoted} at '{_camel(name)}' failed to satisfy constraint: "
    return [at + message for check in _MEMBERS[name][1] if (message := check(value))]


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]
