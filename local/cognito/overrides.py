"""The request header by which the demo and tests override what the real service observes by itself.

`X-Forwarded-For` overrides the client's address, so that one machine can sign in from several.
"""

from local.asgi import Scope, header


def address(scope: Scope) -> str:
    """Return the address that the request came from, or the first one of its X-Forwarded-For."""
    forwarded = header(scope, b"x-forwarded-for").partition(",")[0].strip()
    return forwarded or str((scope.get("client") or ("127.0.0.1", 0))[0])
