"""The headers of the API's responses."""

from typing import Any

from devices import problems
from devices.inputs import DEVICE_PATH, DEVICES_PATH, METHODS
from devices.responses import cors

REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

_CORS = cors(())
_TEXT = {"type": "string"}
HEADERS: dict[str, dict[str, Any]] = {
    "Access-Control-Allow-Headers": {
        "description": "The headers that a page may send. Only responses of the function to an allowed origin have it.",
        "schema": _TEXT,
        "examples": {"these": {"value": ",".join(sorted(_CORS.allow_headers))}},
    },
    "Access-Control-Allow-Origin": {
        "description": (
            "The caller's origin, if the deployment's AllowedOrigins contains it. Errors of API Gateway itself contain "
            "no data of a user, and have `*`."
        ),
        "schema": _TEXT,
        "examples": {"a page": {"value": "https://app.example.com"}},
    },
    "Access-Control-Expose-Headers": {
        "description": "The headers that a page may read. Sent with Access-Control-Allow-Origin.",
        "schema": {**_TEXT, "const": ",".join(_CORS.expose_headers)},
    },
    "Access-Control-Max-Age": {
        "description": (
            "How many seconds a browser may reuse the response to a preflight. Only responses of the function to an "
            "allowed origin have it."
        ),
        "schema": {"type": "integer", "const": _CORS.max_age},
    },
    "Allow": {
        "description": "The methods of the resource (RFC 9110 section 10.2.1).",
        "required": True,
        "schema": _TEXT,
        "examples": {"of a device": {"value": METHODS[DEVICE_PATH]}, "of the list": {"value": METHODS[DEVICES_PATH]}},
    },
    "Cache-Control": {
        "description": "Forbids browsers and proxies to store the response.",
        "required": True,
        "schema": {**_TEXT, "const": "no-store"},
    },
    "Retry-After": {
        "description": "How many seconds to wait before a retry (RFC 9110 section 10.2.3).",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
        "examples": {"a second": {"value": 1}},
    },
    "Vary": {
        "description": "The response depends on the caller's origin. Errors of API Gateway itself do not.",
        "schema": {**_TEXT, "const": "Origin"},
    },
    "WWW-Authenticate": {
        "description": (
            "Why the token was refused (RFC 6750 section 3). In responses of the function, API Gateway renames this "
            "header to `x-amzn-remapped-www-authenticate`. The problem's `type` gives the same reason."
        ),
        "schema": _TEXT,
        "examples": {"a bad token": {"value": 'Bearer error="invalid_token"'}},
    },
    "X-Content-Type-Options": {
        "description": "Forbids browsers to guess another content type.",
        "required": True,
        "schema": {**_TEXT, "const": "nosniff"},
    },
    "x-amzn-RequestId": {
        "description": "API Gateway's request ID. A problem contains it as `requestId`.",
        "required": True,
        "schema": _TEXT,
        "examples": {"an ID": {"value": REQUEST_ID}},
    },
}
# The headers that only some responses have: those of problems, and that of 405.
_OF_SOME = {name for each in vars(problems).values() if isinstance(each, problems.Problem) for name in each.headers} | {
    "Allow"
}


def headers(*further: str) -> Any:
    """Return references to the headers that every response has, and to `further` ones."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted({*HEADERS} - _OF_SOME | {*further})}
