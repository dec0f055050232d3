"""The device operations of Cognito, on the devices of one user. No HTTP and no emulator here.

Source: the operations' pages in https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/.
Every request has passed `local.cognito.validation`.
"""

import base64
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from local.cognito.store import CognitoError, Device, Registry, User, no_such_device

type Request = Mapping[str, Any]
type Operation = Callable[[Registry, User, Request], dict[str, Any]]

_ACCOUNT = "000000000000"
_PAGE_SIZE = 60
_CURSOR = "after"


def confirm(registry: Registry, user: User, request: Request, *, on_prompt: bool) -> dict[str, Any]:
    """ConfirmDevice: the key must be one that a sign-in issued to this user, and can be spent once."""
    device = registry.devices_of(user).get(request["DeviceKey"])
    if device is None or device.confirmed:
        raise CognitoError("InvalidParameterException", "Invalid device key given.")
    device.name = request.get("DeviceName")
    device.modified = registry.now()
    device.confirmed = True
    device.remembered = not on_prompt
    return {"UserConfirmationNecessary": on_prompt}


def get(registry: Registry, user: User, request: Request, *, admin: bool) -> dict[str, Any]:
    """GetDevice hides a device that is not remembered; AdminGetDevice does not."""
    device = registry.find(user, request["DeviceKey"])
    if not (admin or device.remembered):
        raise no_such_device()
    return {"Device": _described(device, user, admin=admin)}


def list_all(registry: Registry, user: User, request: Request, *, admin: bool) -> dict[str, Any]:
    """ListDevices: a page of the devices that GetDevice would show, in order of creation (unconfirmed)."""
    after = _position(request.get("PaginationToken"))
    size = request.get("Limit") or _PAGE_SIZE  # Limit 0 is allowed; that it means the default is unconfirmed
    visible = [
        device
        for device in registry.devices_of(user).values()
        if device.confirmed and (admin or device.remembered) and device.number > after
    ]
    answer: dict[str, Any] = {"Devices": [_described(device, user, admin=admin) for device in visible[:size]]}
    if len(visible) > size:
        answer["PaginationToken"] = _token(visible[size - 1].number)
    return answer


def forget(registry: Registry, user: User, request: Request) -> dict[str, Any]:
    """ForgetDevice: from now on the device does not exist; whether it was remembered does not matter (unconfirmed)."""
    device = registry.find(user, request["DeviceKey"])
    del registry.devices_of(user)[device.key]
    return {}


def update_status(registry: Registry, user: User, request: Request) -> dict[str, Any]:
    """UpdateDeviceStatus: the one call that reaches a not-remembered device with a user's token."""
    device = registry.find(user, request["DeviceKey"])
    status = request.get("DeviceRememberedStatus")
    if status is not None:
        device.remembered = status == "remembered"
        device.modified = registry.now()
    return {}


def _token(number: int) -> str:
    return base64.urlsafe_b64encode(f"{_CURSOR}:{number}".encode()).decode()


def _position(token: str | None) -> int:
    """Return the number of the last device of the page before; it may have been forgotten since."""
    if token is None:
        return -1
    try:
        prefix, number = base64.urlsafe_b64decode(token).decode("ascii").split(":")
        if prefix == _CURSOR and number.isdecimal():
            return int(number)
    except ValueError:
        pass
    raise CognitoError("InvalidParameterException", "Invalid pagination token given.")


def _described(device: Device, user: User, *, admin: bool) -> dict[str, Any]:
    attributes = {"device_status": "valid"}
    if device.name is not None:
        attributes["device_name"] = device.name
    attributes["last_ip_used"] = device.ip
    if admin:
        region = user.pool_id.partition("_")[0]
        owner = f"{user.username}.{user.pool_id}"
        attributes |= {
            "dev:device_arn": f"arn:aws:cognito-idp:{region}:{_ACCOUNT}:owner/{owner}/device/{device.key}",
            "dev:device_owner": owner,
            "dev:device_remembered_status": "remembered" if device.remembered else "not_remembered",
            "dev:device_sdk": "aws-sdk",
        }
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": [{"Name": name, "Value": value} for name, value in attributes.items()],
        "DeviceCreateDate": round(device.created, 3),
        "DeviceLastModifiedDate": round(device.modified, 3),
        "DeviceLastAuthenticatedDate": float(int(device.authenticated)),
    }


# ConfirmDevice is not here: it alone depends on the pool's configuration.
OPERATIONS: Mapping[str, Operation] = {
    "GetDevice": partial(get, admin=False),
    "ListDevices": partial(list_all, admin=False),
    "ForgetDevice": forget,
    "UpdateDeviceStatus": update_status,
    "AdminGetDevice": partial(get, admin=True),
    "AdminListDevices": partial(list_all, admin=True),
    "AdminForgetDevice": forget,
    "AdminUpdateDeviceStatus": update_status,
}
