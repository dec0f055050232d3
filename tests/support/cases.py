"""Every error of the HTTP contract that the function makes: what happens, and what the page is answered.

All that must not be recorded or shown holds the word `canary`, or the address CANARY_IP.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.support.events import load, with_authorization
from tests.support.fake_cognito import SAMPLE, Reply
from tests.support.tokens import IN_2024, access_token, jwt

CANARY_IP = "203.0.113.77"
CANARY_TOKEN = access_token({"username": "canary-user"}, signature="canary-signature")
_EXPIRED = access_token({"exp": IN_2024, "sub": "canary"})
_UNTRACKED = access_token(without="device_key")
_SECRETS = "canary-message about canary-user at " + CANARY_IP

_INVALID_TOKEN = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
_INSUFFICIENT = {"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="aws.cognito.signin.user.admin"'}
_RETRY = {"Retry-After": "1"}

SECRET_DEVICE = Reply.device(
    DeviceAttributes=[
        {"Name": "device_name", "Value": "canary-name"},
        {"Name": "last_ip_used", "Value": CANARY_IP},
        {"Name": "dev:device_arn", "Value": "arn:aws:cognito-idp:us-east-1:123456789012:owner/canary-user"},
        {"Name": "dev:device_owner", "Value": "canary-user"},
    ]
)


@dataclass(frozen=True)
class Case:
    """A request, what Cognito replies to it, and the problem that must come of it.

    `attempts` is how often Cognito is asked: throttling, 5xx and a lost connection are tried twice. `unforeseen` is the
    text of an exception that no code foresees, raised in the course of the request.
    """

    name: str
    status: int
    slug: str
    headers: dict[str, str] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=lambda: load("get_device", token=CANARY_TOKEN))
    replies: tuple[Reply, ...] = ()
    attempts: int = 0
    unforeseen: str | None = None


def _bearer(token: str) -> dict[str, Any]:
    return with_authorization(f"Bearer {token}")


def _refused(
    code: str, status: int, slug: str, headers: dict[str, str] | None = None, *, http: int = 400, attempts: int = 1
) -> Case:
    return Case(code, status, slug, headers or {}, replies=(Reply.error(code, _SECRETS, http),), attempts=attempts)


def _unusable(name: str, reply: Reply, attempts: int = 1) -> Case:
    return Case(name, 502, "upstream-error", replies=(reply,), attempts=attempts)


def _device(**changes: object) -> Reply:
    return Reply.device(Canary=_SECRETS, **changes)


_REQUESTS = [
    Case("no Authorization header", 401, "missing-token", {"WWW-Authenticate": "Bearer"}, load("missing_token")),
    Case("Basic", 401, "missing-token", {"WWW-Authenticate": "Bearer"}, with_authorization("Basic canary")),
    Case("not a JWT", 401, "invalid-token", _INVALID_TOKEN, load("malformed_token")),
    Case("claims that are no JSON", 401, "invalid-token", _INVALID_TOKEN, _bearer(jwt(b"canary"))),
    Case("ID token", 401, "invalid-token", _INVALID_TOKEN, load("id_token")),
    Case("expired", 401, "invalid-token", _INVALID_TOKEN, _bearer(_EXPIRED)),
    Case("no scope", 403, "insufficient-scope", _INSUFFICIENT, load("missing_scope")),
    Case("malformed key", 400, "invalid-request", event=load("malformed_device_key", token=CANARY_TOKEN)),
    Case("not a tracked device", 404, "device-not-found", event=load("get_current_device", token=_UNTRACKED)),
    Case("no such route", 404, "not-found", event=load("unknown_route")),
    Case("no such method", 405, "method-not-allowed", {"Allow": "GET, OPTIONS"}, load("method_not_allowed")),
    Case("unforeseen", 500, "internal-error", unforeseen=_SECRETS),
]

MODELLED = [
    _refused("ForbiddenException", 403, "forbidden", _INSUFFICIENT),
    _refused("InternalErrorException", 502, "upstream-error", http=500, attempts=2),
    _refused("InvalidParameterException", 400, "invalid-request"),
    _refused("InvalidUserPoolConfigurationException", 500, "user-pool-misconfigured"),
    _refused("NotAuthorizedException", 401, "invalid-token", _INVALID_TOKEN),
    _refused("OperationNotEnabledException", 500, "user-pool-misconfigured"),
    _refused("PasswordResetRequiredException", 403, "password-reset-required", _INSUFFICIENT),
    _refused("ResourceNotFoundException", 404, "device-not-found"),
    _refused("TooManyRequestsException", 429, "too-many-requests", _RETRY, attempts=2),
    _refused("UserNotConfirmedException", 403, "user-not-confirmed", _INSUFFICIENT),
    _refused("UserNotFoundException", 401, "user-not-found", _INVALID_TOKEN),
]

_UPSTREAM = [
    _refused("CanaryException", 502, "upstream-error"),
    _unusable("an error without a code", Reply.json({"message": _SECRETS}, 400)),
    _unusable("an error that is no object", Reply.json([_SECRETS], 400)),
    _unusable("HTML 503", Reply(503, f"<html>{_SECRETS}</html>".encode(), "text/html"), attempts=2),
    _unusable("an empty 200", Reply()),
    _unusable("broken JSON", Reply(200, b'{"Device": {"DeviceKey": "canary-')),
    _unusable("no UTF-8", Reply(200, b"\xff\xfecanary")),
    _unusable("a list", Reply.json([_SECRETS])),
    _unusable("no device", Reply.json({"Canary": _SECRETS})),
    _unusable("a device that is null", Reply.json({"Device": None})),
    _unusable("a device that is text", Reply.json({"Device": _SECRETS})),
    _unusable("a device without key", Reply.json({"Device": {k: v for k, v in SAMPLE.items() if k != "DeviceKey"}})),
    _unusable("a key that is a number", _device(DeviceKey=5)),
    _unusable("a key that is empty", _device(DeviceKey="")),
    _unusable("attributes that are text", _device(DeviceAttributes=_SECRETS)),
    _unusable("an attribute's value that is a number", _device(DeviceAttributes=[{"Name": "device_name", "Value": 5}])),
    _unusable("an attribute without name", _device(DeviceAttributes=[{"Value": _SECRETS}])),
    _unusable("a date that is text", _device(DeviceCreateDate=_SECRETS)),
    _unusable("a date out of range", _device(DeviceCreateDate=1e300)),
    _unusable("a closed connection", Reply(drop=True), attempts=2),
    Case("no answer", 504, "upstream-timeout", replies=(Reply(stall=True),), attempts=2),
]

CASES = [*_REQUESTS, *MODELLED, *_UPSTREAM]


def by_name(case: Case) -> str:
    """Return the id of a test that is parametrised with cases."""
    return case.name
