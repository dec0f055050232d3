"""Users of the deployed user pool."""

import uuid
from dataclasses import dataclass
from typing import Any

from local import demo
from local.deployment import client


@dataclass(frozen=True)
class User:
    """A user with the demo user's password, who is signed in on the newest device.

    Attributes
    ----------
    email : str
    cognito : boto3 client
    tokens : dict
        AuthenticationResult of the last sign-in.
    keys : list of str
        Device keys, the oldest first. All devices are remembered.
    """

    email: str
    cognito: Any
    tokens: dict[str, Any]
    keys: list[str]

    @property
    def token(self) -> str:
        return str(self.tokens["AccessToken"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def create(session: dict[str, Any], *names: str | None, address: str = "127.0.0.1") -> User:
    """Create a user with a device for each name, all last seen at one IP address.

    Without a name, the user is signed in on a device that is not confirmed.
    """
    email, (cognito, headers) = f"{uuid.uuid4()}@example.com", demo.client_of(session["cognito_endpoint"])
    headers["X-Forwarded-For"] = address
    pool = (session["user_pool_id"], session["user_pool_client_id"])
    demo.create_user(client("cognito-idp", session["cognito_endpoint"]), pool[0], email)
    tokens = demo.sign_in(cognito, *pool, email)
    keys: list[str] = []
    for name in names:
        if keys:
            tokens = demo.sign_in(cognito, *pool, email)
        demo.confirm_device(cognito, tokens, name)
        keys.append(tokens["NewDeviceMetadata"]["DeviceKey"])
    return User(email, cognito, tokens, keys)
