"""What a page may see of a device."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from pydantic import ValidationError

from devices.models import CognitoDevice, Device, displayable, visible_address
from devices.settings import LastIpVisibility

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # an emoji of three, joined by ZERO WIDTH JOINER


def view(
    fields: dict[str, object], *, current_key: str | None = None, visibility: LastIpVisibility = "masked"
) -> dict[str, object]:
    device = CognitoDevice.model_validate({"DeviceKey": "us-east-1_a"} | fields)
    return Device.of(device, current_key=current_key, visibility=visibility).model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, None),
        ("", None),
        (" \t\u00a0\u2003", None),
        ("\x00\x1b\x7f\x9f", None),
        ("\u202e\u2066", None),
        ("Dart-device", "Dart-device"),
        ("  My\t\tphone\r\nat \u00a0 home\u2028", "My phone at home"),
        ("My\x00 ph\x1bone\x9f", "My phone"),
        ("a\u202eb\u202ac\u202bd\u202ce\u202df\u2066g\u2067h\u2068i\u2069j", "abcdefghij"),
        ("a \u202e b", "a b"),
        ("a\ud800b", "ab"),
        ("\u00ad\U000e0041\ufffe\ue000", None),
        (FAMILY, FAMILY),
        ("\u2764\ufe0f", "\u2764\ufe0f"),  # VARIATION SELECTOR-16
        ("\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645", "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645"),
        ("\u05d0\u200f!", "\u05d0\u200f!"),  # RIGHT-TO-LEFT MARK
        ("<b>&amp;\"'</b>", "<b>&amp;\"'</b>"),  # the page escapes, as it must any text
        ("x" * 256, "x" * 256),
        ("x" * 257, "x" * 256),
        ("\x00" * 300 + "x", "x"),
        ("x" * 255 + " y", "x" * 255),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_a_name_is_fit_to_show(text: str | None, shown: str | None) -> None:
    assert displayable(text) == shown


@pytest.mark.parametrize(
    ("text", "masked", "full"),
    [
        (None, None, None),
        ("", None, None),
        ("192.0.2.1", "192.0.2.0/24", "192.0.2.1"),
        ("203.0.113.255", "203.0.113.0/24", "203.0.113.255"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48", "2001:db8:1:2:3:4:5:6"),
        ("2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::/48", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.0/24", "192.0.2.1"),
        ("fe80::1%eth0", None, None),
        ("192.0.2.1:443", None, None),
        ("192.0.2.0/24", None, None),
        ("192.0.2.1, 198.51.100.1", None, None),
        ("192.0.2.01", None, None),
        (" 192.0.2.1", None, None),
        ("3221225985", None, None),
        ("localhost", None, None),
        ("<script>", None, None),
    ],
)
def test_an_address_shows_as_much_as_the_setting_allows(text: str | None, masked: str | None, full: str | None) -> None:
    assert visible_address(text, "masked") == masked
    assert visible_address(text, "full") == full
    assert visible_address(text, "hidden") is None


def test_every_visibility_is_in_the_table_above() -> None:
    assert get_args(LastIpVisibility.__value__) == ("masked", "full", "hidden")


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


def test_a_refused_answer_of_cognito_is_not_quoted() -> None:
    with pytest.raises(ValidationError) as caught:
        CognitoDevice.model_validate({"DeviceKey": 5, "DeviceAttributes": [{"Name": "a", "Value": ["canary"]}]})

    assert "canary" not in str(caught.value)
