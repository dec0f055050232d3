"""What the device operations return, without HTTP."""

from typing import Any

import pytest

from local.cognito.exceptions import CognitoError
from local.cognito.operations import Call, list_devices
from local.cognito.store import DeviceStore
from local.cognito.user import User

USER = User("us-east-1_pool", "sub", "dart")


def call(store: DeviceStore, request: dict[str, Any], *, admin: bool) -> Call:
    return Call(store, USER, request, admin=admin, on_prompt=False)


@pytest.mark.parametrize("token", ["x", "é", "YWZ0ZXI6", "YWZ0ZXI6eA==", "/w==", "YWZ0ZXI6LTU=", "NQ=="])
def test_a_pagination_token_that_no_response_had_is_rejected(token: str) -> None:
    # When
    with pytest.raises(CognitoError) as caught:
        list_devices(call(DeviceStore(), {"PaginationToken": token}, admin=False))
    # Then
    assert caught.value.code == "InvalidParameterException"
    assert caught.value.message == "Invalid pagination token given."


def test_times_have_milliseconds_and_the_last_authentication_whole_seconds() -> None:
    # Given
    store = DeviceStore(now=lambda: 1715100742.0224)
    device = store.create(USER, "192.0.2.1")
    device.confirmed = True
    # When
    (described,) = list_devices(call(store, {}, admin=True))["Devices"]
    # Then
    times = {name: value for name, value in described.items() if name.endswith("Date")}
    assert times == {
        "DeviceCreateDate": 1715100742.022,
        "DeviceLastModifiedDate": 1715100742.022,
        "DeviceLastAuthenticatedDate": 1715100742.0,
    }
