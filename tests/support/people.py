"""Users of a stack's user pool, who sign in with SRP as a browser does."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP, generate_hash_device
from pycognito.exceptions import WarrantException

from tools.verify.ready import claims
from tools.verify.stack import Stack, StackError

# Users, app clients and user pools of the tests have names that begin so.
PREFIX = "make-verify-"
# What the template's app client allows.
SRP = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
_ABANDONED_SECONDS = 3600


@dataclass(frozen=True)
class KnownDevice:
    """A device that Cognito knows: its key, what proves that it is this device, and its user's name in Cognito."""

    key: str
    group_key: str
    secret: str
    username: str


@dataclass(frozen=True)
class SignedIn:
    """A sign-in: `result` is Cognito's AuthenticationResult."""

    person: "Person"
    result: dict[str, Any]

    @property
    def token(self) -> str:
        return str(self.result["AccessToken"])

    @property
    def refresh_token(self) -> str:
        return str(self.result["RefreshToken"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def username(self) -> str:
        """The user's name in Cognito, which is not the email address that the user signs in with."""
        return str(claims(self.token)["username"])

    @property
    def device_key(self) -> str:
        """The key of the device that Cognito saw for the first time."""
        return str(self.result["NewDeviceMetadata"]["DeviceKey"])

    def confirm(self, name: str | None = "make verify") -> KnownDevice:
        """Confirm the new device, and let Cognito remember it."""
        new = self.result["NewDeviceMetadata"]
        secret, verifier = generate_hash_device(new["DeviceGroupKey"], new["DeviceKey"])
        named = {"DeviceName": name} if name else {}
        answer = self.person.cognito.confirm_device(
            AccessToken=self.token, DeviceKey=self.device_key, DeviceSecretVerifierConfig=verifier, **named
        )
        self.person.confirmed.append(self.device_key)
        if answer.get("UserConfirmationNecessary"):  # an existing pool may ask the user
            self.person.cognito.update_device_status(
                AccessToken=self.token, DeviceKey=self.device_key, DeviceRememberedStatus="remembered"
            )
        return KnownDevice(self.device_key, new["DeviceGroupKey"], secret, self.username)


@dataclass(frozen=True)
class Person:
    """A user with a password.

    Attributes
    ----------
    username, password : str
    pool_id, client_id : str
        The user pool, and the app client that signs the user in.
    cognito : boto3 client
        Without credentials, as in a browser.
    confirmed : list of str
        The keys of the devices that were confirmed.
    """

    username: str
    password: str
    pool_id: str
    client_id: str
    cognito: Any
    confirmed: list[str] = field(default_factory=list)

    def sign_in(self, device: KnownDevice | None = None, *, username: str | None = None) -> SignedIn:
        """Sign in, on a new device or on a known one. `username` is another spelling of the user's name."""
        known = (
            {"device_key": device.key, "device_group_key": device.group_key, "device_password": device.secret}
            if device
            else {}
        )
        srp = AWSSRP(
            # pycognito returns this name in the device challenges, where Cognito may not accept an email address.
            username=username or (device.username if device else self.username),
            password=self.password,
            pool_id=self.pool_id,
            client_id=self.client_id,
            client=self.cognito,
            **known,
        )
        answer = srp.authenticate_user()
        if "AuthenticationResult" not in answer:
            raise NotImplementedError(f"Cognito asks for more than a password: {answer.get('ChallengeName')}")
        return SignedIn(self, answer["AuthenticationResult"])


def browser_client(stack: Stack) -> Any:
    """Return a Cognito client without credentials."""
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 5, "mode": "standard"})
    return boto3.client("cognito-idp", region_name=stack.region, endpoint_url=stack.endpoint, config=config)


