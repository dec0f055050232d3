"""The users of `make verify`: who can sign in, what is remembered, and what is removed."""

import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.support import people, temporary
from tests.support.user_pools import PASSWORD, REMEMBERED_AT_ONCE, REMEMBERED_ON_PROMPT, Pool, create_pool
from tools.stages import StackError
from tools.verify.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

ONCE_UPON_A_TIME = f"{temporary.PREFIX}{int(time.time()) - 4000}-old"
JUST_NOW = f"{temporary.PREFIX}{int(time.time())}-new"


def stack(pool: Pool, endpoint: str, *, password: str = PASSWORD) -> Stack:
    """Return a stack that uses a pool which existed before it, with its user."""
    return Stack(
        name="api",
        region="us-east-1",
        aws=lambda _: pool.cognito,
        api_url="",
        parameters={},
        user_pool_id=pool.pool_id,
        client_id=pool.client_id,
        made_pool=False,
        endpoint=endpoint,
        username="dart",
        password=password,
    )


def test_a_user_who_can_sign_in_is_accepted(cognito: "CognitoIdentityProviderClient", emulator: str) -> None:
    people.check_user(stack(create_pool(cognito, REMEMBERED_AT_ONCE), emulator))


def test_a_wrong_password_is_tried_once(cognito: "CognitoIdentityProviderClient", emulator: str) -> None:
    pool = create_pool(cognito, REMEMBERED_AT_ONCE)

    with pytest.raises(StackError, match=r"^USERNAME cannot sign in with a password alone: .*Incorrect username or"):
        people.check_user(stack(pool, emulator, password="wrong"))  # noqa: S106


def test_a_pool_that_tracks_no_devices_is_refused(cognito: "CognitoIdentityProviderClient", emulator: str) -> None:
    pool = create_pool(cognito, None)

    with pytest.raises(StackError, match=f"^{pool.pool_id} does not track devices: turn device tracking on.$"):
        people.check_user(stack(pool, emulator))


@pytest.mark.parametrize("tracking", [REMEMBERED_AT_ONCE, REMEMBERED_ON_PROMPT], ids=["at once", "on prompt"])
def test_a_confirmed_device_is_remembered_and_forgotten_at_the_end(
    cognito: "CognitoIdentityProviderClient", emulator: str, tracking: dict[str, bool]
) -> None:
    pool = create_pool(cognito, tracking)

    with people.known_person(stack(pool, emulator)) as person:
        sign_in = person.sign_in()
        device = sign_in.confirm("Phone")

        listed = person.cognito.list_devices(AccessToken=sign_in.token)["Devices"]
        assert [each["DeviceKey"] for each in listed] == [device.key]
        assert device.username == sign_in.username
        assert person.sign_in(device).token
    assert person.cognito.list_devices(AccessToken=sign_in.token)["Devices"] == []


@pytest.fixture
def own(cognito: "CognitoIdentityProviderClient", emulator: str) -> Stack:
    """Return a stack whose pool has an old and a new user, next to an old and a new pool."""
    pool = create_pool(cognito, REMEMBERED_AT_ONCE)
    for name in (ONCE_UPON_A_TIME, JUST_NOW):
        attributes: Any = [{"Name": "email", "Value": f"{name}@example.com"}]
        cognito.admin_create_user(UserPoolId=pool.pool_id, Username=name, UserAttributes=attributes)
        cognito.create_user_pool_client(UserPoolId=pool.pool_id, ClientName=name)
        cognito.create_user_pool(PoolName=name)
    return stack(pool, emulator)


def left(stack: Stack, cognito: Any) -> tuple[set[str], set[str], set[str]]:
    users = cognito.list_users(UserPoolId=stack.user_pool_id)["Users"]
    clients = cognito.list_user_pool_clients(UserPoolId=stack.user_pool_id)["UserPoolClients"]
    pages = cognito.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 60})
    pools = [each for page in pages for each in page["UserPools"]]
    return (
        {each["Username"] for each in users},
        {each["ClientName"] for each in clients},
        {each["Name"] for each in pools if each["Name"].startswith(temporary.PREFIX)},
    )


def test_what_a_killed_run_left_is_removed(own: Stack, cognito: "CognitoIdentityProviderClient") -> None:
    temporary.remove_abandoned(own)

    assert left(own, cognito) == ({"dart", JUST_NOW}, {"page", JUST_NOW}, {JUST_NOW})


def test_who_may_not_list_pools_removes_the_rest(own: Stack, cognito: Any) -> None:
    # Given AWS's response to VerifyRole, which the emulator does not give to anybody
    class Denied(AWSResponse):
        content = b'{"__type": "AccessDeniedException", "message": "not authorized"}'

    def deny(**_: Any) -> AWSResponse:
        return Denied("https://example.com", 400, HTTPHeaders(), None)

    event = "before-send.cognito-identity-provider.ListUserPools"
    cognito.meta.events.register(event, deny)

    # When
    try:
        temporary.remove_abandoned(own)
    finally:
        cognito.meta.events.unregister(event, deny)

    # Then
    assert left(own, cognito)[:2] == ({"dart", JUST_NOW}, {"page", JUST_NOW})
