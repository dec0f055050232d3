"""Whether a stack can be tested: its API answers, and the given access token is one."""

import time
from collections.abc import Callable

import httpx

from local.cognito.upstream import claims_of
from tools.stages import StackError
from tools.verify.stack import Stack

_SCOPE = "aws.cognito.signin.user.admin"


def await_api(stack: Stack, write: Callable[[str], None], seconds: float = 60, pause: float = 2) -> None:
    """Wait until the API answers with problem JSON, because new APIs and DNS records are not known everywhere at once.

    Parameters
    ----------
    stack : Stack
    write : callable
        Prints a line, if there is anything to wait for.
    seconds, pause : float
        How long to wait, and how long between two requests. An API that answers otherwise by then is tested all the
        same, because the tests name what is wrong.

    Raises
    ------
    StackError
        The API cannot be reached.
    """
    ends = time.monotonic() + seconds
    waiting = False
    while True:
        try:
            # The developer's proxy cannot reach the local cloud.
            response = httpx.get(f"{stack.api_url}/devices", timeout=10, trust_env=stack.endpoint is None)
            problem, came = "", f"{response.status_code} {response.headers.get('content-type', 'without a type')}"
            if "problem+json" in came:
                return
        except httpx.HTTPError as error:
            problem = came = str(error) or type(error).__name__
        if time.monotonic() > ends:
            break
        if not waiting:
            write(f"The API does not answer as it should yet ({came}): waiting up to {seconds:.0f} seconds.")
            waiting = True
        time.sleep(pause)
    if problem:
        domain = stack.parameters.get("DomainName")
        hint = f" Does a DNS record of {domain} point to the output DomainTarget?" if domain else ""
        raise StackError(f"{stack.api_url} cannot be reached: {problem}.{hint}")


def check_token(stack: Stack) -> None:
    """Raise StackError if the access token that was given cannot be accepted."""
    if not stack.access_token:
        return
    try:
        found = dict(claims_of(stack.access_token))
    except (IndexError, TypeError, ValueError):  # not a JWT
        found = {}
    pool = str(found.get("iss", "")).rpartition("/")[2]
    wrong = {
        "is not an access token of Amazon Cognito": found.get("token_use") != "access",
        "has expired": found.get("exp", 0) <= time.time(),
        f"is not from the user pool {stack.user_pool_id}": pool != stack.user_pool_id,
        f"lacks the scope {_SCOPE}": _SCOPE not in str(found.get("scope", "")).split(),
    }
    reason = next((text for text, is_so in wrong.items() if is_so), None)
    if reason:
        raise StackError(f"ACCESS_TOKEN {reason}.")
