"""Users of a stack's user pool, who sign in with SRP as a browser does."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import WarrantException

from local import demo
from local.cognito.upstream import claims_of
from tests.support.srp import Known, client_side
from tools.stages import StackError
from tools.verify.stack import Stack


@dataclass(frozen=True)
class KnownDevice(Known):
    """A device that Cognito knows, with its user's name in Cognito."""

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
        return str(claims_of(self.token)["username"])

    @property
    def device_key(self) -> str:
        """The key of the device that Cognito saw for the first time."""
        return str(self.result["NewDeviceMetadata"]["DeviceKey"])

    def confirm(self, name: str | None = "make verify") -> KnownDevice:
        """Confirm the new device, and let Cognito remember it."""
        answer, secret = demo.confirm_device(self.person.cognito, self.result, name)
        self.person.confirmed.append(self.device_key)
        if answer.get("UserConfirmationNecessary"):  # an existing pool may ask the user
            self.person.cognito.update_device_status(
                AccessToken=self.token, DeviceKey=self.device_key, DeviceRememberedStatus="remembered"
            )
        return KnownDevice(self.device_key, self.result["NewDeviceMetadata"]["DeviceGroupKey"], secret, self.username)


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

    def srp(self, device: KnownDevice | None = None, *, username: str | None = None) -> AWSSRP:
        """Return the client side of SRP, on a new device or on a known one. `username` is another spelling."""
        # pycognito returns this name in the device challenges, where Cognito may not accept an email address.
        name = username or (device.username if device else self.username)
        return client_side(self.cognito, self.pool_id, self.client_id, name, self.password, device)

    def sign_in(self, device: KnownDevice | None = None, *, username: str | None = None) -> SignedIn:
        """Sign in, on a new device or on a known one. `username` is another spelling of the user's name."""
        answer = self.srp(device, username=username).authenticate_user()
        if "AuthenticationResult" not in answer:
            raise NotImplementedError(f"Cognito asks for more than a password: {answer.get('ChallengeName')}")
        return SignedIn(self, answer["AuthenticationResult"])


def browser_client(stack: Stack) -> Any:
    """Return a Cognito client without credentials."""
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 5, "mode": "standard"})
    return boto3.client("cognito-idp", region_name=stack.region, endpoint_url=stack.endpoint, config=config)


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
