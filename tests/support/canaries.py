"""Secret values that a search can find in a response, a log or a trace.

Each contains the word `canary`, except the IP address and the account ID.
"""

import json
from collections.abc import Collection
from typing import Any

from tests.support import fake_cognito
from tests.support.fake_cognito import SAMPLE, Reply
from tests.support.tokens import access_token

IP = "203.0.113.77"
# The user pool's account. Powertools logs the function's ARN, whose account may differ.
ACCOUNT = "999900001111"
TOKEN = access_token({"username": "canary-user", "sub": "canary-sub"}, signature="canary-signature")
SECRETS = f"canary-message about canary-user of {ACCOUNT} at {IP}"
PLAIN = ("canary", IP, ACCOUNT, TOKEN.split(".")[1].lower())
# The headers by which a browser and API Gateway describe the user.
FORWARDED = {"X-Forwarded-For": IP, "User-Agent": "canary-browser", "Referer": "https://canary.example"}
# A device as the Admin operations return it.
DEVICE: dict[str, Any] = SAMPLE | {
    "DeviceAttributes": [
        {"Name": "device_name", "Value": "canary-name"},
        {"Name": "last_ip_used", "Value": IP},
        {"Name": "dev:device_arn", "Value": f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:owner/canary-user.canary-sub"},
        {"Name": "dev:device_owner", "Value": "canary-user"},
    ]
}

# Cognito's responses with that device.
SUCCESSES = fake_cognito.SUCCESSES | {
    "GetDevice": Reply.device(**DEVICE),
    "ListDevices": Reply.devices(DEVICE, PaginationToken="canary-position"),
}


def marked(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event with canaries wherever API Gateway describes the user: context, claims, forwarded headers."""
    context = event["requestContext"]
    identity = context["identity"] | {"sourceIp": IP, "userAgent": "canary-browser"}
    claims = {"sub": "canary-sub", "username": "canary-user", "device_key": "canary-key", "jti": "canary-id"}
    context = context | {"accountId": ACCOUNT, "authorizer": {"claims": claims}, "identity": identity}
    return event | {
        "requestContext": context,
        "headers": event["headers"] | FORWARDED,
        "multiValueHeaders": event["multiValueHeaders"] | {name: [value] for name, value in FORWARDED.items()},
    }


def found(written: str, event: dict[str, Any]) -> list[str]:
    """Return the canaries and the parts of the event's token that a text contains, in upper or lower case."""
    # The header of a JWT is the same for every user. Payload and signature are the user's.
    authorization = event["headers"].get("Authorization", "")
    token = [part for part in (authorization, *authorization.split(".")[1:]) if part]
    text = written.lower()
    return [each for each in [*PLAIN, *token] if each.lower() in text]


def without_shown(body: str, names: Collection[str]) -> str:
    """Check that each device in a body shows one of these names and its network; return the rest of the body.

    Of the canaries, the browser may see only the name and the network.
    """
    parsed = json.loads(body)
    for device in parsed.get("devices", [parsed]):
        assert device.pop("name") in names
        assert device.pop("lastIpUsed") == "203.0.113.0/24"
    return json.dumps(parsed)
