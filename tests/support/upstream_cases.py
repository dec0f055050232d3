"""Each failure of Cognito's operations, and the response to it."""

from typing import Any

from botocore.retries import standard

from tests.support import canaries
from tests.support.canaries import DEVICE
from tests.support.cases import INSUFFICIENT, INVALID_TOKEN, Case
from tests.support.events import load
from tests.support.fake_cognito import Reply, drop, stall

# Operation of Cognito -> the sample event for which the function calls it.
EVENTS = {
    "ForgetDevice": "forget_device",
    "GetDevice": "get_device",
    "ListDevices": "list_devices",
    "UpdateDeviceStatus": "remember_device",
}
HTML = f"<html>{canaries.SECRETS}</html>".encode()
STATUSES = {"ForgetDevice": 204, "GetDevice": 200, "ListDevices": 200, "UpdateDeviceStatus": 204}
# Exception -> status and slug of the response, its headers, and how often the function calls Cognito.
RESPONSES: dict[str, tuple[int, str, dict[str, str], int]] = {
    "ForbiddenException": (403, "forbidden", INSUFFICIENT, 1),
    "InternalErrorException": (502, "upstream-error", {}, 2),
    "InvalidParameterException": (400, "invalid-request", {}, 1),
    "InvalidUserPoolConfigurationException": (500, "user-pool-misconfigured", {}, 1),
    "NotAuthorizedException": (401, "invalid-token", INVALID_TOKEN, 1),
    "OperationNotEnabledException": (500, "user-pool-misconfigured", {}, 1),
    "PasswordResetRequiredException": (403, "password-reset-required", INSUFFICIENT, 1),
    "ResourceNotFoundException": (404, "device-not-found", {}, 1),
    "TooManyRequestsException": (429, "too-many-requests", {"Retry-After": "1"}, 2),
    "UserNotConfirmedException": (403, "user-not-confirmed", INSUFFICIENT, 1),
    "UserNotFoundException": (401, "user-not-found", INVALID_TOKEN, 1),
}
# ListDevices names no device, so it is the user pool that Cognito did not find.
RESPONSES_OF_LIST = RESPONSES | {"ResourceNotFoundException": (500, "user-pool-misconfigured", {}, 1)}

# What botocore takes for throttling.
_BOTOCORE: Any = standard
_THROTTLING_CODES: list[str] = _BOTOCORE.ThrottledRetryableChecker()._throttled_error_codes  # noqa: SLF001 - has no public name
_THROTTLING_STATUSES: list[int] = _BOTOCORE.ThrottlingStatusCodeChecker()._throttling_status_codes  # noqa: SLF001


def _case(operation: str, name: str, status: int, slug: str, reply: Reply, attempts: int = 1, **headers: str) -> Case:
    event = load(EVENTS[operation], token=canaries.TOKEN)
    seconds = 8 if reply.send is stall else 3
    return Case(f"{operation}: {name}", status, slug, headers, event, (reply,), attempts, operation, seconds)


def _unusable(operation: str, name: str, reply: Reply, attempts: int = 1) -> Case:
    return _case(operation, name, 502, "upstream-error", reply, attempts)


def _broken(operation: str) -> list[Case]:
    """Return the failures that every operation can have."""
    return [
        _case(operation, "CanaryException", 502, "upstream-error", Reply.error("CanaryException", canaries.SECRETS)),
        _unusable(operation, "an error without a code", Reply.json({"message": canaries.SECRETS}, 400)),
        _unusable(operation, "an error that is not an object", Reply.json([canaries.SECRETS], 400)),
        _unusable(operation, "HTML 503", Reply(503, HTML, "text/html"), attempts=2),
        _unusable(operation, "a closed connection", Reply(send=drop), attempts=2),
        _case(operation, "no response", 504, "upstream-timeout", Reply(send=stall), attempts=2),
    ]


