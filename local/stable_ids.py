"""The ids of the user pool, its app client and the API, which are the same each time that the local cloud starts.

So what a developer copies into an app's settings stays right. Everything else is random: passwords, users' ids and the
keys that sign tokens. So a token of an earlier local cloud is refused.
"""

from collections.abc import Callable
from typing import Any

USER_POOL_ID = "us-east-1_LocalPool"
APP_CLIENT_ID = "cognitodeviceapilocalcloud"  # 26 characters, as Cognito's
API_ID = "localcloud"  # 10 characters, as API Gateway's
# MiniStack gives an API the id that this tag of its stack has.
TAG = f"ms-custom-id={API_ID}"


def fix(cognito: Any) -> None:
    """Give the first user pool and the first app client of `ministack.services.cognito` these ids."""
    cognito._pool_id = _first(USER_POOL_ID, cognito._pool_id)  # noqa: SLF001 - MiniStack has no setting for it
    cognito._client_id = _first(APP_CLIENT_ID, cognito._client_id)  # noqa: SLF001


def _first(fixed: str, random: Callable[[], str]) -> Callable[[], str]:
    ids = iter([fixed])
    return lambda: next(ids, None) or random()
