"""What must not be recorded or shown: values for it that can be searched for, in each place where it can be.

Each holds the word `canary`, but for the address and the account's id.
"""

from typing import Any

from tests.support import fake_cognito
from tests.support.fake_cognito import SAMPLE, Reply
from tests.support.tokens import access_token

IP = "203.0.113.77"
# That of the user pool. The function's own, which may be another, is in the ARN that Powertools logs.
ACCOUNT = "999900001111"
TOKEN = access_token({"username": "canary-user", "sub": "canary-sub"}, signature="canary-signature")
SECRETS = f"canary-message about canary-user of {ACCOUNT} at {IP}"
PLAIN = ("canary", IP, ACCOUNT, TOKEN.split(".")[1].lower())
# What a browser and API Gateway tell of the user.
FORWARDED = {"X-Forwarded-For": IP, "User-Agent": "canary-browser", "Referer": "https://canary.example"}
# A device as the Admin operations give it.
DEVICE: dict[str, Any] = SAMPLE | {
    "DeviceAttributes": [
        {"Name": "device_name", "Value": "canary-name"},
        {"Name": "last_ip_used", "Value": IP},
        {"Name": "dev:device_arn", "Value": f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:owner/canary-user.canary-sub"},
        {"Name": "dev:device_owner", "Value": "canary-user"},
    ]
}

# What Cognito answers with such a device.
SUCCESSES = fake_cognito.SUCCESSES | {
    "GetDevice": Reply.device(**DEVICE),
    "ListDevices": Reply.devices(DEVICE, PaginationToken="canary-position"),
}


def marked(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event with canaries wherever API Gateway tells of the user: context, claims, forwarded headers."""
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
    """Return what of the canaries, and of the event's own token, was written, in upper or lower case."""
    # The header of a JWT is everybody's; payload and signature are the user's.
    authorization = event["headers"].get("Authorization", "")
    token = [part for part in (authorization, *authorization.split(".")[1:]) if part]
    text = written.lower()
    return [each for each in [*PLAIN, *token] if each.lower() in text]
