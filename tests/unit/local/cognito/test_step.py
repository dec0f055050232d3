"""What counts of a sign-in's request, whatever a client sends."""

from typing import Any

from local.cognito.step import Step


def step(operation: str, **request: Any) -> Step:
    return Step.of(operation, {"ClientId": "client", **request}, "192.0.2.1")


def test_the_first_request_names_a_flow() -> None:
    started = step("InitiateAuth", AuthFlow="USER_SRP_AUTH", AuthParameters={"DEVICE_KEY": "key", "SRP_A": "1"})

    assert (started.starts, started.name, started.client_id) == (True, "USER_SRP_AUTH", "client")
    assert (started.device_key, started.session, started.secret_block) == ("key", "", "")


def test_a_response_names_its_challenge_and_what_ties_it_to_the_challenge() -> None:
    given = {"PASSWORD_CLAIM_SECRET_BLOCK": "block", "DEVICE_KEY": None, "USERNAME": "dart"}
    response = step("AdminRespondToAuthChallenge", ChallengeName="SMS_MFA", Session="s", ChallengeResponses=given)

    assert (response.starts, response.name) == (False, "SMS_MFA")
    assert (response.session, response.secret_block, response.device_key) == ("s", "block", None)
    assert response.parameters == {"PASSWORD_CLAIM_SECRET_BLOCK": "block", "USERNAME": "dart"}


def test_a_request_may_lack_parameters() -> None:
    assert step("InitiateAuth", AuthFlow="CUSTOM_AUTH").parameters == {}
