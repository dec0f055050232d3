"""The deployed API over HTTP: listing and changing the devices of a user."""

from collections.abc import Callable

import httpx
import pytest

from tests.support.pages import listed, pages
from tests.support.users import User


def keys(api: httpx.Client, bearer: dict[str, str]) -> list[str]:
    return [device["deviceKey"] for device in listed(api, bearer)]


def test_the_list_pages_together_have_all_devices(api: httpx.Client, user: Callable[..., User]) -> None:
    owner = user("a", "b", "c", "d", "e")

    listed = [[device["deviceKey"] for device in devices] for devices in pages(api, owner.bearer, limit=2)]

    assert listed == [owner.keys[:2], owner.keys[2:4], owner.keys[4:]]


def test_the_list_and_a_single_request_show_the_same_device(api: httpx.Client, user: Callable[..., User]) -> None:
    owner = user("Phone", "Laptop")

    listed = api.get("/devices", headers=owner.bearer).json()

    assert listed == {
        "devices": [api.get(f"/devices/{key}", headers=owner.bearer).json() for key in owner.keys],
        "nextToken": None,
    }
    assert [device["current"] for device in listed["devices"]] == [False, True]


def test_a_user_without_devices_has_an_empty_list(api: httpx.Client, user: Callable[..., User]) -> None:
    response = api.get("/devices", headers=user().bearer)

    assert (response.status_code, response.json()) == (200, {"devices": [], "nextToken": None})


@pytest.mark.parametrize("current", [False, True])
def test_the_next_request_shows_a_change(api: httpx.Client, user: Callable[..., User], current: bool) -> None:  # noqa: FBT001 - a table
    # Given
    owner = user("Phone", "Laptop")
    bearer, (first, last) = owner.bearer, owner.keys
    key, other = (last, first) if current else (first, last)
    path = "/devices/current" if current else f"/devices/{key}"

    def seen() -> tuple[int, list[str]]:
        return api.get(path, headers=bearer).status_code, keys(api, bearer)

    # Then the next request shows each change
    for remembered, expected in [(False, (404, [other])), (True, (200, [first, last])), (False, (404, [other]))]:
        assert api.patch(path, headers=bearer, json={"remembered": remembered}).status_code == 204
        assert seen() == expected
    response = api.delete(path, headers=bearer)
    assert (response.status_code, response.content) == (204, b"")
    assert seen() == (404, [other])
    # And a forgotten device cannot be remembered
    assert api.patch(path, headers=bearer, json={"remembered": True}).status_code == 404
    assert api.delete(path, headers=bearer).status_code == 404


def test_a_user_cannot_change_the_device_of_another_user(api: httpx.Client, user: Callable[..., User]) -> None:
    owner, stranger = user("Phone"), user("Laptop")
    (key,) = owner.keys

    responses = [
        api.get(f"/devices/{key}", headers=stranger.bearer),
        api.patch(f"/devices/{key}", headers=stranger.bearer, json={"remembered": False}),
        api.delete(f"/devices/{key}", headers=stranger.bearer),
    ]

    assert [response.status_code for response in responses] == [404, 404, 404]
    assert keys(api, owner.bearer) == [key]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/devices"), ("GET", "/devices/current"), ("PATCH", "/devices/current"), ("DELETE", "/devices/current")],
)
def test_every_operation_needs_a_token(api: httpx.Client, method: str, path: str) -> None:
    response = api.request(method, path)

    assert (response.status_code, response.json()["type"]) == (401, "urn:problem-type:invalid-token")
