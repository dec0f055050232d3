"""What a page may see of a device."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from devices.models import CognitoDevice, Device
from devices.settings import LastIpVisibility


def view(
    fields: dict[str, object], *, current_key: str | None = None, visibility: LastIpVisibility = "masked"
) -> dict[str, object]:
    device = CognitoDevice.model_validate({"DeviceKey": "us-east-1_a"} | fields)
    return Device.of(device, current_key=current_key, visibility=visibility).model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize(
    ("moment", "shown"),
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
def test_a_moment_is_utc_with_milliseconds(source: str, key: str, moment: datetime | None, shown: str | None) -> None:
    assert view({source: moment})[key] == shown


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        CognitoDevice.model_validate({"DeviceKey": "us-east-1_a", "DeviceCreateDate": datetime(2024, 5, 7)})  # noqa: DTZ001


@pytest.mark.parametrize(("current_key", "current"), [("us-east-1_a", True), ("us-east-1_b", False), (None, False)])
def test_the_device_of_the_token_is_current(current_key: str | None, current: bool) -> None:  # noqa: FBT001 - a table
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
def test_an_attribute_is_the_first_of_its_name(attributes: list[dict[str, str]], status: str | None) -> None:
    assert view({"DeviceAttributes": attributes})["status"] == status


@pytest.mark.parametrize(("visibility", "shown"), [("masked", "192.0.2.0/24"), ("full", "192.0.2.1"), ("hidden", None)])
def test_a_device_has_its_address_by_the_setting(visibility: LastIpVisibility, shown: str | None) -> None:
    attributes = [{"Name": "last_ip_used", "Value": "192.0.2.1"}]

    assert view({"DeviceAttributes": attributes}, visibility=visibility)["lastIpUsed"] == shown


def test_text_that_no_answer_can_carry_is_replaced() -> None:
    assert view({"DeviceAttributes": [{"Name": "device_status", "Value": "va\ud800lid"}]})["status"] == "va?lid"


def test_a_refused_answer_of_cognito_is_not_quoted() -> None:
    with pytest.raises(ValidationError) as caught:
        CognitoDevice.model_validate({"DeviceKey": 5, "DeviceAttributes": [{"Name": "a", "Value": ["canary"]}]})

    assert "canary" not in str(caught.value)
