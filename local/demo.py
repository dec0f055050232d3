"""Creates the demo user and the user's devices through sign-ins, as the page does."""

import ipaddress
import time
from dataclasses import dataclass
from typing import Any

from pycognito.aws_srp import AWSSRP, generate_hash_device

from local.demo_devices import CURRENT, DemoDevice, devices
from local.deployment import client

USERNAME = "demo@example.com"
PASSWORD = "Remember-me-1"  # noqa: S105 - its pool ends with `make run`


@dataclass(frozen=True)
class SignIn:
    """A signed-in user: the access token, and the device keys of the remembered devices, the current one first."""

    access_token: str
    device_keys: list[str]


def create_user(admin: Any, user_pool_id: str, email: str = USERNAME, password: str = PASSWORD) -> None:
    """Create a user who can sign in at once. `admin` is a Cognito client with credentials."""
    admin.admin_create_user(
        UserPoolId=user_pool_id,
        Username=email,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        MessageAction="SUPPRESS",  # nobody reads the address
    )
    admin.admin_set_user_password(UserPoolId=user_pool_id, Username=email, Password=password, Permanent=True)


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


def sign_in_devices(endpoint: str, user_pool_id: str, client_id: str) -> SignIn:
    """Sign the demo user in on each device of `demo_devices`, at its time and address.

    The sign-in on the current device is the last one and uses SRP, as in the page.
    """
    keys = _past_devices(endpoint, user_pool_id)
    cognito, headers = client_of(endpoint)
    headers |= _seen(CURRENT.address, time.time())
    result = sign_in(cognito, user_pool_id, client_id)
    confirm_device(cognito, result, CURRENT.name)
    return SignIn(result["AccessToken"], [result["NewDeviceMetadata"]["DeviceKey"], *keys])


def _past_devices(endpoint: str, user_pool_id: str) -> list[str]:
    """Sign in on all other devices; return the device keys of the remembered ones, the last seen first."""
    # Each SRP sign-in takes a fifth of a second, and the page's app client allows only SRP. So use another app client.
    cognito, headers = client_of(endpoint)
    now = time.time()
    quick = cognito.create_user_pool_client(
        UserPoolId=user_pool_id, ClientName="demo", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]

    def sign_in_on(device: DemoDevice, seconds_ago: int, **parameters: str) -> dict[str, Any]:
        headers.update(_seen(device.address, now - seconds_ago))
        result: dict[str, Any] = cognito.admin_initiate_auth(
            UserPoolId=user_pool_id,
            ClientId=quick,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": USERNAME, "PASSWORD": PASSWORD, **parameters},
        )["AuthenticationResult"]
        return result

    keys: dict[str, int] = {}
    for device in devices():
        result = sign_in_on(device, device.first_seen)
        token, key = result["AccessToken"], result["NewDeviceMetadata"]["DeviceKey"]
        cognito.confirm_device(AccessToken=token, DeviceKey=key, **({"DeviceName": device.name} if device.name else {}))
        if device.remembered:
            keys[key] = device.last_seen
        else:
            cognito.update_device_status(AccessToken=token, DeviceKey=key, DeviceRememberedStatus="not_remembered")
        sign_in_on(device, device.last_seen, DEVICE_KEY=key)
    cognito.delete_user_pool_client(UserPoolId=user_pool_id, ClientId=quick)
    return sorted(keys, key=lambda key: keys[key])


def client_of(endpoint: str) -> tuple[Any, dict[str, str]]:
    """Return a Cognito client, and a dict of headers that the client adds to all its requests."""
    cognito, headers = client("cognito-idp", endpoint), dict[str, str]()
    cognito.meta.events.register("before-call", lambda params, **_: params["headers"].update(headers))
    return cognito, headers


def _seen(address: str, epoch_seconds: float) -> dict[str, str]:
    """Return the headers that make the emulator see a request from this address at this time."""
    return {"X-Forwarded-For": str(ipaddress.ip_address(address)), "X-Emulator-Time": f"{epoch_seconds:.3f}"}
