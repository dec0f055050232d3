"""Faults of the network and odd responses of Cognito, and the response to each."""

from dataclasses import replace

from tests.support import canaries
from tests.support.canaries import DEVICE
from tests.support.cases import Case
from tests.support.events import load
from tests.support.fake_cognito import Reply, drip, drop, reset, stall
from tests.support.upstream_cases import EVENTS, HTML, STATUSES, UPSTREAM

_20_MB = 20_000_000
_THROTTLED = Reply.error("TooManyRequestsException", canaries.SECRETS)
_ODD_HEADERS = (f"x-amzn-RequestId: {canaries.SECRETS}", f"no header, {canaries.SECRETS}", "Set-Cookie: canary")
_UNAVAILABLE = Reply(503, HTML, "text/html")


def _fault(operation: str, name: str, attempts: int, *replies: Reply) -> Case:
    event = load(EVENTS[operation], token=canaries.TOKEN)
    return Case(f"{operation}: {name}", 502, "upstream-error", {}, event, replies, attempts, operation)


def _late(operation: str, name: str, attempts: int, reply: Reply) -> Case:
    return replace(_fault(operation, name, attempts, reply), status=504, slug="upstream-timeout", seconds=9)


def _fine(operation: str, name: str, attempts: int, *replies: Reply) -> Case:
    return replace(_fault(operation, name, attempts, *replies), status=STATUSES[operation], slug="ok")


def _throttled(operation: str, name: str, reply: Reply) -> Case:
    case = _fault(operation, name, 2, reply)
    return replace(case, status=429, slug="too-many-requests", headers={"Retry-After": "1"})


def _on_the_wire(operation: str) -> list[Case]:
    success = canaries.SUCCESSES[operation]
    return [
        replace(_fault(operation, "a refused connection", 2, success), refusing=True),
        _fault(operation, "a connection closed at once", 2, replace(success, send=drop, unread=True)),
        _fault(operation, "a connection reset within the response", 2, replace(success, send=reset)),
        _fault(operation, "20 MB that are not JSON", 1, Reply(200, b"{" * _20_MB, "text/html")),
        _fine(operation, "throttled once", 2, _THROTTLED, success),
        _fine(operation, "HTML 503 once", 2, _UNAVAILABLE, success),
        _fine(operation, "a connection closed once", 2, replace(success, send=drop), success),
        _fine(operation, "malformed headers", 1, replace(success, headers=_ODD_HEADERS)),
        _throttled(operation, "throttled for a minute", replace(_THROTTLED, headers=("x-amz-retry-after: 60000",))),
    ]


def _late_on_the_wire(operation: str) -> list[Case]:
    success = canaries.SUCCESSES[operation]
    return [
        _late(operation, "a connection accepted and never read", 2, replace(success, send=stall, unread=True)),
        _late(operation, "one byte a second", 1, replace(success, send=drip)),
    ]


def _named(*values: str) -> Reply:
    return Reply.device(DeviceAttributes=[{"Name": "device_name", "Value": value} for value in values])


def _padded(length: int) -> Reply:
    success = canaries.SUCCESSES["GetDevice"]
    return replace(success, body=success.body.ljust(length))


_ODD = [
    _fine("GetDevice", "an empty list of attributes", 1, Reply.device(DeviceAttributes=[])),
    _fine("GetDevice", "no member DeviceAttributes", 1, Reply.json({"Device": {"DeviceKey": DEVICE["DeviceKey"]}})),
    _fine("GetDevice", "the same attribute twice", 1, _named("canary-name", "canary-other")),
    _fine("GetDevice", "a name of nearly a megabyte", 1, _named("canary-" * 140_000)),
    _fine("GetDevice", "a megabyte", 1, _padded(1_000_000)),
    _fault("GetDevice", "a byte more than a megabyte", 1, _padded(1_000_001)),
    _fault("GetDevice", "a name of 20 MB", 1, _named("canary-" * (_20_MB // 7))),
    _fault("GetDevice", "20 MB of attributes", 1, _named(*["canary"] * 500_000)),
    _fault("ListDevices", "20 MB of devices", 1, Reply.devices(*[DEVICE] * 45_000)),
]

# The function responds at once, or after a backoff.
PROMPT = [*(case for operation in EVENTS for case in _on_the_wire(operation)), *_ODD]
# The function responds when a deadline has passed.
LATE = [case for operation in EVENTS for case in _late_on_the_wire(operation)]
FAULTS = [*UPSTREAM, *PROMPT, *LATE]
