"""User pools with signed-in users, made through real clients."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from pycognito.aws_srp import AWSSRP

from local import demo
from tests.support.srp import Known, client_side, give_password, proof_of

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import DeviceTypeTypeDef

PASSWORD = "Remember-me-1"  # noqa: S105 - of a pool that exists during the tests only
REMEMBERED_AT_ONCE = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}
REMEMBERED_ON_PROMPT = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": True}
INSTEAD_OF_MFA = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}

_numbers = count()


@dataclass(frozen=True)
class SignIn:
    """The response to a sign-in."""

    srp: AWSSRP
    answer: dict[str, Any]

    @property
    def token(self) -> str:
        return str(self.answer["AuthenticationResult"]["AccessToken"])

    @property
    def refresh_token(self) -> str:
        return str(self.answer["AuthenticationResult"]["RefreshToken"])

    @property
    def device_key(self) -> str:
        return str(self.answer["AuthenticationResult"]["NewDeviceMetadata"]["DeviceKey"])

    def confirm(self, name: str | None = "Test browser") -> dict[str, Any]:
        """Confirm the new device of the sign-in; return the response."""
        # AWSSRP.confirm_device always calls AWS, and ignores the endpoint of its client.
        response, _ = demo.confirm_device(self.srp.client, self.answer["AuthenticationResult"], name)
        return response

    def known(self) -> Known:
        """Confirm the new device of the sign-in; return what the device keeps."""
        _, secret = demo.confirm_device(self.srp.client, self.answer["AuthenticationResult"], "Test browser")
        group_key = self.answer["AuthenticationResult"]["NewDeviceMetadata"]["DeviceGroupKey"]
        return Known(self.device_key, group_key, secret)

    def confirmed(self) -> str:
        """Confirm the new device of the sign-in; return its key."""
        return self.known().key


@dataclass(frozen=True)
class Pool:
    """A user pool with one app client."""

    cognito: "CognitoIdentityProviderClient"
    pool_id: str
    client_id: str

    def add_user(self, username: str = "dart") -> None:
        """Create a user who can sign in."""
        self.cognito.admin_create_user(UserPoolId=self.pool_id, Username=username, MessageAction="SUPPRESS")
        self.cognito.admin_set_user_password(
            UserPoolId=self.pool_id, Username=username, Password=PASSWORD, Permanent=True
        )

    def srp(self, username: str = "dart", device: Known | None = None) -> AWSSRP:
        """Return pycognito's client side of SRP, for a new device or a known one."""
        return client_side(self.cognito, self.pool_id, self.client_id, username, PASSWORD, device)

    def sign_in(self, username: str = "dart", device: Known | None = None) -> SignIn:
        """Sign a user in with SRP, on a device that Cognito does not know or on a known one."""
        srp = self.srp(username, device)
        return SignIn(srp, srp.authenticate_user())

    def proof(self, username: str = "dart", device: Known | None = None) -> tuple[AWSSRP, dict[str, str]]:
        """Start a sign-in with SRP; return the client side of it, and its proof of the password."""
        srp = self.srp(username, device)
        return srp, proof_of(srp)

    def give_password(self, username: str = "dart", device: Known | None = None) -> tuple[AWSSRP, Any]:
        """Start a sign-in and prove the password; return the client side of SRP, and the response."""
        srp = self.srp(username, device)
        return srp, give_password(srp)

    def sign_in_with_password(self, device_key: str | None = None, username: str = "dart") -> dict[str, Any]:
        """Sign a user in with USER_PASSWORD_AUTH; return the AuthenticationResult."""
        device = {"DEVICE_KEY": device_key} if device_key else {}
        response = self.cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD, **device},
        )
        return dict(response["AuthenticationResult"])

    def refresh(self, refresh_token: str, device_key: str | None = None) -> dict[str, Any]:
        """Refresh with REFRESH_TOKEN_AUTH; return the AuthenticationResult."""
        device = {"DEVICE_KEY": device_key} if device_key is not None else {}
        response = self.cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": refresh_token, **device},
        )
        return dict(response["AuthenticationResult"])

    def rotate(self, refresh_token: str, device_key: str | None = None) -> dict[str, Any]:
        """Refresh with GetTokensFromRefreshToken; return the AuthenticationResult."""
        device: dict[str, Any] = {"DeviceKey": device_key} if device_key is not None else {}
        response = self.cognito.get_tokens_from_refresh_token(
            ClientId=self.client_id, RefreshToken=refresh_token, **device
        )
        return dict(response["AuthenticationResult"])


def create_pool(
    cognito: "CognitoIdentityProviderClient", device_configuration: dict[str, bool] | None, **settings: Any
) -> Pool:
    """Create a pool with the user `dart`, unless names must be addresses.

    Without a device configuration, the pool does not track devices.
    """
    tracking: dict[str, Any] = {"DeviceConfiguration": device_configuration} if device_configuration else {}
    pool = cognito.create_user_pool(PoolName=f"pool-{next(_numbers)}", **tracking, **settings)["UserPool"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="page",
        ExplicitAuthFlows=[
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ],
    )["UserPoolClient"]
    made = Pool(cognito, pool["Id"], client["ClientId"])
    if "UsernameAttributes" not in settings:
        made.add_user()
    return made


def attributes(device: "DeviceTypeTypeDef") -> dict[str, str]:
    """Return a device's attributes by name."""
    return {each["Name"]: each["Value"] for each in device["DeviceAttributes"]}


def devices_of(cognito: "CognitoIdentityProviderClient", pool_id: str, username: str) -> Iterator["DeviceTypeTypeDef"]:
    """Yield all devices of a user, including those that are not remembered, as an administrator sees them."""
    more: dict[str, Any] | None = {}
    while more is not None:
        answer = cognito.admin_list_devices(UserPoolId=pool_id, Username=username, **more)
        yield from answer["Devices"]
        more = {"PaginationToken": answer["PaginationToken"]} if "PaginationToken" in answer else None
