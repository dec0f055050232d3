"""What Amazon Cognito and API Gateway do otherwise: facts on which the function and the page rely.

A fact that turns out to be otherwise does not fail `make verify`. docs/local.md says how to report it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.support import temporary
from tests.support.outcomes import NO_DEVICE, nowhere, outcome
from tests.support.people import Person, SignedIn
from tools.verify.stack import Stack

type Fact = Callable[..., None]


@pytest.mark.fact("undocumented")
def test_the_order_of_list_devices(user: Callable[..., Any], fact: Fact) -> None:
    owner = user("first", "second", "third")
    listed = [each["DeviceKey"] for each in owner.cognito.list_devices(AccessToken=owner.token)["Devices"]]
    orders = {tuple(owner.keys): "the oldest first", tuple(reversed(owner.keys)): "the newest first"}
    fact(orders.get(tuple(listed), "another order"))


@pytest.mark.fact("reported")
def test_a_device_that_is_not_remembered_is_not_listed_and_not_found(known: Any, fact: Fact) -> None:
    sign_in, device = known
    cognito = sign_in.person.cognito
    cognito.update_device_status(
        AccessToken=sign_in.token, DeviceKey=device.key, DeviceRememberedStatus="not_remembered"
    )
    listed = device.key in [each["DeviceKey"] for each in cognito.list_devices(AccessToken=sign_in.token)["Devices"]]
    found = outcome(lambda: cognito.get_device(AccessToken=sign_in.token, DeviceKey=device.key))
    fact(f"listed: {listed}, GetDevice: {found}", f"listed: False, GetDevice: {NO_DEVICE}")


@pytest.mark.fact("unconfirmed")
def test_the_device_of_another_user_is_not_found(user: Callable[..., Any], fact: Fact) -> None:
    owner, stranger = user("Phone"), user("Laptop")
    fact(outcome(lambda: stranger.cognito.get_device(AccessToken=stranger.token, DeviceKey=owner.keys[0])), NO_DEVICE)


@pytest.mark.fact("unconfirmed")
def test_a_device_key_outside_of_the_documented_pattern(known: Any, fact: Fact) -> None:
    sign_in, _ = known
    fact(outcome(lambda: sign_in.person.cognito.get_device(AccessToken=sign_in.token, DeviceKey="us-east-1_unknown")))


@pytest.mark.fact("a guess")
@pytest.mark.usefixtures("own_pool")
def test_devices_survive_a_global_sign_out(known: Any, fact: Fact) -> None:
    sign_in, device = known
    sign_in.person.cognito.global_sign_out(AccessToken=sign_in.token)
    again = sign_in.person.sign_in()
    devices = sign_in.person.cognito.list_devices(AccessToken=again.token)["Devices"]
    fact("kept" if device.key in [each["DeviceKey"] for each in devices] else "lost", "kept")


MESSAGES = {
    "an ID token": "NotAuthorizedException: Invalid Access Token",
    "a revoked token": "NotAuthorizedException: Access Token has been revoked",
    "a token of a deleted user": "UserNotFoundException: User does not exist.",
    "a token of a disabled user": "NotAuthorizedException: User is disabled.",
}


@pytest.mark.fact("reported")
@pytest.mark.parametrize("case", MESSAGES)
def test_cognito_refuses(own_pool: Stack, person: Person, fact: Fact, case: str) -> None:
    sign_in = person.sign_in()
    cognito, token = person.cognito, sign_in.token
    match case:
        case "an ID token":
            token = sign_in.result["IdToken"]
        case "a revoked token":
            cognito.revoke_token(Token=sign_in.refresh_token, ClientId=person.client_id)
        case "a token of a deleted user":
            cognito.delete_user(AccessToken=token)
        case _:
            own_pool.aws("cognito-idp").admin_disable_user(UserPoolId=person.pool_id, Username=person.username)
    fact(outcome(lambda: cognito.get_device(AccessToken=token, DeviceKey=nowhere(person))), MESSAGES[case])


@pytest.mark.fact("documented")
def test_api_gateway_renames_www_authenticate_of_the_function(
    page: httpx.Client, user: Callable[..., Any], fact: Fact
) -> None:
    owner = user()
    owner.cognito.global_sign_out(AccessToken=owner.token)
    headers = page.get("/devices", headers=owner.bearer).headers
    fact(", ".join(sorted(name for name in headers if "authenticate" in name)), "x-amzn-remapped-www-authenticate")


@pytest.fixture
def untracked(own_pool: Stack) -> Iterator[SignedIn]:
    """Return a sign-in at a user pool that tracks no devices."""
    with (
        temporary.user_pool(own_pool) as pool_id,
        temporary.app_client(own_pool, pool_id, ExplicitAuthFlows=temporary.SRP) as client_id,
        temporary.new_person(own_pool, pool_id, client_id) as person,
    ):
        yield person.sign_in()


@pytest.mark.fact("unconfirmed")
@pytest.mark.parametrize("operation", ["list_devices", "get_device"])
def test_a_pool_that_tracks_no_devices(untracked: SignedIn, fact: Fact, operation: str) -> None:
    named = {} if operation == "list_devices" else {"DeviceKey": nowhere(untracked.person)}
    call = getattr(untracked.person.cognito, operation)
    fact(outcome(lambda: call(AccessToken=untracked.token, **named)))


@pytest.mark.fact("a guess")
def test_list_devices_of_a_pool_that_is_gone(own_pool: Stack, untracked: SignedIn, fact: Fact) -> None:
    own_pool.aws("cognito-idp").delete_user_pool(UserPoolId=untracked.person.pool_id)
    answer = outcome(lambda: untracked.person.cognito.list_devices(AccessToken=untracked.token))
    fact(answer.partition(":")[0], "ResourceNotFoundException")
