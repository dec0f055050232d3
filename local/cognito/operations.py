"""The device operations of Cognito: one function each, and the one list of them all.

Source: the operations' pages in https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.cognito.description import described
from local.cognito.exceptions import DeviceNotFoundError, InvalidParameterError
from local.cognito.pagination import number_before, token_after
from local.cognito.srp import N
from local.cognito.store import Device, DeviceStore, Verifier
from local.cognito.user import User

_DEFAULT_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Call:
    """One valid request of a device operation.

    `user` owns the devices. `admin` says whether an administrator sent the request. `on_prompt` is the pool's
    DeviceOnlyRememberedOnUserPrompt.
    """

    store: DeviceStore
    user: User
    request: Mapping[str, Any]
    admin: bool
    on_prompt: bool

    def device(self) -> Device:
        """Return the device that the request names; raise DeviceNotFoundError if the user has none of that key."""
        return self.store.find(self.user, self.request["DeviceKey"])


def confirm(call: Call) -> dict[str, Any]:
    """Confirm a device that a sign-in has announced to this user; a second time fails (unconfirmed)."""
    device = call.store.devices_of(call.user).get(call.request["DeviceKey"])
    if device is None or device.confirmed:
        raise InvalidParameterError("Invalid device key given.")
    device.verifier = _verifier_of(call.request.get("DeviceSecretVerifierConfig") or {})
    device.name = call.request.get("DeviceName")
    device.modified = call.store.now()
    device.confirmed = True
    device.remembered = not call.on_prompt
    return {"UserConfirmationNecessary": call.on_prompt}


def _verifier_of(configuration: Mapping[str, Any]) -> Verifier | None:
    """Return what the device proves itself by, or None without it: the service model calls it optional."""
    if not configuration:
        return None
    verifier, salt = (_number_of(configuration, name) for name in ("PasswordVerifier", "Salt"))
    if verifier % N == 0:  # every password would fit it
        raise InvalidParameterError("Invalid PasswordVerifier given.")
    return Verifier(verifier, salt)


def _number_of(configuration: Mapping[str, Any], name: str) -> int:
    try:
        return int.from_bytes(base64.b64decode(configuration[name], validate=True))
    except (KeyError, TypeError, ValueError):
        raise InvalidParameterError(f"Invalid {name} given: it must be a Base64 string.") from None  # unconfirmed


def get(call: Call) -> dict[str, Any]:
    """Describe a device. GetDevice hides a device that is not remembered; AdminGetDevice shows it."""
    device = call.device()
    if not (call.admin or device.remembered):
        raise DeviceNotFoundError
    return {"Device": described(device, call.user, admin=call.admin)}


def list_devices(call: Call) -> dict[str, Any]:
    """Describe one list page of the devices that `get` would show, in order of creation (unconfirmed)."""
    before = number_before(call.request.get("PaginationToken"))
    limit = call.request.get("Limit") or _DEFAULT_LIMIT  # unconfirmed: Limit 0 means the default
    rest = [
        device
        for device in call.store.devices_of(call.user).values()
        if device.confirmed and (call.admin or device.remembered) and device.number > before
    ]
    devices = [described(device, call.user, admin=call.admin) for device in rest[:limit]]
    response: dict[str, Any] = {"Devices": devices}
    if len(rest) > limit:
        response["PaginationToken"] = token_after(rest[limit - 1].number)
    return response


def forget(call: Call) -> dict[str, Any]:
    """Delete a device, whether or not it is remembered (unconfirmed)."""
    del call.store.devices_of(call.user)[call.device().key]
    return {}


def update_status(call: Call) -> dict[str, Any]:
    """Remember a device or stop remembering it. Unlike `get`, this also finds devices that are not remembered."""
    device = call.device()
    status = call.request.get("DeviceRememberedStatus")
    if status is not None:
        device.remembered = status == "remembered"
        device.modified = call.store.now()
    return {}


@dataclass(frozen=True, slots=True)
class Operation:
    """One device operation.

    `run` returns the response to a call. `admin` says whether requests are signed; the others have an access token.
    `called_by_function` says whether functions/devices calls the operation; containers may call
    only these (local/access.py).
    """

    run: Callable[[Call], dict[str, Any]]
    admin: bool = False
    called_by_function: bool = False


# The one list of the device operations: `app` and `local.access` read it.
OPERATIONS: Mapping[str, Operation] = {
    "ConfirmDevice": Operation(confirm),
    "GetDevice": Operation(get, called_by_function=True),
    "ListDevices": Operation(list_devices, called_by_function=True),
    "ForgetDevice": Operation(forget, called_by_function=True),
    "UpdateDeviceStatus": Operation(update_status, called_by_function=True),
    "AdminGetDevice": Operation(get, admin=True),
    "AdminListDevices": Operation(list_devices, admin=True),
    "AdminForgetDevice": Operation(forget, admin=True),
    "AdminUpdateDeviceStatus": Operation(update_status, admin=True),
}
