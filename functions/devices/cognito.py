"""The operations of Amazon Cognito that this API uses, as data, and the way to ask for them."""

from collections.abc import Mapping
from typing import Any

from devices import cognito_transport
from devices.auth import Caller
from devices.cognito_client import UnreadableResponseError
from devices.cognito_transport import Operation
from devices.models import CognitoDevice, CognitoDevices


def _acknowledge(response: Mapping[str, Any]) -> None:
    """Reject a response that is not JSON, such as a proxy's HTML. The response to a change has no content to read."""
    if "json" not in response["ResponseMetadata"]["HTTPHeaders"].get("content-type", "json"):
        raise UnreadableResponseError


# Each has a page in https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/. The layer holds
# botocore's description of these operations and no other (layers/dependencies/botocore_data.py).
FORGET_DEVICE = Operation("ForgetDevice", _acknowledge)
GET_DEVICE = Operation("GetDevice", CognitoDevice.from_response)
LIST_DEVICES = Operation("ListDevices", CognitoDevices.model_validate)
UPDATE_DEVICE_STATUS = Operation("UpdateDeviceStatus", _acknowledge)


def ask[Result](caller: Caller, operation: Operation[Result], **parameters: str | int | None) -> Result:
    """Send an operation to Cognito in the name of the caller, and return what it read from the response.

    Parameters
    ----------
    caller : Caller
        Whose access token authorises the operation, and whose deadline holds.
    operation : Operation
        One of this module's.
    **parameters
        The operation's parameters, except for AccessToken. None leaves a parameter out.

    Raises
    ------
    ProblemError
        As `cognito_transport.call` describes.
    """
    given = {name: value for name, value in parameters.items() if value is not None}
    return cognito_transport.call(operation, {"AccessToken": caller.access_token, **given}, caller.deadline)
