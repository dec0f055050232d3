"""Decides which requests of browsers the emulator serves: those that a browser may send at AWS, and no others.

Any page can send requests to this machine, and knows the emulator's well-known credentials. So no request of a browser
counts as the developer's, whatever its Sec-Fetch-Site. A page on this machine (`same-site`) may belong to another
project, and a page of the emulator itself (`same-origin`) would be an S3 object. A request that no page sent (`none`)
may come from a link in a chat.
"""

from collections.abc import Collection

from local.asgi import Scope, header, query_names
from local.cognito.upstream import operation_of
from local.execute_api import is_api_request

CONTENT_TYPE = "application/x-amz-json-1.1"


def is_from_browser(scope: Scope) -> bool:
    """Return whether a browser sent a request.

    Browsers send Origin with all requests but navigations and images. Those have Sec-Fetch-Site, except in browsers
    that do not trust http://127.0.0.1. The User-Agent of these begins with Mozilla. Text browsers and small ones, such
    as w3m and Dillo, send none of all this: they count as tools, and `local.access` keeps links from having an effect.
    """
    names = {name.lower() for name, _ in scope["headers"]}
    return not names.isdisjoint({b"origin", b"sec-fetch-site"}) or header(scope, b"user-agent").startswith("Mozilla/")


def may_send(scope: Scope, unsigned: Collection[str]) -> bool:
    """Return whether AWS would accept a request from a browser that has no AWS credentials.

    It may call the deployed API, whose CORS decides on the rest, and Cognito's `unsigned` operations. Each needs a
    preflight, because X-Amz-Target is not a simple header.
    """
    return not _has_credentials(scope) and (
        is_api_request(scope)
        or (operation_of(scope) in unsigned and _content_type(scope) == CONTENT_TYPE)
        or _is_preflight_of_cognito(scope)
    )


def _content_type(scope: Scope) -> str:
    # Some HTTP clients, such as Dart's until 1.5 of its package http, append a charset.
    return header(scope, b"content-type").partition(";")[0].strip().lower()


def _has_credentials(scope: Scope) -> bool:
    # MiniStack reads the account from the credentials, and for some paths the service too.
    in_query = any(name.lower().startswith(("x-amz-", "awsaccesskeyid")) for name in query_names(scope))
    return in_query or any(
        name.lower() == b"authorization" and (value.startswith(b"AWS") or b"Credential=" in value)
        for name, value in scope["headers"]
    )


def _is_preflight_of_cognito(scope: Scope) -> bool:
    return (
        (scope["type"], scope.get("method"), scope["path"]) == ("http", "OPTIONS", "/")
        and not scope.get("query_string")
        and header(scope, b"access-control-request-method") == "POST"
    )
