"""Asks the wrapped emulator's Cognito whose token this is, who a user is, and whether a pool tracks devices."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from local.asgi import App, Receive, Response, Scope, call
from local.cognito.exceptions import InvalidUserPoolConfigurationError, SessionError, UserDisabledError
from local.cognito.user import User

TARGET = "AWSCognitoIdentityProviderService."

# Every request of Cognito's JSON protocol has these; only its headers and its body differ.
_ENVELOPE = {"method": "POST", "path": "/", "raw_path": b"/", "query_string": b""}


class WrappedCognitoError(Exception):
    """The wrapped Cognito returned an error, which becomes the response to the outer request."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.body)
        self.response = response


@dataclass(frozen=True, slots=True)
class Internals:
    """What device tracking needs of the wrapped emulator besides Cognito's operations.

    Attributes
    ----------
    sign_token : callable
        `sign_token(claims, pool_id)` returns an access token with these claims that the emulator accepts.
    issue_tokens : callable
        `issue_tokens(user, client_id)` returns the AuthenticationResult of a new sign-in.
    pool_of : callable
        `pool_of(client_id)` returns the ID of an app client's user pool, or None if there is no such app client.
    rotation_of : callable
        `rotation_of(client_id)` returns an app client's RefreshTokenRotation, empty if it has none.
    """

    sign_token: Callable[[dict[str, Any], str], str]
    issue_tokens: Callable[[User, str], dict[str, Any]]
    pool_of: Callable[[str], str | None]
    rotation_of: Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class WrappedCognito:
    """The wrapped app, and the `scope` and `receive` of the outer request, in which it is called."""

    app: App
    internals: Internals
    scope: Scope
    receive: Receive

    async def respond(self, body: bytes) -> Response:
        """Return the wrapped app's response to the outer request, whose body is `body`."""
        return await call(self.app, self.scope, self.receive, body)

    async def user_of_token(self, access_token: str) -> User:
        """Return the user of an access token; raise WrappedCognitoError if the wrapped Cognito rejects the token."""
        await self._ask("GetUser", {"AccessToken": access_token}, "")
        return user_of(claims_of(access_token))

    async def user_named(self, pool_id: str, username: str) -> User:
        """Return the user with this user name or alias; raise WrappedCognitoError if there is none."""
        found = await self._ask("AdminGetUser", {"UserPoolId": pool_id, "Username": username}, pool_id)
        attributes = {each["Name"]: each["Value"] for each in found["UserAttributes"]}
        return User(pool_id, attributes["sub"], found["Username"])

    async def check_user(self, user: User, username: str) -> None:
        """Check that a response to a challenge names the user whom the challenge is for.

        Raises
        ------
        SessionError
            It names another user. An alias will do (unconfirmed).
        UserDisabledError
            The user has been disabled meanwhile.
        """
        found = await self._ask("AdminGetUser", {"UserPoolId": user.pool_id, "Username": username}, user.pool_id)
        if found["Username"] != user.username:
            raise SessionError
        if not found["Enabled"]:
            raise UserDisabledError

    async def device_configuration(self, pool_id: str) -> Mapping[str, Any] | None:
        """Return the pool's DeviceConfiguration, or None if the pool does not track devices."""
        found = await self._ask("DescribeUserPool", {"UserPoolId": pool_id}, pool_id)
        configuration: Mapping[str, Any] | None = found["UserPool"].get("DeviceConfiguration")
        return configuration

    async def asks_before_remembering(self, pool_id: str) -> bool:
        """Return the pool's DeviceOnlyRememberedOnUserPrompt.

        Raises
        ------
        InvalidUserPoolConfigurationError
            The pool does not track devices.
        """
        configuration = await self.device_configuration(pool_id)
        if configuration is None:
            raise InvalidUserPoolConfigurationError
        return is_on(configuration, "DeviceOnlyRememberedOnUserPrompt")

    async def _ask(self, operation: str, request: Mapping[str, Any], signed_for_pool: str) -> dict[str, Any]:
        headers = [
            (b"host", b"localhost"),
            (b"content-type", b"application/x-amz-json-1.1"),
            (b"x-amz-target", f"{TARGET}{operation}".encode()),
        ]
        if signed_for_pool:
            headers.append((b"authorization", _root_signature(signed_for_pool.partition("_")[0])))
        body = json.dumps(request).encode()
        scope = {**self.scope, **_ENVELOPE, "headers": headers}
        response = await call(self.app, scope, self.receive, body)
        if response.status != HTTPStatus.OK:
            raise WrappedCognitoError(response)
        content: dict[str, Any] = json.loads(response.body)
        return content


def operation_of(scope: Scope) -> str:
    """Return the operation of Cognito that a request names, or an empty string if it is another request.

    Only POST, the path `/` and no query make a request of Cognito. The emulator has pages of its own, and serves them
    at their paths whatever X-Amz-Target says.
    """
    if scope["type"] != "http" or any(scope.get(name, value) != value for name, value in _ENVELOPE.items()):
        return ""
    targets = _targets_of(scope)
    # The wrapped emulator joins headers of the same name, so two of them name no operation.
    return targets[0].removeprefix(TARGET) if len(targets) == 1 and targets[0].startswith(TARGET) else ""


def is_misplaced(scope: Scope) -> bool:
    """Return whether a request names an operation of Cognito, but `operation_of` does not recognise it.

    The wrapped emulator would perform it, without devices.
    """
    if scope["type"] != "http" or operation_of(scope):
        return False
    return any(target.startswith(TARGET) for target in _targets_of(scope))


def _targets_of(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"x-amz-target"]


def is_on(configuration: Mapping[str, Any], name: str) -> bool:
    """Return a switch of a DeviceConfiguration. It is a string if a parameter of a CloudFormation template sets it."""
    return str(configuration.get(name, False)).lower() == "true"


def _root_signature(region: str) -> bytes:
    # The wrapped emulator treats the access key `test` as the root user and does not verify signatures.
    scope = f"test/20260101/{region}/cognito-idp/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=unsigned".encode()


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a token without verifying it: the wrapped Cognito has issued or accepted the token."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def user_of(claims: Mapping[str, Any]) -> User:
    """Return the user that an access token's claims name."""
    return User(str(claims["iss"]).rpartition("/")[2], claims["sub"], claims["username"])
