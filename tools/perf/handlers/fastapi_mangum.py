"""The variant `FastAPI + Mangum` of `make bench`: the same endpoint, with boto3."""

from typing import Annotated

import boto3
from fastapi import FastAPI, Header
from mangum import Mangum
from pydantic import BaseModel
from view import view_of


class Device(BaseModel):
    """A device as sent to the browser."""

    deviceKey: str  # noqa: N815 - named as in the JSON
    name: str | None
    status: str | None
    lastIpUsed: str | None  # noqa: N815
    current: bool
    createdAt: str | None  # noqa: N815
    lastModifiedAt: str | None  # noqa: N815
    lastAuthenticatedAt: str | None  # noqa: N815


app = FastAPI()
cognito = boto3.client("cognito-idp")


@app.get("/devices/{device_key}")
def get_device(device_key: str, authorization: Annotated[str, Header()]) -> Device:
    """Return one remembered device of the caller."""
    token = authorization.removeprefix("Bearer ")
    found = cognito.get_device(AccessToken=token, DeviceKey=device_key)
    return Device.model_validate(view_of(dict(found["Device"]), token))


handler = Mangum(app, lifespan="off")
