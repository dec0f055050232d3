"""Reads the device list from the API."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx


def pages(api: httpx.Client, bearer: Mapping[str, str], **query: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the devices of each list page, from the first to the last."""
    token: str | None = ""
    while token is not None:
        parameters = query | ({"nextToken": token} if token else {})
        response = api.get("/devices", headers=bearer, params=parameters)
        assert response.status_code == 200, response.text
        yield response.json()["devices"]
        token = response.json()["nextToken"]


def listed(api: httpx.Client, bearer: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the devices of all list pages."""
    return [device for devices in pages(api, bearer) for device in devices]
