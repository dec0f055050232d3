"""The sample events of `events/`, with their placeholders filled."""

import json
from pathlib import Path
from typing import Any

from tests.support.tokens import DEVICE_KEY, access_token

ALLOWED_ORIGIN = "https://app.example.com"
_EVENTS = Path(__file__).parents[2] / "events"


def load(
    name: str, *, token: str | None = None, device_key: str = DEVICE_KEY, origin: str = ALLOWED_ORIGIN
) -> dict[str, Any]:
    """Return the API Gateway event `events/{name}.json`."""
    text = (_EVENTS / f"{name}.json").read_text(encoding="utf-8")
    fillings = {
        "ACCESS_TOKEN": token or access_token(),
        "us-east-1_DEVICE_KEY": device_key,
        "http://localhost:8000": origin,
    }
    for placeholder, value in fillings.items():
        text = text.replace(placeholder, json.dumps(value)[1:-1])
    event: dict[str, Any] = json.loads(text)
    return event


def with_authorization(*values: str) -> dict[str, Any]:
    """Return a request for a device with these Authorization headers, as API Gateway gives repeated ones."""
    event = load("missing_token")
    if values:
        event["headers"]["Authorization"] = values[-1]
        event["multiValueHeaders"]["Authorization"] = list(values)
    return event