def _throttled(operation: str) -> list[Case]:
    """Return the throttling of an operation in all its forms. TooManyRequestsException is among the modelled ones."""
    replies = {
        **{code: Reply.error(code, canaries.SECRETS) for code in _THROTTLING_CODES if code not in RESPONSES},
        "a namespace before the code": Reply.error("com.amazonaws.cognito#ThrottlingException", canaries.SECRETS),
        "HTTP 503 with a code": Reply.error("SlowDown", canaries.SECRETS, 503),
    }
    for status in _THROTTLING_STATUSES:
        replies |= {
            f"HTTP {status} without a body": Reply(status),
            f"HTTP {status} with HTML": Reply(status, HTML, "text/html"),
            f"HTTP {status} with an unknown code": Reply.error("CanaryException", canaries.SECRETS, status),
        }
    return [
        _case(operation, name, 429, "too-many-requests", reply, 2, **{"Retry-After": "1"})
        for name, reply in replies.items()
    ]


def _unreadable(operation: str) -> list[Case]:
    """Return the unreadable responses to an operation that returns devices."""
    return [
        _unusable(operation, "an empty 200", Reply()),
        _unusable(operation, "broken JSON", Reply(200, b'{"Device": {"DeviceKey": "canary-')),
        _unusable(operation, "bytes that are not UTF-8", Reply(200, b"\xff\xfecanary")),
        _unusable(operation, "a list", Reply.json([canaries.SECRETS])),
        _unusable(operation, "no expected member", Reply.json({"Canary": canaries.SECRETS})),
    ]


_MALFORMED_DEVICES: dict[str, object] = {
    "null": None,
    "text": canaries.SECRETS,
    "no key": {name: value for name, value in DEVICE.items() if name != "DeviceKey"},
    "a key that is a number": DEVICE | {"DeviceKey": 5},
    "a key that is empty": DEVICE | {"DeviceKey": ""},
    "attributes that are text": DEVICE | {"DeviceAttributes": canaries.SECRETS},
    "an attribute's value that is a number": DEVICE | {"DeviceAttributes": [{"Name": "device_name", "Value": 5}]},
    "an attribute without a name": DEVICE | {"DeviceAttributes": [{"Value": canaries.SECRETS}]},
    "a date that is text": DEVICE | {"DeviceCreateDate": canaries.SECRETS},
    "a date out of range": DEVICE | {"DeviceCreateDate": 1e300},
}

MODELLED = [
    _case(
        operation,
        code,
        status,
        slug,
        Reply.error(code, canaries.SECRETS, 500 if slug == "upstream-error" else 400),
        attempts,
        **headers,
    )
    for operation in EVENTS
    for code, (status, slug, headers, attempts) in (
        RESPONSES_OF_LIST if operation == "ListDevices" else RESPONSES
    ).items()
]
# Not part of UPSTREAM: the backoffs would double the time of `make faults`, which has TooManyRequestsException.
THROTTLED = [case for operation in EVENTS for case in _throttled(operation)]
UPSTREAM = [
    *MODELLED,
    *(case for operation in EVENTS for case in _broken(operation)),
    *_unreadable("GetDevice"),
    *_unreadable("ListDevices"),
    *(_unusable("GetDevice", name, Reply.json({"Device": device})) for name, device in _MALFORMED_DEVICES.items()),
    *(
        _unusable("ListDevices", name, Reply.json({"Devices": [DEVICE, device]}))
        for name, device in _MALFORMED_DEVICES.items()
    ),
    _unusable("ListDevices", "devices that are text", Reply.json({"Devices": canaries.SECRETS})),
    _unusable("ListDevices", "devices that are null", Reply.json({"Devices": None})),
    _unusable("ListDevices", "a token that is a number", Reply.devices(DEVICE, PaginationToken=5)),
    _unusable("ListDevices", "a token that UTF-8 cannot encode", Reply.devices(DEVICE, PaginationToken="a\ud800")),
    _unusable("ListDevices", "more devices than a list page can have", Reply.devices(*[DEVICE] * 61)),
    _unusable("ForgetDevice", "an HTML document", Reply(200, HTML, "text/html")),
    _unusable("UpdateDeviceStatus", "an HTML document", Reply(200, HTML, "text/html")),
    *(_unusable(operation, "JSON null", Reply.json(None)) for operation in EVENTS if operation != "ForgetDevice"),
]
