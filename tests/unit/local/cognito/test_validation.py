"""What a device request may hold, and what a page token means."""

import json

import pytest

from local.cognito.operations import list_all
from local.cognito.store import CognitoError, Registry, User
from local.cognito.validation import parse

KEY = "us-east-1_00000000-0000-0000-0000-000000000000"
USER = User("us-east-1_pool", "sub", "dart")


def refusal(operation: str, request: object) -> tuple[str, str]:
    with pytest.raises(CognitoError) as caught:
        parse(operation, json.dumps(request).encode())
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
def test_an_illegal_value_is_named_with_its_constraint(member: str, value: object, constraint: str) -> None:
    # Given
    kinds = {"pattern": "satisfy regular expression ", "enum": "satisfy "}
    kind = next((text for word, text in kinds.items() if f"{{}}{word}" in constraint), "have ")
    violated = constraint.replace("{}", f"failed to satisfy constraint: Member must {kind}")
    # When
    error = refusal("GetDevice", {"AccessToken": "token", "DeviceKey": KEY, member: value})
    # Then
    message = f"1 validation error detected: {violated.replace('{value}', str(value))}"
    assert error == ("InvalidParameterException", message)


def test_all_illegal_and_missing_values_are_told_together() -> None:
    # When
    code, message = refusal("GetDevice", {"AccessToken": "", "DeviceKey": None})
    # Then
    assert code == "InvalidParameterException"
    assert message == (
        "2 validation errors detected: Value null at 'deviceKey' failed to satisfy constraint: "
        "Member must not be null; Value at 'accessToken' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+"
    )


@pytest.mark.parametrize(
    ("request_body", "message"),
    [
        (["AccessToken"], "Start of structure or map found where not expected."),
        ({"AccessToken": 1}, "Unexpected JSON type for AccessToken"),
        ({"AccessToken": "token", "Limit": True}, "Unexpected JSON type for Limit"),
    ],
)
def test_json_of_another_shape_cannot_be_deserialised(request_body: object, message: str) -> None:
    # Then
    assert refusal("ListDevices", request_body) == ("SerializationException", message)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_not_json_cannot_be_deserialised(body: bytes) -> None:
    # When
    with pytest.raises(CognitoError) as caught:
        parse("ListDevices", body)
    # Then
    assert (caught.value.code, caught.value.message) == ("SerializationException", "Invalid JSON")


def test_members_that_cognito_does_not_know_are_ignored() -> None:
    # Then
    assert parse("ListDevices", b'{"AccessToken": "token", "Colour": "red"}') == {"AccessToken": "token"}


@pytest.mark.parametrize("token", ["x", "é", "YWZ0ZXI6", "YWZ0ZXI6eA==", "/w==", "YWZ0ZXI6LTU=", "NQ=="])
def test_a_page_token_that_no_page_gave_is_refused(token: str) -> None:
    # When
    with pytest.raises(CognitoError) as caught:
        list_all(Registry(), USER, {"PaginationToken": token}, admin=False)
    # Then
    assert caught.value.code == "InvalidParameterException"
    assert caught.value.message == "Invalid pagination token given."


def test_times_have_milliseconds_and_the_authentication_whole_seconds() -> None:
    # Given
    registry = Registry(now=lambda: 1715100742.0224)
    device = registry.issue(USER, "192.0.2.1")
    device.confirmed = True
    # When
    (described,) = list_all(registry, USER, {}, admin=True)["Devices"]
    # Then
    times = {name: value for name, value in described.items() if name.endswith("Date")}
    assert times == {
        "DeviceCreateDate": 1715100742.022,
        "DeviceLastModifiedDate": 1715100742.022,
        "DeviceLastAuthenticatedDate": 1715100742.0,
    }
