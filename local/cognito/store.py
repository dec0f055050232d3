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

from local.cognito.attempts import Attempts
from local.cognito.exceptions import DeviceNotFoundError
from local.cognito.user import User


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
    attempts : Attempts
        The sign-ins to which responses are missing.
    numbers : iterator
        The next device's number; numbers grow in order of creation.
    """

    now: Callable[[], float] = time.time
    owned: dict[tuple[str, str], dict[str, Device]] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    rotated: dict[str, float] = field(default_factory=dict)
    attempts: Attempts = field(default_factory=Attempts)
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
