"""The operations of Amazon Cognito on a user's devices."""

from collections.abc import Mapping
from typing import Any

from devices.auth import AccessToken
from devices.cognito_transport import call, client
from devices.models import CognitoDevice, CognitoDevices


def get_device(token: AccessToken, device_key: str, *, seconds_left: float) -> CognitoDevice:
    """Return one remembered device of the user that `token` belongs to.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html

    Parameters
    ----------
    token : AccessToken
        The user's token; Cognito verifies it.
    device_key : str
        1 to 55 characters.
    seconds_left : float
        What is left of the invocation's time.

    Raises
    ------
    ProblemError
        As `cognito_transport.call` says; so does each function here.
    """
    return call(
        "GetDevice",
        seconds_left,
        send=lambda: client().get_device(AccessToken=token.value, DeviceKey=device_key),
        read=lambda answer: CognitoDevice.model_validate(answer.get("Device")),
    )


def list_devices(
    token: AccessToken, limit: int | None, pagination_token: str | None, *, seconds_left: float
) -> CognitoDevices:
    """Return a page of the remembered devices of the user that `token` belongs to.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html

    Parameters
    ----------
    limit : int or None
        Most devices of the page, 1 to 60; None for Cognito's own number.
    pagination_token : str or None
        That of the page before; None for the first page.
    """
    page: dict[str, Any] = {"Limit": limit, "PaginationToken": pagination_token}
    given = {name: value for name, value in page.items() if value is not None}
    return call(
        "ListDevices",
        seconds_left,
        send=lambda: client().list_devices(AccessToken=token.value, **given),
        read=CognitoDevices.model_validate,
    )


def update_device_status(token: AccessToken, device_key: str, *, remembered: bool, seconds_left: float) -> None:
    """Remember a device of the user that `token` belongs to, or remember it no longer.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateDeviceStatus.html
    """
    call(
        "UpdateDeviceStatus",
        seconds_left,
        send=lambda: client().update_device_status(
            AccessToken=token.value,
            DeviceKey=device_key,
            DeviceRememberedStatus="remembered" if remembered else "not_remembered",
        ),
        read=_acknowledged,
    )


def forget_device(token: AccessToken, device_key: str, *, seconds_left: float) -> None:
    """Forget a device of the user that `token` belongs to.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgetDevice.html
    """
    call(
        "ForgetDevice",
        seconds_left,
        send=lambda: client().forget_device(AccessToken=token.value, DeviceKey=device_key),
        read=_acknowledged,
    )


def _acknowledged(answer: Mapping[str, Any]) -> None:
    # There is nothing to read in the answer to a change; but somebody else's page is none.
    if "json" not in answer["ResponseMetadata"]["HTTPHeaders"].get("content-type", "json"):
        raise ValueError
