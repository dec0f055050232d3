"""What Cognito knows about devices and sign-ins: the state of the emulated device tracking.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
and the pages of the operations in https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/.
In this package "unconfirmed" marks a guess at the real service: AWS's documentation does not say.
"""

import itertools
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from local.cognito.exceptions import DeviceNotFoundError, SessionError, SessionExpiredError, SessionUsedError
from local.cognito.srp import Challenge

DEVICE = "DEVICE_SRP_AUTH"  # the challenge that only a device's proof is missing for
_SESSION_SECONDS = 180  # the default of an app client's AuthSessionValidity; others are not emulated


@dataclass(frozen=True, slots=True)
class User:
    """The user that a request is about.

    A user who is deleted and created again gets another `sub`, and so none of the old devices.
    """

    pool_id: str
    sub: str
    username: str


@dataclass(frozen=True, slots=True)
class Verifier:
    """What ConfirmDevice brings: by it Cognito checks that a device has its password."""

    verifier: int
    salt: int


@dataclass(slots=True)
class Device:
    """One device; times are epoch seconds. Until it is confirmed, only ConfirmDevice can see it.

    `passed_mfa` says whether its user has passed MFA on it.
    """

    number: int
    key: str
    group_key: str
    created: float
    modified: float
    authenticated: float
    ip: str
    name: str | None = None
    confirmed: bool = False
    remembered: bool = False
    passed_mfa: bool = False
    verifier: Verifier | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """A complete sign-in: its device, and whether its refresh token may be used."""

    device_key: str | None
    refreshes: bool


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
class DeviceStore:
    """All devices of all pools, and the sign-ins.

    Attributes
    ----------
    now : callable
        The clock, in epoch seconds.
    owned : dict
        Pool ID and `sub` of a user -> device key -> device.
    sign_ins : dict
        `origin_jti`, the claim that all tokens of one sign-in share -> sign-in.
    rotated : dict
        `jti` of a refresh token that was exchanged for a new one -> when it ends, in epoch seconds.
    attempts : dict
        Session or SECRET_BLOCK of a challenge -> the sign-in that it belongs to.
    used : set
        Sessions and SECRET_BLOCKs of challenges that are over.
    numbers : iterator
        The next number of a device or sign-in; numbers grow in order of creation.
    """

    now: Callable[[], float] = time.time
    owned: dict[tuple[str, str], dict[str, Device]] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    rotated: dict[str, float] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def devices_of(self, user: User) -> dict[str, Device]:
        """Return the user's devices by device key, in order of creation."""
        return self.owned.setdefault((user.pool_id, user.sub), {})

    def create(self, user: User, ip: str) -> Device:
        """Create the device that a sign-in announces as NewDeviceMetadata."""
        now = self.now()
        key = f"{user.pool_id.partition('_')[0]}_{uuid.uuid4()}"
        group_key = f"-{secrets.token_hex(4)}"
        device = Device(next(self.numbers), key, group_key, now, now, now, ip)
        self.devices_of(user)[key] = device
        return device

    def find(self, user: User, key: str) -> Device:
        """Return a confirmed device of the user.

        Raises
        ------
        DeviceNotFoundError
            The user has no confirmed device with this key. Another user's key raises the same error (unconfirmed).
        """
        device = self.devices_of(user).get(key)
        if device is None or not device.confirmed:
            raise DeviceNotFoundError
        return device

    def complete(self, origin_jti: str, device_key: str | None, *, refreshes: bool) -> None:
        """Note what a complete sign-in, named by its tokens' claim `origin_jti`, may do later."""
        self.sign_ins[origin_jti] = SignIn(device_key, refreshes)

    def keep(self, handle: str, attempt: Attempt) -> None:
        """Store a sign-in under the Session or SECRET_BLOCK of its next challenge, for three minutes."""
        attempt.expires = self.now() + _SESSION_SECONDS
        self.attempts[handle] = attempt

    def end(self, attempt: Attempt) -> None:
        """Use up the challenges of a sign-in."""
        for handle in [handle for handle, each in self.attempts.items() if each.number == attempt.number]:
            self.spend(handle)

    def spend(self, session: str) -> None:
        """Use up the Session of one challenge."""
        self.used.add(session)
        self.attempts.pop(session, None)

    def newest(self, client_id: str, device_key: str) -> Attempt:
        """Return the newest sign-in that waits for a device's proof, preferably one that was not asked for it.

        Raises
        ------
        SessionError
            There is none.
        """
        waiting = [
            each
            for each in reversed(self.attempts.values())
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
        attempt = self.attempts.get(handle)
        if attempt is None or attempt.client_id != client_id:
            raise SessionError
        if self.now() >= attempt.expires:
            raise SessionExpiredError
        return attempt
