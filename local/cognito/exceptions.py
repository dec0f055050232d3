"""The errors that device tracking returns itself; all others come from the wrapped Cognito.

Source: "Errors" of each operation in
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/.
"""

from typing import ClassVar


class CognitoError(Exception):
    """An error response. Each subclass has AWS's code, and the text of the message unless its instances differ."""

    code: ClassVar[str]
    text: ClassVar[str] = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.text)

    @property
    def message(self) -> str:
        """The message for the client."""
        return str(self)


class InvalidParameterError(CognitoError):
    """A member of the request is missing or has a value that Cognito does not accept."""

    code = "InvalidParameterException"


class SerializationError(CognitoError):
    """The request's body is not the JSON that the operation takes."""

    code = "SerializationException"


class MissingAuthenticationTokenError(CognitoError):
    """The request of an Admin operation is not signed."""

    code = "MissingAuthenticationTokenException"
    text = "Missing Authentication Token"


class DeviceNotFoundError(CognitoError):
    """The caller has no device with this key, or may not see it."""

    code = "ResourceNotFoundException"
    text = "Device does not exist."


class NotAuthorizedError(CognitoError):
    """Cognito rejects the caller's password, token, session or proof."""

    code = "NotAuthorizedException"


class WrongPasswordError(NotAuthorizedError):
    """The proof of a password is wrong, that of a user or of a device."""

    text = "Incorrect username or password."


class InvalidRefreshTokenError(NotAuthorizedError):
    """The refresh token is not used with the device of its sign-in, or the device was forgotten."""

    text = "Invalid Refresh Token."


class RefreshTokenExpiredError(NotAuthorizedError):
    """The app client's RefreshTokenValidity is over."""

    text = "Refresh Token has expired"


class RefreshTokenReuseError(CognitoError):
    """The refresh token was exchanged for a new one, and its grace period is over."""

    code = "RefreshTokenReuseException"
    text = "Refresh token has been invalidated by rotation."  # unconfirmed


class UserDisabledError(NotAuthorizedError):
    """An administrator has disabled the user."""

    text = "User is disabled."


class UnknownOperationError(CognitoError):
    """Cognito has no such operation, or not at this path."""

    code = "UnknownOperationException"
    text = "Operations of Cognito are requests with the method POST and the path /, without a query."


class SessionError(NotAuthorizedError):
    """The response to a challenge belongs to no challenge of this user."""

    text = "Invalid session for the user."


class SessionExpiredError(NotAuthorizedError):
    """The response to a challenge comes too late."""

    text = "Invalid session for the user, session is expired."


class SessionUsedError(NotAuthorizedError):
    """The response to a challenge comes a second time."""

    text = "Invalid session for the user, session can only be used once."


class NotEmulatedError(InvalidParameterError):
    """Amazon Cognito has a feature that the local cloud lacks."""

    def __init__(self, feature: str, instead: str) -> None:
        super().__init__(f"The local cloud does not emulate {feature}, unlike Amazon Cognito: {instead}.")


class InvalidUserPoolConfigurationError(CognitoError):
    """The pool does not track devices.

    Unconfirmed: the service model lists this exception for the device operations, but no page documents the case.
    """

    code = "InvalidUserPoolConfigurationException"
    text = "Device tracking is not configured for this user pool."
