"""A user's devices."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.local_cloud import PROJECT
from tests.support.pages import listed, pages
from tests.support.people import SignedIn
from tests.support.responses import COMMON, EXPOSED, assert_response
from tests.support.user_pools import attributes
from tests.support.users import User
from tools.verify.stack import Stack

SCHEMAS = json.loads((PROJECT / "docs/openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
PREFIX_LENGTHS = {"masked": ("/24", "/48"), "full": ("",), "hidden": ("None",)}


def known_to_cognito(cognito: Any, token: str, key: str) -> dict[str, str]:
    """Return a device's attributes, as Cognito itself gives them."""
    return attributes(cognito.get_device(AccessToken=token, DeviceKey=key)["Device"])


def in_cognito(sign_in: SignedIn) -> tuple[int, bool]:
    """Return whether Cognito itself finds the device, as the API's status, and whether it lists it."""
    cognito, token, key = sign_in.person.cognito, sign_in.token, sign_in.device_key
    try:
        cognito.get_device(AccessToken=token, DeviceKey=key)
        status = 200
    except cognito.exceptions.ResourceNotFoundException:
        status = 404
    return status, key in [each["DeviceKey"] for each in cognito.list_devices(AccessToken=token)["Devices"]]


def keys(api: httpx.Client, bearer: dict[str, str]) -> list[str]:
    return [device["deviceKey"] for device in listed(api, bearer)]


def test_a_list_page_has_the_headers_and_members_of_the_contract(
    page: httpx.Client, origin: str, bearer: dict[str, str]
) -> None:
    response = page.get("/devices", headers=bearer, params={"limit": 1})

    cors = {"access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED, "vary": "Origin"}
    assert_response(response, 200, {"content-type": "application/json", **COMMON, **cors})
    assert set(response.json()) == set(SCHEMAS["DeviceList"]["properties"])
    for device in response.json()["devices"]:
        assert set(device) == set(SCHEMAS["Device"]["properties"])


def test_the_device_of_a_sign_in_is_the_current_one(api: httpx.Client, stack: Stack, signed_in: SignedIn) -> None:
    response = api.get("/devices/current", headers=signed_in.bearer)

    assert_response(response, 200, {"content-type": "application/json"})
    device = response.json()
    assert (device["deviceKey"], device["name"], device["current"]) == (signed_in.device_key, "Phone", True)
    visibility = stack.parameters["LastIpVisibility"]
    if "last_ip_used" in known_to_cognito(signed_in.person.cognito, signed_in.token, signed_in.device_key):
        fits = str(device["lastIpUsed"]).endswith(PREFIX_LENGTHS[visibility])
        assert fits, f"the address is {device['lastIpUsed']}, which is not {visibility}"
    else:
        assert device["lastIpUsed"] is None
    assert api.get(f"/devices/{signed_in.device_key}", headers=signed_in.bearer).json() == device
    assert device in listed(api, signed_in.bearer)


def test_the_list_pages_together_have_all_devices(api: httpx.Client, user: Callable[..., User]) -> None:
    owner = user("a", "b", "c", "d", "e")

    listed = [[device["deviceKey"] for device in devices] for devices in pages(api, owner.bearer, limit=2)]

    assert all(len(devices) <= 2 for devices in listed), [len(devices) for devices in listed]
    assert sorted(key for devices in listed for key in devices) == sorted(owner.keys)


def test_the_list_and_a_single_request_show_the_same_device(api: httpx.Client, user: Callable[..., User]) -> None:
    owner = user("Phone", "Laptop")

    devices = {device["deviceKey"]: device for device in listed(api, owner.bearer)}

    assert devices == {key: api.get(f"/devices/{key}", headers=owner.bearer).json() for key in owner.keys}
    assert [devices[key]["current"] for key in owner.keys] == [False, True]


def test_a_user_without_devices_has_an_empty_list(api: httpx.Client, user: Callable[..., User]) -> None:
    response = api.get("/devices", headers=user().bearer)

    assert (response.status_code, response.json()) == (200, {"devices": [], "nextToken": None})


def test_a_device_may_have_no_name(api: httpx.Client, user: Callable[..., User]) -> None:
    owner = user(None)

    named = known_to_cognito(owner.cognito, owner.token, owner.keys[0]).get("device_name")

    if named is not None:
        pytest.skip(f"Amazon Cognito itself names the device {named}")
    assert api.get("/devices/current", headers=owner.bearer).json()["name"] is None


@pytest.mark.parametrize("path", ["/devices/current", "/devices/KEY"], ids=["as current", "by its key"])
def test_the_next_request_shows_a_change_of_the_device(api: httpx.Client, signed_in: SignedIn, path: str) -> None:
    # Given
    bearer, key = signed_in.bearer, signed_in.device_key
    path = path.replace("KEY", key)

    def seen() -> tuple[int, bool]:
        return api.get(path, headers=bearer).status_code, key in keys(api, bearer)

    # Then the next request shows each change
    for remembered, expected in [(False, (404, False)), (True, (200, True)), (False, (404, False))]:
        assert_response(api.patch(path, headers=bearer, json={"remembered": remembered}), 204, COMMON)
        found = seen()
        if found != expected and found == in_cognito(signed_in):
            pytest.skip(f"after remembered={remembered}, Amazon Cognito itself answers {found}, not {expected}")
        assert found == expected, f"after remembered={remembered}: status and listed are {found}, not {expected}"
    response = api.delete(path, headers=bearer)
    assert_response(response, 204, COMMON)
    assert response.content == b""
    assert seen() == (404, False)
    # And a forgotten device cannot be remembered
    assert_response(api.patch(path, headers=bearer, json={"remembered": True}), 404, {})
    assert_response(api.delete(path, headers=bearer), 404, {})


def test_a_change_does_not_touch_another_device(api: httpx.Client, user: Callable[..., User]) -> None:
    owner = user("Phone", "Laptop")
    phone, laptop = owner.keys

    assert_response(api.delete(f"/devices/{phone}", headers=owner.bearer), 204, {})

    assert keys(api, owner.bearer) == [laptop]


def test_a_device_that_cognito_forgets_is_not_found(api: httpx.Client, signed_in: SignedIn) -> None:
    signed_in.person.cognito.forget_device(AccessToken=signed_in.token, DeviceKey=signed_in.device_key)

    assert_response(api.get(f"/devices/{signed_in.device_key}", headers=signed_in.bearer), 404, {})


def test_a_user_cannot_see_or_change_the_device_of_another_user(api: httpx.Client, user: Callable[..., User]) -> None:
    owner, stranger = user("Phone"), user("Laptop")
    (key,) = owner.keys

    responses = [
        api.get(f"/devices/{key}", headers=stranger.bearer),
        api.patch(f"/devices/{key}", headers=stranger.bearer, json={"remembered": False}),
        api.delete(f"/devices/{key}", headers=stranger.bearer),
    ]

    assert [response.status_code for response in responses] == [404, 404, 404]
    assert keys(api, owner.bearer) == [key]
