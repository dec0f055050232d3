"""A user of the emulated Cognito."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class User:
    """The user that a request is about.

    A user who is deleted and created again gets another `sub`, and so none of the old devices.
    """

    pool_id: str
    sub: str
    username: str
