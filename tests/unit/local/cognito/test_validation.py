"""The members and values that a device operation's request may have."""

import json

import pytest

from local.cognito.exceptions import CognitoError
from local.cognito.operations import OPERATIONS
from local.cognito.validation import parse

KEY = "us-east-1_00000000-0000-0000-0000-000000000000"


def error(operation: str, body: bytes) -> tuple[str, str]:
    """Return the code and the message of the error that a request gets."""
    with pytest.raises(CognitoError) as caught:
        parse(body, OPERATIONS[operation].required)
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("member", "value", "constraint"),
    [
        ("AccessToken", "a b", "Value at 'accessToken' {}pattern: [A-Za-z0-9-_=.]+"),
        ("DeviceKey", "key", r"Value 'key' at 'deviceKey' {}pattern: [\w-]+_[\w-]+"),
        ("DeviceKey", "a_" + "0" * 54, "Value '{value}' at 'deviceKey' {}length less than or equal to 55"),
        ("DeviceName", "", "Value '' at 'deviceName' {}length greater than or equal to 1"),
        ("DeviceName", "n" * 1025, "Value '{value}' at 'deviceName' {}length less than or equal to 1024"),
        ("Limit", 61, "Value '61' at 'limit' {}value less than or equal to 60"),
        ("Limit", -1, "Value '-1' at 'limit' {}value greater than or equal to 0"),
        (
            "DeviceRememberedStatus",
            "maybe",
            "Value 'maybe' at 'deviceRememberedStatus' {}enum value set: [not_remembered, remembered]",
        ),
        ("PaginationToken", "a b", r"Value 'a b' at 'paginationToken' {}pattern: [\S]+"),
    ],
)
def test_the_error_names_an_illegal_value_and_its_constraint(member: str, value: object, constraint: str) -> None:
    # Given
    kinds = {"pattern": "satisfy regular expression ", "enum": "satisfy "}
    kind = next((text for word, text in kinds.items() if f"{{}}{word}" in constraint), "have ")
    violated = constraint.replace("{}", f"failed to satisfy constraint: Member must {kind}")
    request = {"AccessToken": "token", "DeviceKey": KEY, member: value}
    # When
    code, message = error("GetDevice", json.dumps(request).encode())
    # Then
    assert code == "InvalidParameterException"
    assert message == f"1 validation error detected: {violated.replace('{value}', str(value))}"


def test_the_error_lists_all_illegal_and_missing_values() -> None:
    # When
    code, message = error("GetDevice", b'{"AccessToken": "", "DeviceKey": null}')
    # Then
    assert code == "InvalidParameterException"
    assert message == (
        "2 validation errors detected: Value null at 'deviceKey' failed to satisfy constraint: "
        "Member must not be null; Value at 'accessToken' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'["AccessToken"]', "Start of structure or map found where not expected."),
        (b'{"AccessToken": 1}', "Unexpected JSON type for AccessToken"),
        (b'{"AccessToken": "token", "Limit": true}', "Unexpected JSON type for Limit"),
    ],
)
def test_json_of_another_shape_is_a_serialization_error(body: bytes, message: str) -> None:
    assert error("ListDevices", body) == ("SerializationException", message)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_json_is_a_serialization_error(body: bytes) -> None:
    assert error("ListDevices", body) == ("SerializationException", "Invalid JSON")


def test_unknown_members_are_ignored() -> None:
    assert parse(b'{"AccessToken": "token", "Colour": "red"}', ["AccessToken"]) == {"AccessToken": "token"}
