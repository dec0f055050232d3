"""The errors of boto3 calls."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

NO_DEVICE = ("ResourceNotFoundException", "Device does not exist.")


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    """Return the code and the message of the error that a call raises."""
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]
