"""The operations, declared for Powertools, which generates the OpenAPI document from them.

Only declared: a test compares them with the function's own routes.
"""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic.alias_generators import to_camel

from devices.inputs import (
    CURRENT,
    DEVICE_KEY_PATTERN,
    DEVICE_PATH,
    DEVICES_PATH,
    MAX_DEVICE_KEY_LENGTH,
    Limit,
    NextToken,
    StatusChange,
)
from devices.models import Device, DeviceList
from tools.openapi.headers import headers
from tools.openapi.responses import failures

# The first example of each field; `current` is true or false, and has none.
_DEVICE = {to_camel(name): (field.examples or [True])[0] for name, field in Device.model_fields.items()}

# Not a `type` statement: Powertools does not find the description in one.
DeviceKey = Annotated[
    str,
    Path(
        description=f"The device's key, or `{CURRENT}` for the device that the access token was issued to.",
        pattern=f"^(?:{DEVICE_KEY_PATTERN}|{CURRENT})$",
        min_length=1,
        max_length=MAX_DEVICE_KEY_LENGTH,
        openapi_examples={
            "key": {"summary": "One device", "value": _DEVICE["deviceKey"]},
            CURRENT: {"summary": "This device", "value": CURRENT},
        },
    ),
]

# From a page of the list to its devices, and to the next page.
_LINKS: dict[str, Any] = {
    operation: {
        "description": "The first device of the list page; the others work the same way.",
        "operationId": operation,
        "parameters": {"deviceKey": "$response.body#/devices/0/deviceKey"},
    }
    for operation in ("getDevice", "updateDevice", "forgetDevice")
} | {
    "nextPage": {
        "description": "The next list page, unless `nextToken` is null.",
        "operationId": "listDevices",
        "parameters": {"nextToken": "$response.body#/nextToken"},
    }
}

app = APIGatewayRestResolver()
_DEVICE_RULE = DEVICE_PATH.replace("{", "<").replace("}", ">")  # Powertools' notation
_ABSENT: Any = None


def _success(description: str, model: type, example: object) -> OpenAPIResponse:
    content: Any = {"model": model, "examples": {"success": {"value": example}}}
    return {"description": description, "headers": headers(), "content": {"application/json": content}}


def _done(description: str) -> OpenAPIResponse:
    return {"description": description, "headers": headers(), "content": {}}


@app.get(
    DEVICES_PATH,
    operation_id="listDevices",
    summary="List the user's devices",
    description="Returns one page of the user's remembered devices. Send its `nextToken` until that is null.",
    responses={
        200: _success("One list page.", DeviceList, {"devices": [_DEVICE], "nextToken": None}) | {"links": _LINKS},
        **failures(),
    },
)
def list_devices(
    limit: Annotated[
        Limit,
        Query(
            description="The most devices to return. Cognito chooses if it is missing.",
            openapi_examples={"twenty": {"value": 20}},
        ),
    ] = _ABSENT,
    nextToken: Annotated[
        NextToken,
        Query(
            description="The `nextToken` of the previous list page.",
            openapi_examples={"a token": {"value": "CAISlAIQPBoK"}},
        ),
    ] = _ABSENT,
) -> None: ...


@app.get(
    _DEVICE_RULE,
    operation_id="getDevice",
    summary="Get a device",
    description="Returns one remembered device of the user.",
    responses={200: _success("The device.", Device, _DEVICE), **failures()},
)
def get_device(deviceKey: DeviceKey) -> None: ...


@app.patch(
    _DEVICE_RULE,
    operation_id="updateDevice",
    summary="Remember a device, or stop remembering it",
    description=(
        "A device that is not remembered is missing from the list, and reading it returns 404. It can be remembered "
        "again."
    ),
    responses={204: _done("Done. The next request sees the change."), **failures()},
)
def update_device(
    deviceKey: DeviceKey,
    change: Annotated[
        StatusChange,
        Body(
            description="The new status.",
            openapi_examples={
                "remember": {"value": {"remembered": True}},
                "stop remembering": {"value": {"remembered": False}},
            },
        ),
    ],
) -> None: ...


@app.delete(
    _DEVICE_RULE,
    operation_id="forgetDevice",
    summary="Forget a device",
    description=(
        "Deletes the device for good: Cognito treats it as new when it signs in again. 404 also means that the device "
        "is gone, because Cognito may have forgotten it in an attempt whose response came too late."
    ),
    responses={204: _done("Done. The device is gone."), **failures()},
)
def forget_device(deviceKey: DeviceKey) -> None: ...
