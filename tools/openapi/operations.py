"""The API's operations, described for Powertools, which makes an OpenAPI document of them."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from devices.models import Device, DeviceList
from devices.parameters import (
    CURRENT,
    DEVICE,
    DEVICE_KEY,
    DEVICES,
    MAX_DEVICE_KEY_LENGTH,
    Limit,
    NextToken,
    StatusChange,
)
from tools.openapi.answers import failures, headers

_DEVICE = {
    "deviceKey": "us-west-2_a1b2c3d4-5678-90ab-cdef-0123456789ab",
    "name": "Dart-device",
    "status": "valid",
    "lastIpUsed": "192.0.2.0/24",
    "current": True,
    "createdAt": "2024-05-07T16:52:22.022Z",
    "lastModifiedAt": "2024-08-09T20:00:51.167Z",
    "lastAuthenticatedAt": "2024-05-07T16:52:22.000Z",
}

# Not `type`: Powertools would lose the description.
DeviceKey = Annotated[
    str,
    Path(
        description=f"The device's key, or `{CURRENT}` for the device that the access token was issued to.",
        pattern=f"^(?:{DEVICE_KEY}|{CURRENT})$",
        min_length=1,
        max_length=MAX_DEVICE_KEY_LENGTH,
        openapi_examples={
            "key": {"summary": "One device", "value": _DEVICE["deviceKey"]},
            CURRENT: {"summary": "This device", "value": CURRENT},
        },
    ),
]

# What a page of devices leads to: the first of them, and the next page.
_LINKS: dict[str, Any] = {
    operation: {
        "description": "For each device of the page.",
        "operationId": operation,
        "parameters": {"deviceKey": "$response.body#/devices/0/deviceKey"},
    }
    for operation in ("getDevice", "updateDevice", "forgetDevice")
} | {
    "nextPage": {
        "description": "Unless nextToken is null.",
        "operationId": "listDevices",
        "parameters": {"nextToken": "$response.body#/nextToken"},
    }
}

app = APIGatewayRestResolver()
_DEVICE_RULE = DEVICE.replace("{", "<").replace("}", ">")  # as Powertools writes it
_ABSENT: Any = None


def _success(description: str, model: type, example: object) -> OpenAPIResponse:
    content: Any = {"model": model, "examples": {"success": {"value": example}}}
    return {"description": description, "headers": headers(), "content": {"application/json": content}}


def _done(description: str) -> OpenAPIResponse:
    return {"description": description, "headers": headers(), "content": {}}


@app.get(
    DEVICES,
    operation_id="listDevices",
    summary="List the user's devices",
    description="A page of the user's remembered devices. Repeat with `nextToken` until it is null.",
    responses={
        200: _success("A page of devices.", DeviceList, {"devices": [_DEVICE], "nextToken": None}) | {"links": _LINKS},
        **failures(),
    },
)
def list_devices(
    limit: Annotated[
        Limit,
        Query(
            description="Most devices of the page; without it, as many as Cognito gives.",
            openapi_examples={"twenty": {"value": 20}},
        ),
    ] = _ABSENT,
    nextToken: Annotated[
        NextToken,
        Query(
            description="The `nextToken` of the page before.", openapi_examples={"a token": {"value": "CAISlAIQPBoK"}}
        ),
    ] = _ABSENT,
) -> None: ...


@app.get(
    _DEVICE_RULE,
    operation_id="getDevice",
    summary="Get a device",
    description="One remembered device of the user.",
    responses={200: _success("The device.", Device, _DEVICE), **failures()},
)
def get_device(deviceKey: DeviceKey) -> None: ...


@app.patch(
    _DEVICE_RULE,
    operation_id="updateDevice",
    summary="Remember a device, or remember it no longer",
    description="A device that is no longer remembered is no longer found or listed, but can be remembered again.",
    responses={204: _done("Done; the next request shows it."), **failures()},
)
def update_device(
    deviceKey: DeviceKey,
    change: Annotated[
        StatusChange,
        Body(
            description="What is to change.",
            openapi_examples={
                "remember": {"value": {"remembered": True}},
                "do not": {"value": {"remembered": False}},
            },
        ),
    ],
) -> None: ...


@app.delete(
    _DEVICE_RULE,
    operation_id="forgetDevice",
    summary="Forget a device",
    description=(
        "The device is gone for good; it counts as a new one when it signs in again. 404 says that it is gone as well: "
        "Cognito may have forgotten it at a first attempt that was not answered in time."
    ),
    responses={204: _done("Done; the device is gone."), **failures()},
)
def forget_device(deviceKey: DeviceKey) -> None: ...
