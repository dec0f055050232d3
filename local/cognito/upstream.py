"""Questions to the wrapped emulator's Cognito: is a token good, who is its user, does the pool track devices."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from local.asgi import App, Receive, Reply, Scope, call
from local.cognito.store import CognitoError, User

TARGET = "AWSCognitoIdentityProviderService."


class RefusedError(Exception):
    """The wrapped Cognito answered with an error, which is the answer to the outer request as well."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class WrappedCognito:
    """The wrapped app, asked within the outer request that `scope` and `receive` belong to."""

    app: App
    scope: Scope
    receive: Receive

    async def answer_to(self, body: bytes) -> Reply:
        """Return the app's own answer to the outer request."""
        return await call(self.app, self.scope, self.receive, body)

    async def user_of_token(self, access_token: str) -> User:
        """Return the user of an access token that Cognito accepts."""
        await self._ask("GetUser", {"AccessToken": access_token}, "")
        return user_of(claims_of(access_token))

    async def user_named(self, pool_id: str, username: str) -> User:
        """Return the user that an administrator names; `username` may be an alias."""
        found = await self._ask("AdminGetUser", {"UserPoolId": pool_id, "Username": username}, pool_id)
        attributes = {each["Name"]: each["Value"] for each in found["UserAttributes"]}
        return User(pool_id, attributes["sub"], found["Username"])

    async def device_configuration(self, pool_id: str) -> Mapping[str, Any] | None:
        """Return the pool's DeviceConfiguration, None where device tracking is off."""
        found = await self._ask("DescribeUserPool", {"UserPoolId": pool_id}, pool_id)
        configuration: Mapping[str, Any] | None = found["UserPool"].get("DeviceConfiguration")
        return configuration

    async def asks_before_remembering(self, pool_id: str) -> bool:
        """Return the pool's DeviceOnlyRememberedOnUserPrompt.

        Raises
        ------
        CognitoError
            InvalidUserPoolConfigurationException where device tracking is off. Unconfirmed: the exception is
            modelled for these operations, but not documented for this case.
        """
        configuration = await self.device_configuration(pool_id)
        if configuration is None:
            message = "Device tracking is not configured for this user pool."
            raise CognitoError("InvalidUserPoolConfigurationException", message)
        # CloudFormation hands on a string where a template's parameter sets it.
        return str(configuration.get("DeviceOnlyRememberedOnUserPrompt", False)).lower() == "true"

    async def _ask(self, operation: str, request: Mapping[str, Any], signed_for_pool: str) -> dict[str, Any]:
        headers = [
            (b"host", b"localhost"),
            (b"content-type", b"application/x-amz-json-1.1"),
            (b"x-amz-target", f"{TARGET}{operation}".encode()),
        ]
        if signed_for_pool:
            headers.append((b"authorization", _root_signature(signed_for_pool.partition("_")[0])))
        body = json.dumps(request).encode()
        reply = await call(self.app, {**self.scope, "headers": headers}, self.receive, body)
        if reply.status != HTTPStatus.OK:
            raise RefusedError(reply)
        answer: dict[str, Any] = json.loads(reply.body)
        return answer


def _root_signature(region: str) -> bytes:
    # The emulator takes the access key `test` for the root user and does not verify its signature.
    scope = f"test/20260101/{region}/cognito-idp/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=unsigned".encode()


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a token that the wrapped Cognito has issued or accepted, so unverified here."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def user_of(claims: Mapping[str, Any]) -> User:
    """Return the user that an access token's claims name."""
    return User(str(claims["iss"]).rpartition("/")[2], claims["sub"], claims["username"])
