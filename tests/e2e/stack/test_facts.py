"""What Amazon Cognito does: facts on which the function, the page and the local cloud rely.

A fact that turns out to be otherwise does not fail `make verify`. docs/local.md says how to report it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.support import people
from tests.support.people import KnownDevice, Person, SignedIn
from tools.verify.stack import Stack

type Fact = Callable[..., None]

INVALID_REFRESH = "NotAuthorizedException: Invalid Refresh Token."
NO_DEVICE = "ResourceNotFoundException: Device does not exist."
TRACKING = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}


def nowhere(person: Person) -> str:
    """Return a device key of the person's Region that no device has."""
    return f"{person.cognito.meta.region_name}_00000000-0000-0000-0000-000000000000"


def outcome(call: Callable[[], Any]) -> str:
    """Return Cognito's exception with its message, or what it gave."""
    try:
        answer = call()
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    if isinstance(answer, SignedIn) or "AuthenticationResult" in answer:
        return "tokens"
    return "success"


def refresh(sign_in: SignedIn, device_key: str | None) -> str:
    """Refresh a sign-in's tokens as Amplify does, with a device key or without; return the outcome."""
    device = {"DEVICE_KEY": device_key} if device_key else {}
    return outcome(
        lambda: sign_in.person.cognito.initiate_auth(
            ClientId=sign_in.person.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": sign_in.refresh_token, **device},
        )
    )


def rotate(sign_in: SignedIn, device_key: str | None) -> str:
    """Refresh a sign-in's tokens with GetTokensFromRefreshToken; return the outcome."""
    device = {"DeviceKey": device_key} if device_key else {}
    return outcome(
        lambda: sign_in.person.cognito.get_tokens_from_refresh_token(
            ClientId=sign_in.person.client_id, RefreshToken=sign_in.refresh_token, **device
        )
    )


@pytest.fixture
def known(person: Person) -> tuple[SignedIn, KnownDevice]:
    """Return a sign-in, and its device, which Cognito remembers."""
    sign_in = person.sign_in()
    return sign_in, sign_in.confirm()


@pytest.mark.fact("documented")
@pytest.mark.parametrize("how", [refresh, rotate], ids=["REFRESH_TOKEN_AUTH", "GetTokensFromRefreshToken"])
def test_a_refresh_with_the_key_of_its_device_succeeds(known: Any, fact: Fact, how: Callable[..., str]) -> None:
    sign_in, device = known
    fact(how(sign_in, device.key), "tokens")


@pytest.mark.fact("documented")
@pytest.mark.parametrize("how", [refresh, rotate], ids=["REFRESH_TOKEN_AUTH", "GetTokensFromRefreshToken"])
def test_a_refresh_without_a_device_key_is_refused(known: Any, fact: Fact, how: Callable[..., str]) -> None:
    sign_in, _ = known
    fact(how(sign_in, None), INVALID_REFRESH)


@pytest.mark.fact("documented, reported")
def test_a_refresh_with_the_key_of_another_device_is_refused(known: Any, person: Person, fact: Fact) -> None:
    sign_in, _ = known
    other = person.sign_in().confirm()
    fact(refresh(sign_in, other.key), INVALID_REFRESH)


@pytest.mark.fact("documented, reported")
def test_a_refresh_before_confirm_device_is_refused(person: Person, fact: Fact) -> None:
    sign_in = person.sign_in()
    fact(refresh(sign_in, sign_in.device_key), INVALID_REFRESH)


@pytest.mark.fact("implied")
def test_a_refresh_of_a_device_that_is_not_remembered_succeeds(known: Any, fact: Fact) -> None:
    sign_in, device = known
    sign_in.person.cognito.update_device_status(
        AccessToken=sign_in.token, DeviceKey=device.key, DeviceRememberedStatus="not_remembered"
    )
    fact(refresh(sign_in, device.key), "tokens")


@pytest.mark.fact("documented")
@pytest.mark.parametrize("how", [refresh, rotate], ids=["REFRESH_TOKEN_AUTH", "GetTokensFromRefreshToken"])
def test_a_refresh_after_forget_device_is_refused(known: Any, fact: Fact, how: Callable[..., str]) -> None:
    sign_in, device = known
    sign_in.person.cognito.forget_device(AccessToken=sign_in.token, DeviceKey=device.key)
    fact(how(sign_in, device.key), INVALID_REFRESH)


@pytest.mark.fact("documented")
def test_an_access_token_outlives_its_forgotten_device(known: Any, fact: Fact) -> None:
    sign_in, device = known
    sign_in.person.cognito.forget_device(AccessToken=sign_in.token, DeviceKey=device.key)
    fact(outcome(lambda: sign_in.person.cognito.get_user(AccessToken=sign_in.token)), "success")


@pytest.mark.fact("documented")
def test_a_sign_in_on_a_known_device_proves_its_secret(known: Any, person: Person, fact: Fact) -> None:
    _, device = known
    fact(outcome(lambda: person.sign_in(device)), "tokens")


@pytest.mark.fact("reported")
def test_a_wrong_device_secret_is_refused(known: Any, person: Person, fact: Fact) -> None:
    _, device = known
    wrong = replace(device, secret="wrong")  # noqa: S106
    fact(outcome(lambda: person.sign_in(wrong)), "NotAuthorizedException: Incorrect username or password.")


@pytest.mark.fact("reported")
def test_a_sign_in_on_an_unknown_device_is_refused(person: Person, fact: Fact) -> None:
    unknown = KnownDevice(nowhere(person), "-unknown", "secret", person.sign_in().username)
    fact(outcome(lambda: person.sign_in(unknown)), NO_DEVICE)


@pytest.mark.fact("documented")
def test_a_sign_in_on_a_device_that_is_not_remembered_needs_no_secret(known: Any, person: Person, fact: Fact) -> None:
    sign_in, device = known
    person.cognito.update_device_status(
        AccessToken=sign_in.token, DeviceKey=device.key, DeviceRememberedStatus="not_remembered"
    )
    wrong = replace(device, secret="wrong")  # noqa: S106
    fact(outcome(lambda: person.sign_in(wrong)), "tokens")


@pytest.mark.fact("a guess")
def test_confirm_device_twice(person: Person, fact: Fact) -> None:
    sign_in = person.sign_in()
    sign_in.confirm()
    fact(outcome(lambda: {"confirmed": sign_in.confirm()}))


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
@pytest.mark.usefixtures("own_pool")  # other pools may compare case
def test_a_user_name_in_capitals_is_the_same_user(person: Person, fact: Fact) -> None:
    fact(outcome(lambda: person.sign_in(username=person.username.upper())), "tokens")


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
        people.user_pool(own_pool) as pool_id,
        people.app_client(own_pool, pool_id, ExplicitAuthFlows=people.SRP) as client_id,
        people.new_person(own_pool, pool_id, client_id) as person,
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


@pytest.mark.fact("documented")
def test_a_refresh_after_a_sign_in_with_the_password_itself_is_refused(own_pool: Stack, fact: Fact) -> None:
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    with (
        people.user_pool(own_pool, DeviceConfiguration=TRACKING) as pool_id,
        people.app_client(own_pool, pool_id, ExplicitAuthFlows=flows) as client_id,
        people.new_person(own_pool, pool_id, client_id) as person,
    ):
        result = person.cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": person.username, "PASSWORD": person.password},
        )["AuthenticationResult"]
        device = result.get("NewDeviceMetadata", {}).get("DeviceKey")
        came = refresh(SignedIn(person, result), device)
    fact(f"a new device: {bool(device)}, refresh: {came}", f"a new device: {bool(device)}, refresh: {INVALID_REFRESH}")
