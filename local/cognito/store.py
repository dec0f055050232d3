"""What Cognito knows about devices. No HTTP and no emulator here.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
and the pages of the operations in https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/.
"Unconfirmed" in a comment means that the documentation is silent, and that this is a guess at the real service.
"""

import itertools
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


class CognitoError(Exception):
    """An error answer of Cognito: its code, such as `ResourceNotFoundException`, and its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class User:
    """Whose devices a request is about. A user who is created anew has another `sub`, so inherits none."""

    pool_id: str
    sub: str
    username: str


@dataclass(slots=True)
class Device:
    """One device. Times are epoch seconds. Until it is confirmed, only ConfirmDevice can see it."""

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
class Registry:
    """All devices of all pools. `now` is the clock, in epoch seconds."""

    now: Callable[[], float] = time.time
    owned: dict[tuple[str, str], dict[str, Device]] = field(default_factory=dict)
    sign_ins: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def devices_of(self, user: User) -> dict[str, Device]:
        """Return the user's devices by key, in order of creation."""
        return self.owned.setdefault((user.pool_id, user.sub), {})

    def issue(self, user: User, ip: str) -> Device:
        """Make the device that a sign-in announces as NewDeviceMetadata."""
        now = self.now()
        key = f"{user.pool_id.partition('_')[0]}_{uuid.uuid4()}"
        group_key = f"-{secrets.token_hex(4)}"
        device = Device(next(self.numbers), key, group_key, now, now, now, ip)
        self.devices_of(user)[key] = device
        return device

    def find(self, user: User, key: str) -> Device:
        """Return a confirmed device of that very user; another user's does not exist (unconfirmed)."""
        device = self.devices_of(user).get(key)
        if device is None or not device.confirmed:
            raise no_such_device()
        return device


def no_such_device() -> CognitoError:
    """Return Cognito's answer for a key that names no device, or none that the caller may see."""
    return CognitoError("ResourceNotFoundException", "Device does not exist.")
