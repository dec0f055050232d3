"""Users, app clients and user pools that a test creates in a stack's account, and their removal, whatever happens."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from botocore.exceptions import ClientError

from local import demo
from tests.support.people import Person, browser_client
from tools.verify.stack import Stack

PREFIX = "make-verify-"
# Sign-ins with SRP, and both ways to refresh tokens.
SRP = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
_ABANDONED_SECONDS = 3600


@contextmanager
def new_person(stack: Stack, pool_id: str = "", client_id: str = "") -> Iterator[Person]:
    """Create a user while the block runs, in the stack's pool or in another."""
    admin, pool_id = stack.aws("cognito-idp"), pool_id or stack.user_pool_id
    email, password = f"{_new_name()}@example.com", f"Aa1-{secrets.token_urlsafe(24)}"
    try:
        demo.create_user(admin, pool_id, email, password)
        yield Person(email, password, pool_id, client_id or stack.client_id, browser_client(stack))
    finally:
        _delete_user(admin, pool_id, email)


@contextmanager
def app_client(stack: Stack, pool_id: str = "", **settings: Any) -> Iterator[str]:
    """Create an app client while the block runs, and yield its ID."""
    admin, pool_id = stack.aws("cognito-idp"), pool_id or stack.user_pool_id
    made = admin.create_user_pool_client(UserPoolId=pool_id, ClientName=_new_name(), **settings)
    client_id = made["UserPoolClient"]["ClientId"]
    try:
        yield client_id
    finally:
        with suppress(admin.exceptions.ResourceNotFoundException):  # the pool may be gone
            admin.delete_user_pool_client(UserPoolId=pool_id, ClientId=client_id)


@contextmanager
def user_pool(stack: Stack, **settings: Any) -> Iterator[str]:
    """Create a user pool while the block runs, and yield its ID. The block may delete it itself."""
    admin = stack.aws("cognito-idp")
    pool_id = admin.create_user_pool(PoolName=_new_name(), **settings)["UserPool"]["Id"]
    try:
        yield pool_id
    finally:
        with suppress(admin.exceptions.ResourceNotFoundException):
            admin.delete_user_pool(UserPoolId=pool_id)


def remove_abandoned(stack: Stack) -> None:
    """Delete what a run left behind because it was killed: users, app clients and pools of at least an hour ago."""
    admin = stack.aws("cognito-idp")
    clients = _each(admin, "list_user_pool_clients", "UserPoolClients", UserPoolId=stack.user_pool_id)
    for client in clients:
        if _is_abandoned(client["ClientName"]):
            admin.delete_user_pool_client(UserPoolId=stack.user_pool_id, ClientId=client["ClientId"])
    for pool in _pools(admin):
        if _is_abandoned(pool["Name"]):
            admin.delete_user_pool(UserPoolId=pool["Id"])
    mine = {"UserPoolId": stack.user_pool_id, "Filter": f'email ^= "{PREFIX}"'}
    for user in _each(admin, "list_users", "Users", **mine):
        email = next(each["Value"] for each in user["Attributes"] if each["Name"] == "email")
        if _is_abandoned(email):
            _delete_user(admin, stack.user_pool_id, user["Username"])


def _pools(admin: Any) -> list[dict[str, Any]]:
    try:
        return _each(admin, "list_user_pools", "UserPools", PaginationConfig={"PageSize": 60})
    except ClientError as error:
        # VerifyRole of .github/deploy-role.yaml may not create user pools, so it cannot have left any behind.
        if error.response["Error"]["Code"] == "AccessDeniedException":
            return []
        raise


def _each(admin: Any, operation: str, member: str, **parameters: Any) -> list[dict[str, Any]]:
    pages = admin.get_paginator(operation).paginate(**parameters)
    return [each for page in pages for each in page[member]]


def _is_abandoned(name: str) -> bool:
    made = re.match(rf"{PREFIX}(\d+)-", name)
    return made is not None and time.time() - int(made[1]) > _ABANDONED_SECONDS


def _new_name() -> str:
    """Return a name that says when it was made."""
    return f"{PREFIX}{int(time.time())}-{secrets.token_hex(4)}"


def _delete_user(admin: Any, pool_id: str, username: str) -> None:
    # A test may have deleted the user or the pool.
    with suppress(admin.exceptions.UserNotFoundException, admin.exceptions.ResourceNotFoundException):
        admin.admin_delete_user(UserPoolId=pool_id, Username=username)
