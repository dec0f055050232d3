"""The event that is sent: a user reads the device that the user's access token was issued to."""

import base64
import json
from http import HTTPStatus
from typing import Any

from local.events import User, filled
from local.sam_cli import PROJECT
from tools.perf.cognito import DEVICE_KEY

# The members of the response that every variant must return for the device of tools/perf/cognito.py. More are fine, so
# a new field of the API's device needs no change here or in the handlers of the other variants.
EXPECTED = {
    "deviceKey": DEVICE_KEY,
    "name": "Firefox on Linux",
    "status": "valid",
    "lastIpUsed": "192.0.2.0/24",
    "current": True,
    "createdAt": "2024-05-07T16:52:22.022Z",
    "lastModifiedAt": "2024-08-09T20:00:51.167Z",
    "lastAuthenticatedAt": "2024-05-07T16:52:22.000Z",
}


def event(user: str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", device_key: str = DEVICE_KEY) -> bytes:
    """Return the event of a user's GET for a device key; the user's token was issued to that device."""
    claims = {
        "sub": user,
        "device_key": device_key,
        "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE",
        "client_id": "1example23456789",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "exp": 4070908800,  # in 2099
        "username": user,
    }
    token = f"{_part({'alg': 'RS256'})}.{_part(claims)}.{'c2lnbmF0dXJl' * 28}"
    text = (PROJECT / "events/get_device.json").read_text()
    return json.dumps(json.loads(filled(text, User(token, device_key)))).encode()


def is_right(response: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Return whether a function's response is 200, and its JSON has all members of `expected`; it may have more."""
    if response.get("statusCode") != HTTPStatus.OK:
        return False
    body = json.loads(response["body"])
    return isinstance(body, dict) and expected.items() <= body.items()


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


EVENT = event()
