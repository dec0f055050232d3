"""Each error of the HTTP contract that the function returns without Cognito: the request and the response."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from tests.support import canaries
from tests.support.events import load, with_authorization
from tests.support.fake_cognito import FakeCognito, Reply
from tests.support.tokens import IN_2024, access_token, jwt

_EXPIRED = access_token({"exp": IN_2024, "sub": "canary"})
_UNTRACKED = access_token(without="device_key")

INVALID_TOKEN = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
INSUFFICIENT = {"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="aws.cognito.signin.user.admin"'}
MISSING_TOKEN = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class Case:
    """A request, Cognito's replies to it, and the expected response.

    Attributes
    ----------
    name : str
        The test's id.
    status, slug, headers
        The expected response: status, slug of the problem (or `ok`) and headers beside those of every problem.
    event : dict
        The request.
    replies : tuple of Reply
        Cognito's replies in turn; without any, Cognito succeeds.
    attempts : int
        How often the function calls `operation`: twice if Cognito throttles, fails with 5xx or loses the connection.
    operation : str or None
        The operation of Cognito, or None if it is not called.
    seconds : float
        The longest time to the response with the deployed deadlines.
    refusing : bool
        Whether Cognito refuses connections.
    unforeseen : str or None
        The text of an exception that the function does not expect, raised during the request.
    """

    name: str
    status: int
    slug: str
    headers: dict[str, str] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=lambda: load("get_device", token=canaries.TOKEN))
    replies: tuple[Reply, ...] = ()
    attempts: int = 0
    operation: str | None = None
    seconds: float = 3
    refusing: bool = False
    unforeseen: str | None = None


def by_name(case: Case) -> str:
    """Return the id of a test with this case."""
    return case.name


@contextmanager
def happening(case: Case, fake: FakeCognito) -> Iterator[None]:
    """Let Cognito reply as the case says while the block runs, then check which operation was called how often."""
    fake.replies, fake.requests, fake.connections = list(case.replies), [], 0
    with fake.refusing() if case.refusing else nullcontext():
        yield
    fake.replies = []
    assert {request.operation for request in fake.requests} <= {case.operation}
    assert fake.connections == (0 if case.refusing else case.attempts)


def _bearer(token: str) -> dict[str, Any]:
    return with_authorization(f"Bearer {token}")


def _query(**parameters: str | list[str]) -> dict[str, Any]:
    several = {name: value if isinstance(value, list) else [value] for name, value in parameters.items()}
    single = {name: values[-1] for name, values in several.items()}
    event = load("list_devices", token=canaries.TOKEN)
    return event | {"queryStringParameters": single, "multiValueQueryStringParameters": several}


def _body(body: str | None, *, base64: bool = False) -> dict[str, Any]:
    return load("remember_device", token=canaries.TOKEN) | {"body": body, "isBase64Encoded": base64}


def _invalid(name: str, event: dict[str, Any]) -> Case:
    return Case(name, 400, "invalid-request", event=event)


REFUSED = [
    Case("no Authorization header", 401, "missing-token", MISSING_TOKEN, load("missing_token")),
    Case("Basic scheme", 401, "missing-token", MISSING_TOKEN, with_authorization("Basic canary")),
    Case("not a JWT", 401, "invalid-token", INVALID_TOKEN, load("malformed_token")),
    Case("claims that are not JSON", 401, "invalid-token", INVALID_TOKEN, _bearer(jwt(b"canary"))),
    Case("ID token", 401, "invalid-token", INVALID_TOKEN, load("id_token")),
    Case("expired token", 401, "invalid-token", INVALID_TOKEN, _bearer(_EXPIRED)),
    Case("token without the scope", 403, "insufficient-scope", INSUFFICIENT, load("missing_scope")),
    Case("token without a device key", 404, "device-not-found", event=load("get_current_device", token=_UNTRACKED)),
    Case("unknown route", 404, "not-found", event=load("unknown_route")),
    Case(
        "unknown method",
        405,
        "method-not-allowed",
        {"Allow": "DELETE, GET, OPTIONS, PATCH"},
        load("method_not_allowed"),
    ),
    Case("unforeseen exception", 500, "internal-error", unforeseen=canaries.SECRETS),
    _invalid("malformed device key", load("malformed_device_key", token=canaries.TOKEN)),
    _invalid("limit 0", _query(limit="0")),
    _invalid("limit 61", load("malformed_limit", token=canaries.TOKEN)),
    _invalid("limit that is not a number", _query(limit="canary")),
    _invalid("limit that is not an integer", _query(limit="5.0")),
    _invalid("limit below zero", _query(limit="-5")),
    _invalid("limit in Arabic digits", _query(limit="\u0665")),
    _invalid("limit of 5000 digits", _query(limit="0" * 4999 + "5")),
    _invalid("empty limit", _query(limit="")),
    _invalid("two limits", _query(limit=["5", "5"])),
    _invalid("empty nextToken", _query(nextToken="")),
    _invalid("nextToken with a space", _query(nextToken="canary canary")),
    _invalid("nextToken that UTF-8 cannot encode", _query(nextToken="canary\ud800")),
    _invalid("two nextTokens", _query(nextToken=["canary", "canary"])),
    _invalid("no body", _body(None)),
    _invalid("empty body", _body("")),
    _invalid("body that is not JSON", _body("remembered=canary")),
    _invalid("truncated body", _body('{"remembered": tr')),
    _invalid("body that is not an object", _body("true")),
    _invalid("empty object as body", _body("{}")),
    _invalid("null for remembered", _body('{"remembered": null}')),
    _invalid("text for remembered", load("malformed_body", token=canaries.TOKEN)),
    _invalid("number for remembered", _body('{"remembered": 1}')),
    _invalid("body with another member", _body('{"remembered": true, "name": "canary"}')),
    _invalid("body that is not Base64", _body("canary!", base64=True)),
    _invalid("Base64 of bytes that are not UTF-8", _body("//79", base64=True)),
    _invalid("deeply nested body", _body("[" * 100_000)),
]
