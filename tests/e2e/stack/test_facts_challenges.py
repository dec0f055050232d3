"""What Amazon Cognito asks of devices and second factors.

A fact that turns out to be otherwise does not fail `make verify`. docs/local.md says how to report it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support import temporary
from tests.support.authenticator import Authenticator
from tests.support.outcomes import INVALID_REFRESH, outcome, refresh
from tests.support.people import Person
from tests.support.srp import answer, give_password, prove_device
from tools.verify.stack import Stack

type Fact = Callable[..., None]

TOTP = "SOFTWARE_TOKEN_MFA"
DEVICE = "DEVICE_SRP_AUTH"


@pytest.mark.fact("a guess")
@pytest.mark.parametrize("case", ["not Base64", "zero"])
def test_confirm_device_refuses_a_verifier(person: Person, fact: Fact, case: str) -> None:
    sign_in = person.sign_in()
    verifier = {"PasswordVerifier": "not Base64!" if case == "not Base64" else "AA==", "Salt": "c2FsdA=="}
    came = outcome(
        lambda: person.cognito.confirm_device(
            AccessToken=sign_in.token, DeviceKey=sign_in.device_key, DeviceSecretVerifierConfig=verifier
        )
    )
    fact(came if came == "success" else came.partition(":")[0], "InvalidParameterException")


@pytest.mark.fact("a guess")
def test_confirm_device_without_a_verifier_succeeds(person: Person, fact: Fact) -> None:
    sign_in = person.sign_in()
    fact(
        outcome(lambda: person.cognito.confirm_device(AccessToken=sign_in.token, DeviceKey=sign_in.device_key)),
        "success",
    )


@pytest.mark.fact("a guess")  # after `Device does not exist.`, Amplify repeats the proof alone without the key
def test_a_proof_without_the_key_of_the_first_request_is_one_of_a_new_device(
    known: Any, person: Person, fact: Fact
) -> None:
    _, device = known
    came = give_password(person.srp(device), with_key=False)
    fact("a new device" if "NewDeviceMetadata" in came.get("AuthenticationResult", {}) else asks(came), "a new device")


@pytest.mark.fact("a guess")
def test_a_device_challenge_accepts_an_email_address(known: Any, person: Person, fact: Fact) -> None:
    _, device = known
    fact(outcome(lambda: person.sign_in(device, username=person.username)), "tokens")


@pytest.mark.fact("a guess")
def test_a_refresh_with_a_malformed_device_key_is_refused(known: Any, fact: Fact) -> None:
    sign_in, _ = known
    fact(refresh(sign_in, "malformed"), INVALID_REFRESH)


@pytest.fixture
def tracking(own_pool: Stack, *, replaces: bool) -> Iterator[tuple[Person, str]]:
    """Return a user of a pool with TOTP and devices, and the access token of a sign-in."""
    configuration = {"ChallengeRequiredOnNewDevice": replaces, "DeviceOnlyRememberedOnUserPrompt": False}
    with (
        temporary.user_pool(own_pool, DeviceConfiguration=configuration) as pool_id,
        temporary.app_client(own_pool, pool_id, ExplicitAuthFlows=temporary.SRP) as client_id,
        temporary.new_person(own_pool, pool_id, client_id) as person,
    ):
        own_pool.aws("cognito-idp").set_user_pool_mfa_config(
            UserPoolId=pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
        )
        yield person, person.sign_in().token


@pytest.mark.fact("documented, reported")
@pytest.mark.parametrize("replaces", [True, False], ids=["ChallengeRequiredOnNewDevice", "not so"])
def test_a_remembered_device_replaces_the_second_factor(
    tracking: tuple[Person, str], stack: Stack, fact: Fact, *, replaces: bool
) -> None:
    person, token = tracking
    before = person.sign_in().confirm()
    app = Authenticator(person.cognito, token, waits=stack.endpoint is None)
    srp = person.srp(before)
    first = give_password(srp)
    came = [asks(first)]
    if came == [TOTP]:
        responses = {"USERNAME": before.username, "DEVICE_KEY": before.key, f"{TOTP}_CODE": app.code()}
        second = answer(srp, TOTP, responses, Session=first["Session"])
        came += [asks(second), asks(prove_device(srp, second)) if asks(second) == DEVICE else ""]
    came.append(f"next time {asks(give_password(person.srp(before)))}")
    fact(", ".join(came), f"{TOTP}, {DEVICE}, tokens, next time {DEVICE if replaces else TOTP}")


def asks(response: dict[str, Any]) -> str:
    return str(response.get("ChallengeName", "tokens"))
