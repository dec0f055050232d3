"""The emulator serves everything at 127.0.0.1, and elsewhere only the operations that the function calls."""

import asyncio
from typing import Any

import pytest

from devices import cognito
from devices.cognito_transport import Operation
from local.access import ALLOWED, guarded
from local.asgi import Message, Receive, Scope, Send

PASSED: Message = {"type": "passed"}
COGNITO = "AWSCognitoIdentityProviderService."


def responses(scope: dict[str, Any]) -> list[Message]:
    """Return the messages that a connection gets."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(PASSED)

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("the guard must not read the request")

    asyncio.run(guarded(app)(scope, receive, send))
    return sent


def request(server: str, target: str = "") -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "server": (server, 4566),
        "headers": [(b"x-amz-target", target.encode())],
    }


def test_neighbours_may_call_the_operations_that_the_function_calls() -> None:
    assert {value.name for value in vars(cognito).values() if isinstance(value, Operation)} == ALLOWED


def test_this_machine_may_call_everything() -> None:
    assert responses(request("127.0.0.1")) == [PASSED]


@pytest.mark.parametrize("operation", ["GetDevice", "ListDevices", "ForgetDevice", "UpdateDeviceStatus"])
def test_neighbours_may_call_a_users_device_operations(operation: str) -> None:
    assert responses(request("172.17.0.1", COGNITO + operation)) == [PASSED]


@pytest.mark.parametrize(
    "target", ["", COGNITO + "AdminGetDevice", COGNITO + "ListUserPools", "GetDevice", "Lambda.Invoke"]
)
def test_neighbours_may_call_nothing_else(target: str) -> None:
    start, body = responses(request("172.17.0.1", target))

    assert start["status"] == 403
    assert b"AccessDeniedException" in body["body"]


@pytest.mark.parametrize(
    "other",
    [
        {"method": "GET"},
        {"path": "/_ministack/reset", "raw_path": b"/_ministack/reset"},
        {"path": "//", "raw_path": b"//"},
        {"path": "/", "raw_path": b"%2f"},
        {"path": "http://127.0.0.1/", "raw_path": b"http://127.0.0.1/"},
        {"query_string": b"Action=CreateRole"},
        {"headers": [(b"x-amz-target", f"{COGNITO}ListDevices".encode()), (b"x-amz-target", b"Lambda.Invoke")]},
    ],
)
def test_neighbours_may_send_only_the_request_of_an_operation(other: dict[str, Any]) -> None:
    (start, _) = responses(request("172.17.0.1", COGNITO + "ListDevices") | other)

    assert start["status"] == 403


def test_a_request_at_an_unknown_address_is_treated_as_a_neighbours() -> None:
    (start, _) = responses({"type": "http", "server": None, "headers": []})

    assert start["status"] == 403


def test_neighbours_may_not_open_a_websocket() -> None:
    assert responses({"type": "websocket", "server": ("172.17.0.1", 4566), "headers": []}) == [
        {"type": "websocket.close", "code": 1008}
    ]


def test_lifespan_events_pass() -> None:
    assert responses({"type": "lifespan"}) == [PASSED]
