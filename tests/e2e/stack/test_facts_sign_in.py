"""What Amazon Cognito does when users sign in and refresh their tokens.

A fact that turns out to be otherwise does not fail `make verify`. docs/local.md says how to report it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.support import temporary
from tests.support.outcomes import INVALID_REFRESH, NO_DEVICE, nowhere, outcome, refresh, rotate
from tests.support.people import KnownDevice, Person, SignedIn
from tools.verify.stack import Stack

type Fact = Callable[..., None]

TRACKING = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}


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


@pytest.mark.fact("documented")
@pytest.mark.usefixtures("own_pool")  # other pools may compare case
def test_a_user_name_in_capitals_is_the_same_user(person: Person, fact: Fact) -> None:
    fact(outcome(lambda: person.sign_in(username=person.username.upper())), "tokens")


@pytest.mark.fact("documented")
def test_a_refresh_after_a_sign_in_with_the_password_itself_is_refused(own_pool: Stack, fact: Fact) -> None:
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    with (
        temporary.user_pool(own_pool, DeviceConfiguration=TRACKING) as pool_id,
        temporary.app_client(own_pool, pool_id, ExplicitAuthFlows=flows) as client_id,
        temporary.new_person(own_pool, pool_id, client_id) as person,
    ):
        result = person.cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": person.username, "PASSWORD": person.password},
        )["AuthenticationResult"]
        device = result.get("NewDeviceMetadata", {}).get("DeviceKey")
        came = refresh(SignedIn(person, result), device)
    fact(f"a new device: {bool(device)}, refresh: {came}", f"a new device: {bool(device)}, refresh: {INVALID_REFRESH}")