@contextmanager
def new_person(stack: Stack, pool_id: str = "", client_id: str = "") -> Iterator[Person]:
    """Create a user while the block runs, in the stack's pool or in another."""
    admin, pool_id = stack.aws("cognito-idp"), pool_id or stack.user_pool_id
    email, password = f"{_new_name()}@example.com", f"Aa1-{secrets.token_urlsafe(24)}"
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        # SUPPRESS: nobody reads this address.
        admin.admin_create_user(UserPoolId=pool_id, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS")
        admin.admin_set_user_password(UserPoolId=pool_id, Username=email, Password=password, Permanent=True)
        yield Person(email, password, pool_id, client_id or stack.client_id, browser_client(stack))
    finally:
        _delete_user(admin, pool_id, email)


@contextmanager
def known_person(stack: Stack) -> Iterator[Person]:
    """Yield the user of an existing pool; at the end, forget the devices on which the tests signed the user in."""
    person = Person(stack.username, stack.password, stack.user_pool_id, stack.client_id, browser_client(stack))
    try:
        yield person
    finally:
        if person.confirmed:
            token = person.sign_in().token
            for key in person.confirmed:
                with suppress(person.cognito.exceptions.ResourceNotFoundException):  # a test may have forgotten it
                    person.cognito.forget_device(AccessToken=token, DeviceKey=key)


def check_user(stack: Stack) -> None:
    """Raise StackError if the user of an existing pool cannot sign in on a new device.

    Otherwise each test would try again, until Cognito locks the user out.
    """
    with known_person(stack) as person:
        try:
            sign_in = person.sign_in()
        except (ClientError, NotImplementedError, WarrantException) as error:
            # Other arguments of pycognito's exceptions are secret.
            raise StackError(f"USERNAME cannot sign in with a password alone: {error.args[0]}") from None
        if "NewDeviceMetadata" not in sign_in.result:
            raise StackError(f"{stack.user_pool_id} does not track devices: turn device tracking on.")


def remove_abandoned(stack: Stack) -> None:
    """Delete what a run left behind because it was killed: users, app clients and pools of at least an hour ago."""
    admin = stack.aws("cognito-idp")
    clients = _each(admin, "list_user_pool_clients", "UserPoolClients", UserPoolId=stack.user_pool_id)
    for client in clients:
        if _is_abandoned(client["ClientName"]):
            admin.delete_user_pool_client(UserPoolId=stack.user_pool_id, ClientId=client["ClientId"])
    for pool in _pools(admin):
        if _is_abandoned(pool["Name"]):
            admin.delete_user_pool(UserPoolId=pool["Id"])
    mine = {"UserPoolId": stack.user_pool_id, "Filter": f'email ^= "{PREFIX}"'}
    for user in _each(admin, "list_users", "Users", **mine):
        email = next(each["Value"] for each in user["Attributes"] if each["Name"] == "email")
        if _is_abandoned(email):
            _delete_user(admin, stack.user_pool_id, user["Username"])


def _pools(admin: Any) -> list[dict[str, Any]]:
    try:
        return _each(admin, "list_user_pools", "UserPools", PaginationConfig={"PageSize": 60})
    except ClientError as error:
        # VerifyRole of .github/deploy-role.yaml may not create user pools, so it cannot have left any behind.
        if error.response["Error"]["Code"] == "AccessDeniedException":
            return []
        raise


def _each(admin: Any, operation: str, member: str, **parameters: Any) -> list[dict[str, Any]]:
    pages = admin.get_paginator(operation).paginate(**parameters)
    return [each for page in pages for each in page[member]]


def _new_name() -> str:
    """Return a name that says when it was made."""
    return f"{PREFIX}{int(time.time())}-{secrets.token_hex(4)}"


def _is_abandoned(name: str) -> bool:
    made = re.match(rf"{PREFIX}(\d+)-", name)
    return made is not None and time.time() - int(made[1]) > _ABANDONED_SECONDS


@contextmanager
def app_client(stack: Stack, pool_id: str = "", **settings: Any) -> Iterator[str]:
    """Create an app client while the block runs, and yield its ID."""
    admin, pool_id = stack.aws("cognito-idp"), pool_id or stack.user_pool_id
    made = admin.create_user_pool_client(UserPoolId=pool_id, ClientName=_new_name(), **settings)
    client_id = made["UserPoolClient"]["ClientId"]
    try:
        yield client_id
    finally:
        with suppress(admin.exceptions.ResourceNotFoundException):  # the pool may be gone
            admin.delete_user_pool_client(UserPoolId=pool_id, ClientId=client_id)


@contextmanager
def user_pool(stack: Stack, **settings: Any) -> Iterator[str]:
    """Create a user pool while the block runs, and yield its ID. The block may delete it itself."""
    admin = stack.aws("cognito-idp")
    pool_id = admin.create_user_pool(PoolName=_new_name(), **settings)["UserPool"]["Id"]
    try:
        yield pool_id
    finally:
        with suppress(admin.exceptions.ResourceNotFoundException):
            admin.delete_user_pool(UserPoolId=pool_id)


def _delete_user(admin: Any, pool_id: str, username: str) -> None:
    # A test may have deleted the user or the pool.
    with suppress(admin.exceptions.UserNotFoundException, admin.exceptions.ResourceNotFoundException):
        admin.admin_delete_user(UserPoolId=pool_id, Username=username)
