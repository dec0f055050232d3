"""What Amazon Cognito answers, in one line."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tests.support.people import Person, SignedIn

INVALID_REFRESH = "NotAuthorizedException: Invalid Refresh Token."
NO_DEVICE = "ResourceNotFoundException: Device does not exist."


def nowhere(person: Person) -> str:
    """Return a device key of the person's Region that no device has."""
    return f"{person.cognito.meta.region_name}_00000000-0000-0000-0000-000000000000"


def outcome(call: Callable[[], Any]) -> str:
    """Return Cognito's exception with its message, or what it gave."""
    try:
        answer = call()
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    if isinstance(answer, SignedIn) or "AuthenticationResult" in answer:
        return "tokens"
    return "success"


def refresh(sign_in: SignedIn, device_key: str | None) -> str:
    """Refresh a sign-in's tokens as Amplify does, with a device key or without; return the outcome."""
    device = {"DEVICE_KEY": device_key} if device_key else {}
    return outcome(
        lambda: sign_in.person.cognito.initiate_auth(
            ClientId=sign_in.person.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": sign_in.refresh_token, **device},
        )
    )


def rotate(sign_in: SignedIn, device_key: str | None) -> str:
    """Refresh a sign-in's tokens with GetTokensFromRefreshToken; return the outcome."""
    device = {"DeviceKey": device_key} if device_key else {}
    return outcome(
        lambda: sign_in.person.cognito.get_tokens_from_refresh_token(
            ClientId=sign_in.person.client_id, RefreshToken=sign_in.refresh_token, **device
        )
    )
