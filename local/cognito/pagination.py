"""The pagination tokens of ListDevices: where the next list page starts."""

import base64

from local.cognito.exceptions import InvalidParameterError

_PREFIX = "after"


def token_after(number: int) -> str:
    """Return the token for the list page that follows the device with this number."""
    return base64.urlsafe_b64encode(f"{_PREFIX}:{number}".encode()).decode()


def number_before(token: str | None) -> int:
    """Return the number of the device that the list page follows, -1 for the first list page.

    The device itself may have been forgotten since.

    Raises
    ------
    InvalidParameterError
        `token_after` never returned this token.
    """
    if token is None:
        return -1
    try:
        prefix, number = base64.urlsafe_b64decode(token).decode("ascii").split(":")
        if prefix == _PREFIX and number.isdecimal():
            return int(number)
    except ValueError:
        pass
    raise InvalidParameterError("Invalid pagination token given.")
