"""The members and values that a device operation's request may have."""

import json

import pytest

from local.cognito.exceptions import CognitoError
from local.cognito.validation import parse

KEY = "us-east-1_00000000-0000-0000-0000-000000000000"


def error(operation: str, body: bytes) -> tuple[str, str]:
    """Return the code and the message of the error that a request gets."""
    with pytest.raises(CognitoError) as caught:
        parse(operation, body, "AccessToken")
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("operation", "member", "value", "constraint"),
    [
        ("GetDevice", "AccessToken", "a b", "Value at 'accessToken' {}pattern: [A-Za-z0-9-_=.]+"),
        ("GetDevice", "DeviceKey", "key", r"Value 'key' at 'deviceKey' {}pattern: [\w-]+_[\w-]+"),
        ("GetDevice", "DeviceKey", "a_" + "0" * 54, "Value '{value}' at 'deviceKey' {}length less than or equal to 55"),
        ("ConfirmDevice", "DeviceName", "", "Value '' at 'deviceName' {}length greater than or equal to 1"),
        (
            "ConfirmDevice",
            "DeviceName",
            "n" * 1025,
            "Value '{value}' at 'deviceName' {}length less than or equal to 1024",
        ),
        ("ListDevices", "Limit", 61, "Value '61' at 'limit' {}value less than or equal to 60"),
        ("ListDevices", "Limit", -1, "Value '-1' at 'limit' {}value greater than or equal to 0"),
        (
            "UpdateDeviceStatus",
            "DeviceRememberedStatus",
            "maybe",
            "Value 'maybe' at 'deviceRememberedStatus' {}enum value set: [not_remembered, remembered]",
        ),
        ("ListDevices", "PaginationToken", "a b", r"Value 'a b' at 'paginationToken' {}pattern: [\S]+"),
    ],
)
def test_the_error_names_an_illegal_value_and_its_constraint(
    operation: str, member: str, value: object, constraint: str
) -> None:
    # Given
    kinds = {"pattern": "satisfy regular expression ", "enum": "satisfy "}
    kind = next((text for word, text in kinds.items() if f"{{}}{word}" in constraint), "have ")
    violated = constraint.replace("{}", f"failed to satisfy constraint: Member must {kind}")
    request = {"AccessToken": "token", "DeviceKey": KEY, member: value}
    # When
    code, message = error(operation, json.dumps(request).encode())
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
        (b'{"AccessToken": 1}', "Unexpected JSON type for accessToken"),
        (b'{"AccessToken": "token", "Limit": true}', "Unexpected JSON type for limit"),
    ],
)
def test_json_of_another_shape_is_a_serialization_error(body: bytes, message: str) -> None:
    assert error("ListDevices", body) == ("SerializationException", message)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_json_is_a_serialization_error(body: bytes) -> None:
    assert error("ListDevices", body) == ("SerializationException", "Invalid JSON")


def test_a_map_may_have_nulls() -> None:
    request = {"ClientId": "client", "AuthFlow": "USER_SRP_AUTH", "AuthParameters": {"DEVICE_KEY": None}}

    assert parse("InitiateAuth", json.dumps(request).encode()) == request


def test_unknown_members_are_ignored() -> None:
    assert parse("ListDevices", b'{"AccessToken": "token", "Colour": "red"}') == {"AccessToken": "token"}


NESTED = {
    "a list": ({"UserAttributes": {}}, "Unexpected JSON type for userAttributes"),
    "a member of a list": ({"UserAttributes": [1]}, "Unexpected JSON type for userAttributes.1.member"),
    "a member of a structure": (
        {"UserAttributes": [{"Name": 1}]},
        "Unexpected JSON type for userAttributes.1.member.name",
    ),
    "a value of a map": ({"ClientMetadata": {"a": 1}}, "Unexpected JSON type for clientMetadata.a"),
    "half of a pair": ({"AccessToken": "\ud800"}, "accessToken has half of a surrogate pair"),
}


@pytest.mark.parametrize("case", NESTED)
def test_what_is_nested_is_checked_too(case: str) -> None:
    request, message = NESTED[case]

    assert error("UpdateUserAttributes", json.dumps(request).encode()) == ("SerializationException", message)


def test_constraints_of_what_is_nested_name_its_place() -> None:
    request = {
        "AccessToken": "token",
        "DeviceKey": KEY,
        "UserAttributes": [{"Name": "email"}, {"Name": ""}, {"Value": "v" * 2049}],
    }

    assert error("UpdateUserAttributes", json.dumps(request).encode()) == (
        "InvalidParameterException",
        (
            "3 validation errors detected: Value '' at 'userAttributes.2.member.name' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1; Value null at 'userAttributes.3.member.name' failed "
            "to satisfy constraint: Member must not be null; Value at 'userAttributes.3.member.value' failed to "
            "satisfy constraint: Member must have length less than or equal to 2048"
        ),
    )


def test_the_values_of_a_map_have_constraints() -> None:
    request = {"ClientId": "client", "AuthFlow": "USER_SRP_AUTH", "AuthParameters": {"SRP_A": "1" * 131_073}}

    code, message = error("InitiateAuth", json.dumps(request).encode())

    assert code == "InvalidParameterException"
    assert message.endswith("Member must have length less than or equal to 131072")


def test_the_model_requires_members_too() -> None:
    code, message = error("RespondToAuthChallenge", b'{"AccessToken": "token"}')

    assert code == "InvalidParameterException"
    assert "Value null at 'clientId'" in message
