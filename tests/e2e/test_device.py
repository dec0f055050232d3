"""The deployed API over HTTP: the devices of the demo user."""

import json
import shlex
from typing import Any

import httpx

from tests.support.local_cloud import PROJECT

SCHEMAS = json.loads((PROJECT / "docs/openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
KEYS = set(SCHEMAS["Device"]["properties"])


def test_the_current_device_is_that_of_the_token(
    api: httpx.Client, bearer: dict[str, str], session: dict[str, Any]
) -> None:
    response = api.get(f"/devices/{session['device_keys'][0]}", headers=bearer)

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    device = response.json()
    assert set(device) == KEYS
    assert device["name"] == "Chrome on Windows"
    assert device["lastIpUsed"] == "2001:db8:85a3::/48"
    assert device["current"] is True
    assert api.get("/devices/current", headers=bearer).json() == device


def test_each_remembered_device_of_the_demo_user_is_found(
    api: httpx.Client, bearer: dict[str, str], session: dict[str, Any]
) -> None:
    devices = [api.get(f"/devices/{key}", headers=bearer).json() for key in session["device_keys"]]

    assert [(each["name"], each["lastIpUsed"], each["current"]) for each in devices[:3]] == [
        ("Chrome on Windows", "2001:db8:85a3::/48", True),
        ("花子のスマートフォン 📱", "198.51.100.0/24", False),
        ("Firefox on Linux", "192.0.2.0/24", False),
    ]
    assert None in {each["name"] for each in devices}
    seen = [each["lastAuthenticatedAt"] for each in devices]
    assert seen == sorted(seen, reverse=True)


def test_the_printed_curl_command_returns_the_device(session: dict[str, Any]) -> None:
    # Given the command as a shell reads it, which joins lines at a backslash
    shown: str = session["shown"].replace("\\\n", "")
    curl, silent, option, header, url = shlex.split(shown[shown.index("curl ") : shown.index("\n\nThe token")])
    assert (curl, silent, option) == ("curl", "-s", "-H")

    # When httpx sends the same request, because curl may not be installed
    response = httpx.get(url, headers=dict([header.split(": ", 1)]), trust_env=False)

    # Then
    assert response.status_code == 200
    assert response.json()["deviceKey"] == session["device_keys"][0]


def test_a_key_that_cognito_would_not_issue_is_not_found(api: httpx.Client, bearer: dict[str, str]) -> None:
    response = api.get("/devices/us-east-1_unknown", headers=bearer)

    assert (response.status_code, response.json()["type"]) == (404, "urn:problem-type:device-not-found")
