"""The sample events of `events/`, with their placeholders filled."""

import json
from pathlib import Path
from typing import Any

from local.events import User, filled
from tests.support.tokens import DEVICE_KEY, access_token

ALLOWED_ORIGIN = "https://app.example.com"
# What monitoring in browsers adds to every request.
MONITORING_HEADERS = [
    "X-Amzn-Trace-Id",
    "X-Request-Id",
    "X-Requested-With",
    "baggage",
    "sentry-trace",
    "traceparent",
    "tracestate",
]
# The headers of Access-Control-Allow-Headers, Powertools' own among them.
ALLOWED_HEADERS = sorted(
    [*MONITORING_HEADERS, "Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key"]
)
EVENTS = Path(__file__).parents[2] / "events"
# The response of the contract to each file: the status, and the problem's slug.
RESPONSES: dict[str, tuple[int, str | None]] = {
    "expired_token": (401, "invalid-token"),
    "forget_device": (204, None),
    "get_current_device": (200, None),
    "get_device": (200, None),
    "id_token": (401, "invalid-token"),
    "list_devices": (200, None),
    "malformed_body": (400, "invalid-request"),
    "malformed_device_key": (400, "invalid-request"),
    "malformed_limit": (400, "invalid-request"),
    "malformed_token": (401, "invalid-token"),
    "method_not_allowed": (405, "method-not-allowed"),
    "missing_scope": (403, "insufficient-scope"),
    "missing_token": (401, "missing-token"),
    "preflight": (204, None),
    "preflight_change": (204, None),
    "preflight_list": (204, None),
    "remember_device": (204, None),
    "unknown_device": (404, "device-not-found"),
    "unknown_route": (404, "not-found"),
}


def load(
    name: str, *, token: str | None = None, device_key: str = DEVICE_KEY, origin: str = ALLOWED_ORIGIN
) -> dict[str, Any]:
    """Return the API Gateway event `events/{name}.json`."""
    text = (EVENTS / f"{name}.json").read_text(encoding="utf-8")
    text = filled(text, User(token or access_token(), device_key)).replace("http://localhost:8000", origin)
    event: dict[str, Any] = json.loads(text)
    return event


def with_authorization(*values: str) -> dict[str, Any]:
    """Return a request for a device with these Authorization headers, in the form of API Gateway."""
    event = load("missing_token")
    if values:
        event["headers"]["Authorization"] = values[-1]
        event["multiValueHeaders"]["Authorization"] = list(values)
    return event
