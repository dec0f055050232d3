"""The device and the list page as sent to the browser, from Cognito's responses."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from devices.models import CognitoDevice, CognitoDevices, Device, DeviceList
from devices.settings import LastIpVisibility


def view(
    fields: dict[str, object], *, current_key: str | None = None, visibility: LastIpVisibility = "masked"
) -> dict[str, object]:
    device = CognitoDevice.model_validate({"DeviceKey": "us-east-1_a"} | fields)
    return Device.from_cognito(device, current_key, visibility).model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize(
    ("timestamp", "shown"),
    [
        (None, None),
        (datetime(2024, 5, 7, 16, 52, 22, 22000, UTC), "2024-05-07T16:52:22.022Z"),
        (datetime(2024, 5, 7, 16, 52, 22, 0, UTC), "2024-05-07T16:52:22.000Z"),
        (datetime(2024, 5, 7, 16, 52, 22, 22999, UTC), "2024-05-07T16:52:22.022Z"),
        (datetime(2024, 5, 7, 18, 52, 22, 0, timezone(timedelta(hours=2))), "2024-05-07T16:52:22.000Z"),
        (datetime(2024, 1, 1, 0, 30, 0, 0, timezone(timedelta(hours=1))), "2023-12-31T23:30:00.000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("DeviceCreateDate", "createdAt"),
        ("DeviceLastModifiedDate", "lastModifiedAt"),
        ("DeviceLastAuthenticatedDate", "lastAuthenticatedAt"),
    ],
)
def test_a_timestamp_is_in_utc_with_milliseconds(
    source: str, key: str, timestamp: datetime | None, shown: str | None
) -> None:
    assert view({source: timestamp})[key] == shown


@pytest.fixture
def _in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_tokyo")
def test_a_timestamp_is_in_utc_whatever_the_functions_time_zone() -> None:
    assert (
        view({"DeviceCreateDate": datetime(2024, 5, 7, 16, 52, 22, 0, UTC)})["createdAt"] == "2024-05-07T16:52:22.000Z"
    )


def test_a_timestamp_without_a_time_zone_is_invalid() -> None:
    with pytest.raises(ValidationError):
        CognitoDevice.model_validate({"DeviceKey": "us-east-1_a", "DeviceCreateDate": datetime(2024, 5, 7)})  # noqa: DTZ001


@pytest.mark.parametrize(("current_key", "current"), [("us-east-1_a", True), ("us-east-1_b", False), (None, False)])
def test_a_device_is_current_if_the_token_has_its_key(current_key: str | None, current: bool) -> None:  # noqa: FBT001 - a table
    assert view({}, current_key=current_key)["current"] is current


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ([], None),
        ([{"Name": "device_status"}], None),
        ([{"Name": "device_status", "Value": None}], None),
        ([{"Name": "other", "Value": "a"}, {"Name": "device_status", "Value": "valid"}], "valid"),
        ([{"Name": "device_status", "Value": "valid"}, {"Name": "device_status", "Value": "later"}], "valid"),
    ],
)
def test_the_first_of_several_attributes_with_one_name_wins(
    attributes: list[dict[str, str]], status: str | None
) -> None:
    assert view({"DeviceAttributes": attributes})["status"] == status


@pytest.mark.parametrize(("visibility", "shown"), [("masked", "192.0.2.0/24"), ("full", "192.0.2.1"), ("hidden", None)])
def test_the_visibility_setting_decides_how_a_device_shows_its_address(
    visibility: LastIpVisibility, shown: str | None
) -> None:
    attributes = [{"Name": "last_ip_used", "Value": "192.0.2.1"}]

    assert view({"DeviceAttributes": attributes}, visibility=visibility)["lastIpUsed"] == shown


def test_characters_that_utf8_cannot_encode_are_replaced() -> None:
    assert view({"DeviceAttributes": [{"Name": "device_status", "Value": "va\ud800lid"}]})["status"] == "va?lid"


@pytest.mark.parametrize("fields", [{}, {"DeviceKey": ""}, {"DeviceKey": None}, {"DeviceKey": 5}, {"device_key": "a"}])
def test_a_device_without_a_key_is_invalid(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CognitoDevice.model_validate(fields)


@pytest.mark.parametrize("key", ["a", "a" * 300])
def test_a_device_accepts_a_key_of_any_length(key: str) -> None:
    assert view({"DeviceKey": key})["deviceKey"] == key


@pytest.mark.parametrize("member", ["DeviceCreateDate", "DeviceAttributes"])
@pytest.mark.parametrize("value", ["2024-05-07T16:52:22Z", 1715100742, {}])
def test_a_member_of_another_type_is_invalid(member: str, value: object) -> None:
    with pytest.raises(ValidationError):
        CognitoDevice.model_validate({"DeviceKey": "us-east-1_a", member: value})


@pytest.mark.parametrize(("token", "shown"), [("CAIS/+==", "CAIS/+=="), ("X", "X"), ("", None), (None, None)])
def test_a_list_page_keeps_the_order_of_its_devices_and_the_next_token(token: str | None, shown: str | None) -> None:
    attributes = [{"Name": "last_ip_used", "Value": "192.0.2.1"}, {"Name": "device_name", "Value": "My phone"}]
    devices: list[dict[str, object]] = [{"DeviceKey": key, "DeviceAttributes": attributes} for key in ("b", "a", "c")]

    page = CognitoDevices.model_validate({"Devices": devices, "PaginationToken": token})

    sent = DeviceList.from_cognito(page, "a", "full").model_dump(mode="json", by_alias=True)
    assert [(each["name"], each["lastIpUsed"]) for each in sent["devices"]] == [("My phone", "192.0.2.1")] * 3
    assert sent == {
        "devices": [view(device, current_key="a", visibility="full") for device in devices],
        "nextToken": shown,
    }


def test_a_list_page_may_be_empty() -> None:
    page = CognitoDevices.model_validate({"Devices": []})

    assert DeviceList.from_cognito(page, None, "full").model_dump(by_alias=True) == {
        "devices": (),
        "nextToken": None,
    }


@pytest.mark.parametrize(
    "response",
    [{}, {"Devices": None}, {"Devices": "text"}, {"Devices": [], "PaginationToken": 5},
     {"Devices": [], "PaginationToken": "a b"}, {"Devices": [], "PaginationToken": " "}, {"Devices": [{}]}],
)  # fmt: skip
def test_a_malformed_list_response_is_invalid(response: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CognitoDevices.model_validate(response)


def test_the_models_are_immutable() -> None:
    page = CognitoDevices.model_validate({"Devices": [{"DeviceKey": "a", "DeviceAttributes": [{"Name": "b"}]}]})
    shown = DeviceList.from_cognito(page, None, "full")

    for part, name in [
        (page, "pagination_token"),
        (page.devices[0], "device_key"),
        (page.devices[0].device_attributes[0], "value"),
        (shown, "next_token"),
        (shown.devices[0], "status"),
    ]:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(part, name, "other")


def test_the_error_does_not_quote_an_invalid_response() -> None:
    with pytest.raises(ValidationError) as caught:
        CognitoDevice.model_validate({"DeviceKey": 5, "DeviceAttributes": [{"Name": "a", "Value": ["canary"]}]})

    assert "canary" not in str(caught.value)
