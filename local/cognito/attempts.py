"""The sign-ins to which responses are missing: the state of the challenges."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from local.cognito.exceptions import SessionError, SessionExpiredError, SessionUsedError
from local.cognito.srp import Challenge
from local.cognito.user import User

DEVICE = "DEVICE_SRP_AUTH"  # the challenge that only a device's proof is missing for
_SESSION_SECONDS = 180  # the default of an app client's AuthSessionValidity; others are not emulated


@dataclass(slots=True)
class Attempt:
    """A sign-in with open challenges.

    Attributes
    ----------
    number : int
        The number of the sign-in; its copies, one for each challenge, share it.
    pool_id, client_id : str
        The user pool, and the app client.
    is_tracked : bool
        Whether the sign-in belongs to a device.
    is_custom : bool
        Whether it becomes tracked when the client proves a password or names a device: CUSTOM_AUTH.
    refreshes : bool
        Whether its refresh token may be used.
    asked : str
        The challenge to which a response is missing, such as SOFTWARE_TOKEN_MFA.
    expires : float
        Epoch seconds.
    ip : str
        The client's address.
    user : User or None
        None until Cognito has asked for more than the password.
    device_key : str or None
        The DEVICE_KEY that the client sent with its last response.
    passed_mfa : bool
    was_asked : bool
        Whether the client has begun to respond for the device.
    challenge : Challenge or None
        The exchange that the device must prove its password in.
    """

    number: int
    pool_id: str
    client_id: str
    is_tracked: bool
    is_custom: bool
    refreshes: bool
    asked: str = ""
    expires: float = 0.0
    ip: str = ""
    user: User | None = None
    device_key: str | None = None
    passed_mfa: bool = False
    was_asked: bool = False
    challenge: Challenge | None = None


@dataclass(slots=True)
class Attempts:
    """All sign-ins to which responses are missing.

    Attributes
    ----------
    now : callable
        The clock, in epoch seconds.
    kept : dict
        Session or SECRET_BLOCK of a challenge -> the sign-in that it belongs to.
    used : set
        Sessions and SECRET_BLOCKs of challenges that are over.
    numbers : iterator
        The next sign-in's number.
    """

    now: Callable[[], float] = time.time
    kept: dict[str, Attempt] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def keep(self, handle: str, attempt: Attempt) -> None:
        """Store a sign-in under the Session or SECRET_BLOCK of its next challenge, for three minutes."""
        attempt.expires = self.now() + _SESSION_SECONDS
        self.kept[handle] = attempt

    def end(self, attempt: Attempt) -> None:
        """Use up the challenges of a sign-in."""
        for handle in [handle for handle, each in self.kept.items() if each.number == attempt.number]:
            self.spend(handle)

    def spend(self, session: str) -> None:
        """Use up the Session of one challenge."""
        self.used.add(session)
        self.kept.pop(session, None)

    def newest(self, client_id: str, device_key: str) -> Attempt:
        """Return the newest sign-in that waits for a device's proof, preferably one that was not asked for it.

        Raises
        ------
        SessionError
            There is none.
        """
        waiting = [
            each
            for each in reversed(self.kept.values())
            if (each.client_id, each.device_key) == (client_id, device_key)
            and each.asked == DEVICE
            and self.now() < each.expires
        ]
        if not waiting:
            raise SessionError
        return next((each for each in waiting if not each.was_asked), waiting[0])

    def resume(self, handle: str, client_id: str) -> Attempt:
        """Return the sign-in of a Session or SECRET_BLOCK.

        Raises
        ------
        SessionUsedError
            The challenge is over.
        SessionError
            The app client has no such sign-in.
        SessionExpiredError
            It is older than three minutes.
        """
        if handle in self.used:
            raise SessionUsedError
        attempt = self.kept.get(handle)
        if attempt is None or attempt.client_id != client_id:
            raise SessionError
        if self.now() >= attempt.expires:
            raise SessionExpiredError
        return attempt
