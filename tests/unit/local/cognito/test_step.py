"""What counts of a sign-in's request, whatever a client sends."""

import json
from typing import Any

import pytest

from local.cognito.step import Step


def step(operation: str, **request: Any) -> Step:
    return Step.parse(operation, json.dumps(request).encode(), "192.0.2.1")


def test_the_first_request_names_a_flow() -> None:
    started = step(
        "InitiateAuth", AuthFlow="USER_SRP_AUTH", ClientId="client", AuthParameters={"DEVICE_KEY": "key", "SRP_A": "1"}
    )

    assert (started.starts, started.name, started.client_id) == (True, "USER_SRP_AUTH", "client")
    assert (started.device_key, started.handle) == ("key", "")


def test_the_response_to_a_challenge_belongs_to_its_session_or_secret_block() -> None:
    block = {"PASSWORD_CLAIM_SECRET_BLOCK": "block"}

    assert step("RespondToAuthChallenge", ChallengeName="SMS_MFA", Session="s", ChallengeResponses=block).handle == "s"
    assert step("AdminRespondToAuthChallenge", ChallengeResponses=block).handle == "block"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b'"x"', b"null", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_not_an_object_is_empty(body: bytes) -> None:
    assert Step.parse("InitiateAuth", body, "").name == ""


@pytest.mark.parametrize("parameters", [None, [], "x", 1, {"DEVICE_KEY": 1, "USERNAME": None}])
def test_parameters_that_are_not_strings_do_not_count(parameters: Any) -> None:
    parsed = step("InitiateAuth", AuthFlow=1, ClientId=[], Session={}, AuthParameters=parameters)

    assert (parsed.name, parsed.client_id, parsed.session, parsed.device_key) == ("", "", "", None)
    assert parsed.parameters == {}
