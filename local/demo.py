"""The demo user and that user's devices, made the way a page makes them: by signing in."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from pycognito.aws_srp import AWSSRP, generate_hash_device

from local.deployment import client

USERNAME = "demo@example.com"
PASSWORD = "Remember-me-1"


@dataclass(frozen=True)
class _Demo:
    name: str
    address: str
    remembered: bool = True


# The last one to sign in is the current one. Addresses are those of RFC 5737 and RFC 3849, for documentation.
_DEVICES = (
    _Demo("Firefox on Linux", "192.0.2.17"),
    _Demo("花子のスマートフォン 📱", "198.51.100.23"),
    _Demo("Library computer", "203.0.113.99", remembered=False),
    _Demo("Chrome on Windows", "2001:db8:85a3::8a2e:370:7334"),
)


@dataclass(frozen=True)
class SignIn:
    """A signed-in user: the access token, and the keys of the remembered devices, the current one first."""

    access_token: str
    device_keys: list[str]


def create_user(endpoint: str, user_pool_id: str, email: str = USERNAME) -> None:
    """Create a user with the demo's password, which need not be changed."""
    cognito = client("cognito-idp", endpoint)
    cognito.admin_create_user(
        UserPoolId=user_pool_id,
        Username=email,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        MessageAction="SUPPRESS",
    )
    cognito.admin_set_user_password(UserPoolId=user_pool_id, Username=email, Password=PASSWORD, Permanent=True)


def sign_in(cognito: Any, user_pool_id: str, client_id: str, email: str = USERNAME) -> dict[str, Any]:
    """Sign a user with the demo's password in through SRP; return Cognito's AuthenticationResult."""
    srp = AWSSRP(username=email, password=PASSWORD, pool_id=user_pool_id, client_id=client_id, client=cognito)
    result: dict[str, Any] = srp.authenticate_user()["AuthenticationResult"]
    return result


def sign_in_devices(endpoint: str, user_pool_id: str, client_id: str) -> SignIn:
    """Sign the demo user in on each device, confirm it, and do not remember one of them."""
    keys: list[str] = []
    for device in _DEVICES:
        cognito = _client_at(device.address, endpoint)
        result = sign_in(cognito, user_pool_id, client_id)
        token, new = result["AccessToken"], result["NewDeviceMetadata"]
        key = new["DeviceKey"]
        _, verifier = generate_hash_device(new["DeviceGroupKey"], key)
        cognito.confirm_device(
            AccessToken=token, DeviceKey=key, DeviceName=device.name, DeviceSecretVerifierConfig=verifier
        )
        if device.remembered:
            keys.insert(0, key)
        else:
            cognito.update_device_status(AccessToken=token, DeviceKey=key, DeviceRememberedStatus="not_remembered")
    return SignIn(token, keys)


def _client_at(address: str, endpoint: str) -> Any:
    """Return a Cognito client whose requests seem to come from `address`."""
    cognito = client("cognito-idp", endpoint)
    forwarded = str(ipaddress.ip_address(address))
    cognito.meta.events.register(
        "before-call", lambda params, **_: params["headers"].update({"X-Forwarded-For": forwarded})
    )
    return cognito
