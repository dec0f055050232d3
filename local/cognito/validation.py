"""Validates the requests of the device operations and refreshes, and words the errors as Cognito does.

Source of the constraints: the API reference, for example
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from local.cognito.exceptions import InvalidParameterError, SerializationError

# Returns an error message if a value violates the constraint, else None.
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


# Member -> its JSON type, and the constraints on its value. The reference allows only hexadecimal digits after the
# underscore of a device key, but AWS's own examples have others; whether Cognito rejects those is unconfirmed.
_MEMBERS: Mapping[str, tuple[type, tuple[Constraint, ...]]] = {
    "AccessToken": (str, (_pattern("[A-Za-z0-9-_=.]+"),)),
    "ClientId": (str, (_pattern(r"[\w+]+"), _length(1, 128))),
    "DeviceKey": (str, (_pattern(r"[\w-]+_[\w-]+"), _length(1, 55))),
    "DeviceName": (str, (_length(1, 1024),)),
    "DeviceRememberedStatus": (str, (_one_of("not_remembered", "remembered"),)),
    "DeviceSecretVerifierConfig": (dict, ()),
    "Limit": (int, (_within(0, 60),)),
    "PaginationToken": (str, (_pattern(r"[\S]+"),)),
    "RefreshToken": (str, (_pattern("[A-Za-z0-9-_=.]+"),)),
    "UserPoolId": (str, (_pattern(r"[\w-]+_[0-9a-zA-Z]+"), _length(1, 55))),
    "Username": (str, (_length(1, 128),)),
}

# Members whose values Cognito does not repeat in error messages.
_SECRET = frozenset({"AccessToken", "RefreshToken"})


def parse(body: bytes, required: Collection[str]) -> dict[str, Any]:
    """Return the members of a request; unknown members and nulls are left out.

    Parameters
    ----------
    body : bytes
        The request's body.
    required : collection of str
        The members that the operation requires.

    Raises
    ------
    SerializationError
        The body is not a JSON object, or a member has the wrong JSON type.
    InvalidParameterError
        Required members are missing, or values violate their constraints. The message lists all of them.
    """
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise SerializationError("Invalid JSON") from None
    if not isinstance(request, dict):
        raise SerializationError("Start of structure or map found where not expected.")
    given = {name: value for name, value in request.items() if name in _MEMBERS and value is not None}
    for name, value in given.items():
        if not isinstance(value, _MEMBERS[name][0]) or isinstance(value, bool):
            raise SerializationError(f"Unexpected JSON type for {name}")
    errors = [
        f"Value null at '{_camel(name)}' failed to satisfy constraint: Member must not be null"
        for name in required
        if name not in given
    ]
    errors += [error for name, value in given.items() for error in _violations(name, value)]
    if errors:
        count = "1 validation error" if len(errors) == 1 else f"{len(errors)} validation errors"
        raise InvalidParameterError(f"{count} detected: {'; '.join(errors)}")
    return given


def _violations(name: str, value: object) -> list[str]:
    quoted = "" if name in _SECRET else f" '{value}'"
    at = f"Value{quoted} at '{_camel(name)}' failed to satisfy constraint: "
    return [at + message for check in _MEMBERS[name][1] if (message := check(value))]


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]
