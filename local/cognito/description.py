"""A device as the responses of Cognito describe it.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceType.html
"""

from typing import Any

from local.cognito.store import Device
from local.cognito.user import User

_ACCOUNT = "000000000000"


def described(device: Device, user: User, *, admin: bool) -> dict[str, Any]:
    """Return a device's DeviceType: its key, attributes and timestamps.

    Parameters
    ----------
    user : User
        The device's owner.
    admin : bool
        Whether to add the attributes that only the Admin operations return.
    """
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
