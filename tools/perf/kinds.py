"""The kinds of events that `make load` sends, the status that each must get, and their order."""

import json
import random
from collections.abc import Sequence
from typing import Any

from tools.perf import cognito_quotas
from tools.perf.event import event

DEVICE = "a device"
# Kind -> the status of its response, and how many of a thousand events are of this kind. The last three are few,
# because the function retries them, and waits up to a second before it does when Cognito throttles.
MIXED: dict[str, tuple[int, int]] = {
    DEVICE: (200, 897),
    "unknown device": (404, 20),
    "malformed key": (400, 20),
    "malformed token": (401, 20),
    "no token": (401, 20),
    "HTML from Cognito": (502, 20),
    "throttled by Cognito": (429, 1),
    "Cognito fails": (502, 1),
    "Cognito hangs up": (502, 1),
}


def order() -> Sequence[str]:
    """Return the kinds of a thousand events in a random order, which is the same for each call."""
    kinds = [kind for kind, (_, times) in MIXED.items() for _ in range(times)]
    random.Random(0).shuffle(kinds)
    return kinds


def bodies() -> dict[str, str]:
    """Return an event of each kind."""
    return {
        DEVICE: event().decode(),
        "unknown device": event(device_key="us-east-1_unknown").decode(),
        "malformed key": event(device_key="malformed").decode(),
        "malformed token": _authorized("Bearer of.bad.news"),
        "no token": _authorized("Basic dXNlcjpwYXNz"),
        "HTML from Cognito": event(device_key=cognito_quotas.PAGE).decode(),
        "throttled by Cognito": event(device_key=cognito_quotas.THROTTLED).decode(),
        "Cognito fails": event(device_key=cognito_quotas.FAILING).decode(),
        "Cognito hangs up": event(device_key=cognito_quotas.DROPPED).decode(),
    }


def _authorized(value: str) -> str:
    content: dict[str, Any] = json.loads(event())
    content["headers"]["Authorization"] = value
    content["multiValueHeaders"]["Authorization"] = [value]
    return json.dumps(content)
