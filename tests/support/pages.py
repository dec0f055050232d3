"""Reading the API's list of devices."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx


def pages(api: httpx.Client, bearer: Mapping[str, str], **query: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the devices of each page of the list, from the first page to the last."""
    token: str | None = ""
    while token is not None:
        given = query | ({"nextToken": token} if token else {})
        answer = api.get("/devices", headers=bearer, params=given)
        assert answer.status_code == 200, answer.text
        yield answer.json()["devices"]
        token = answer.json()["nextToken"]


def listed(api: httpx.Client, bearer: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the devices of all pages."""
    return [device for devices in pages(api, bearer) for device in devices]
