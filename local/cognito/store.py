"""What Cognito knows about devices: the state of the emulated device tracking.

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

from local.cognito.exceptions import DeviceNotFoundError


@dataclass(frozen=True, slots=True)
class User:
    """The user that a request is about.

    A user who is deleted and created again gets another `sub`, and so none of the old devices.
    """

    pool_id: str
    sub: str
    username: str


@dataclass(slots=True)
class Device:
    """One device; times are epoch seconds. Until it is confirmed, only ConfirmDevice can see it."""

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


@dataclass(slots=True)
class DeviceStore:
    """All devices of all pools.

    Attributes
    ----------
    now : callable
        The clock, in epoch seconds.
    owned : dict
        Pool ID and `sub` of a user -> device key -> device.
    sign_ins : dict
        `origin_jti`, the claim that all tokens of one sign-in share -> device key.
    numbers : iterator
        The next device's number; numbers grow in order of creation.
    """

    now: Callable[[], float] = time.time
    owned: dict[tuple[str, str], dict[str, Device]] = field(default_factory=dict)
    sign_ins: dict[str, str] = field(default_factory=dict)
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
