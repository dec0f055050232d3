"""Who gets what from the emulator: this machine everything, its neighbours a user's device operations."""

import asyncio
from typing import Any

import pytest

from local.access import guarded
from local.asgi import Message, Receive, Scope, Send

PASSED: Message = {"type": "passed"}
COGNITO = "AWSCognitoIdentityProviderService."


def answers(scope: dict[str, Any]) -> list[Message]:
    """Return what is sent in answer to a connection."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(PASSED)

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    asyncio.run(guarded(app)(scope, receive, send))
    return sent


def request(server: str, target: str = "") -> dict[str, Any]:
    return {"type": "http", "server": (server, 4566), "headers": [(b"x-amz-target", target.encode())]}


def test_this_machine_gets_everything() -> None:
    assert answers(request("127.0.0.1")) == [PASSED]


@pytest.mark.parametrize("operation", ["GetDevice", "ListDevices", "ForgetDevice", "UpdateDeviceStatus"])
def test_neighbours_get_a_users_device_operations(operation: str) -> None:
    assert answers(request("172.17.0.1", COGNITO + operation)) == [PASSED]


@pytest.mark.parametrize(
    "target", ["", COGNITO + "AdminGetDevice", COGNITO + "ListUserPools", "GetDevice", "Lambda.Invoke"]
)
def test_neighbours_get_nothing_else(target: str) -> None:
    start, body = answers(request("172.17.0.1", target))

    assert start["status"] == 403
    assert b"AccessDeniedException" in body["body"]


def test_an_unknown_address_is_a_neighbours() -> None:
    (start, _) = answers({"type": "http", "server": None, "headers": []})

    assert start["status"] == 403


def test_neighbours_get_no_websocket_either() -> None:
    assert answers({"type": "websocket", "server": ("172.17.0.1", 4566), "headers": []}) == [
        {"type": "websocket.close", "code": 1008}
    ]


def test_the_lifespan_passes() -> None:
    assert answers({"type": "lifespan"}) == [PASSED]
