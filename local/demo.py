"""Creates the demo user, and the devices on which the user has signed in."""

import time
from dataclasses import dataclass
from typing import Any

from pycognito import aws_srp
from pycognito.aws_srp import AWSSRP, generate_hash_device

from local import powers
from local.cognito.store import DeviceStore
from local.cognito.user import User
from local.demo_devices import CURRENT, devices
from local.deployment import client

USERNAME = "demo@example.com"
PASSWORD = "Remember-me-1"  # noqa: S105 - its pool ends with `make run`

powers.accelerate(aws_srp)


@dataclass(frozen=True)
class SignIn:
    """A signed-in user: the access token, and the device keys of the remembered devices, the current one first."""

    access_token: str
    device_keys: list[str]


def create_user(admin: Any, user_pool_id: str, email: str = USERNAME, password: str = PASSWORD) -> User:
    """Create a user who can sign in at once. `admin` is a Cognito client with credentials."""
    created = admin.admin_create_user(
        UserPoolId=user_pool_id,
        Username=email,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        MessageAction="SUPPRESS",  # nobody reads the address
    )["User"]
    admin.admin_set_user_password(UserPoolId=user_pool_id, Username=email, Password=password, Permanent=True)
    (sub,) = [each["Value"] for each in created["Attributes"] if each["Name"] == "sub"]
    return User(user_pool_id, sub, created["Username"])


def sign_in(cognito: Any, user_pool_id: str, client_id: str, email: str = USERNAME) -> dict[str, Any]:
    """Sign a user in through SRP with the demo's password, and return Cognito's AuthenticationResult."""
    srp = AWSSRP(username=email, password=PASSWORD, pool_id=user_pool_id, client_id=client_id, client=cognito)
    result: dict[str, Any] = srp.authenticate_user()["AuthenticationResult"]
    return result


def confirm_device(cognito: Any, signed_in: dict[str, Any], name: str | None) -> tuple[dict[str, Any], str]:
    """Confirm the new device of a sign-in.

    Parameters
    ----------
    cognito : boto3 client
    signed_in : dict
        The AuthenticationResult, with NewDeviceMetadata.
    name : str or None
        The device's name, if it has one.

    Returns
    -------
    dict, str
        The response of ConfirmDevice, and the secret by which the device proves itself at later sign-ins.
    """
    new = signed_in["NewDeviceMetadata"]
    secret, verifier = generate_hash_device(new["DeviceGroupKey"], new["DeviceKey"])
    named = {"DeviceName": name} if name else {}
    response: dict[str, Any] = cognito.confirm_device(
        AccessToken=signed_in["AccessToken"],
        DeviceKey=new["DeviceKey"],
        DeviceSecretVerifierConfig=verifier,
        **named,
    )
    return response, secret


def sign_in_devices(endpoint: str, client_id: str, user: User, store: DeviceStore) -> SignIn:
    """Give the demo user a past on the devices of `demo_devices`, then sign the user in on the current one, with SRP.

    Parameters
    ----------
    endpoint : str
        URL of the local cloud.
    client_id : str
        The page's app client.
    user : User
        The demo user.
    store : DeviceStore
        The local cloud's devices.
    """
    keys = _past_devices(user, store)
    cognito, headers = client_of(endpoint)
    headers["X-Forwarded-For"] = CURRENT.address
    result = sign_in(cognito, user.pool_id, client_id)
    confirm_device(cognito, result, CURRENT.name)
    return SignIn(result["AccessToken"], [result["NewDeviceMetadata"]["DeviceKey"], *keys])


def _past_devices(user: User, store: DeviceStore) -> list[str]:
    """Store all other devices; return the device keys of the remembered ones, the last seen first.

    No request can sign a user in in the past. Nobody has the passwords of these devices.
    """
    now = time.time()
    seen: dict[str, float] = {}
    for past in devices():
        device = store.create(user, past.address)
        device.name, device.confirmed, device.remembered = past.name, True, past.remembered
        device.created = device.modified = now - past.first_seen
        device.authenticated = now - past.last_seen
        if past.remembered:
            seen[device.key] = device.authenticated
    return sorted(seen, key=lambda key: seen[key], reverse=True)


def client_of(endpoint: str) -> tuple[Any, dict[str, str]]:
    """Return a Cognito client, and a dict of headers that the client adds to all its requests."""
    cognito, headers = client("cognito-idp", endpoint), dict[str, str]()
    cognito.meta.events.register("before-call", lambda params, **_: params["headers"].update(headers))
    return cognito, headers
