"""The operations of Amazon Cognito that this API uses, as data, and a function that calls them."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from devices import cognito_transport
from devices.auth import Caller
from devices.cognito_response import UnreadableResponseError
from devices.cognito_transport import Operation
from devices.models import CognitoDevice, CognitoDevices
from devices.problems import COGNITO_LIST_ERRORS


def _check_json(response: Mapping[str, Any]) -> None:
    """Reject a response that is not JSON, such as a proxy's HTML. The response to a change may lack a Content-Type."""
    if "json" not in response["ResponseMetadata"]["HTTPHeaders"].get("content-type", "json"):
        raise UnreadableResponseError


# Each operation has a page in https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/. The layer
# contains botocore's data for these operations only (layers/dependencies/botocore_data.py).
FORGET_DEVICE = Operation("ForgetDevice", _check_json)
GET_DEVICE = Operation("GetDevice", CognitoDevice.from_response, device_key=attrgetter("device_key"))
LIST_DEVICES = Operation("ListDevices", CognitoDevices.model_validate, COGNITO_LIST_ERRORS)
UPDATE_DEVICE_STATUS = Operation("UpdateDeviceStatus", _check_json)


def ask[Result](caller: Caller, operation: Operation[Result], **parameters: str | int | None) -> Result:
    """Call an operation of Cognito with the caller's token, and return the parsed response.

    Parameters
    ----------
    caller : Caller
        Whose access token authorises the call, and whose deadline limits it.
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
