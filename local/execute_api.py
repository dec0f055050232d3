"""Recognises requests that MiniStack can only pass to the deployed API."""

import re
from collections.abc import Callable
from urllib.parse import quote

from local.asgi import Scope
from local.hosts import arrival, host_of

# `resolve(domain, path)` returns an API's ID, its stage and the path in it, or None if no custom domain name has these.
# The stage is empty if the path begins with it.
type ResolveDomain = Callable[[str, str], tuple[str, str, str] | None]

PATH = "/_aws/execute-api"
# MiniStack serves other services below PATH if the ID or the stage is missing. It compares the decoded path too, and
# resolves no dots in it. At /@connections/, AWS manages connections instead of calling the API.
_OF_API = re.compile(rf"{PATH}/[a-z0-9]+/[\w-]+(/(?!@connections(/|$)).*)?", re.ASCII | re.DOTALL)


def is_api_request(scope: Scope) -> bool:
    """Return whether MiniStack passes an HTTP request to an API, or responds that there is no such API."""
    return scope["type"] == "http" and _OF_API.fullmatch(scope["path"]) is not None


def behind_domain(scope: Scope, resolve: ResolveDomain) -> Scope | None:
    """Return a request of a custom domain name as the request of its API, or None if it is another request.

    MiniStack serves all its pages at a custom domain name. AWS serves only the API there.
    """
    domain, _, port = host_of(scope).partition(":")
    found = resolve(domain, scope["path"]) if port in {"", str(arrival(scope)[1])} else None
    if found is None:
        return None
    api_id, stage, rest = found
    path = f"{PATH}/{api_id}{f'/{stage}' if stage else ''}{rest}"
    reached = {**scope, "path": path, "raw_path": quote(path).encode()}
    return reached if is_api_request(reached) else None
