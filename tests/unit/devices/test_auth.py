"""The Authorization header. test_auth_claims.py tests the claims of its access token."""

from dataclasses import FrozenInstanceError

import pytest
from pydantic import ValidationError

from devices.auth import Caller
from devices.deadlines import Deadline
from devices.problems import INVALID_TOKEN, MISSING_TOKEN, Problem, ProblemError
from tests.support.tokens import DEVICE_KEY, access_token

TOKEN = access_token()
DEADLINE = Deadline(10)


def parse(authorization: list[str]) -> Caller:
    return Caller.parse(authorization, DEADLINE)


def refusal(*authorization: str) -> Problem:
    with pytest.raises(ProblemError) as caught:
        parse(list(authorization))
    return caught.value.problem


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_caller_reads_the_token_after_the_bearer_scheme_in_any_case(scheme: str) -> None:
    caller = parse([f"{scheme} {TOKEN}"])

    assert (caller.access_token, caller.current_key, caller.deadline) == (TOKEN, DEVICE_KEY, DEADLINE)


@pytest.mark.parametrize("token", [access_token(without="device_key"), access_token({"device_key": None})])
def test_a_token_without_a_device_key_gives_a_caller_without_one(token: str) -> None:
    assert parse([f"Bearer {token}"]).current_key is None


def test_caller_keeps_every_character_of_the_token() -> None:
    token = f"X{access_token(signature='signatureX')}"

    assert parse([f"Bearer {token} "]).access_token == token


def test_caller_accepts_a_token_longer_than_a_header_can_be() -> None:
    token = access_token({"cognito:groups": ["canary"] * 100_000})

    assert parse([f"Bearer {token}"]).access_token == token


def test_the_repr_of_a_caller_holds_no_token() -> None:
    caller = parse([f"Bearer {TOKEN}"])

    assert TOKEN not in repr(caller)
    with pytest.raises(TypeError):
        vars(caller)


def test_a_caller_is_immutable() -> None:
    caller = parse([f"Bearer {TOKEN}"])

    with pytest.raises(FrozenInstanceError):
        caller.current_key = "us-east-1_other"  # type: ignore[misc]


def test_the_error_does_not_quote_an_invalid_claim() -> None:
    # A debugger or a log could show the error behind the problem.
    with pytest.raises(ProblemError) as caught:
        parse([f"Bearer {access_token({'token_use': 'canary'})}"])

    assert isinstance(caught.value.__context__, ValidationError)
    assert "canary" not in str(caught.value.__context__)


@pytest.mark.parametrize(
    "authorization",
    [[], [""], [" "], [f"Basic {TOKEN}"], [f"DPoP {TOKEN}"], [TOKEN], [f"Bearer:{TOKEN}"], [f"BearerX {TOKEN}"],
     ["Basic a", "Digest b"], ["Basic Bearer"], [f"Basic Bearer {TOKEN}"]],
)  # fmt: skip
def test_a_header_without_the_bearer_scheme_is_missing_token(authorization: list[str]) -> None:
    assert refusal(*authorization) is MISSING_TOKEN


@pytest.mark.parametrize(
    "credentials",
    ["", "not-a-jwt", f"{TOKEN} {TOKEN}", f"{TOKEN},{TOKEN}", f"\t{TOKEN}", f"{TOKEN}\n", f'"{TOKEN}"', f"{TOKEN}.e",
     "a.b", "..", f"{TOKEN}=", TOKEN.replace(".", "!", 1), f"{TOKEN}é", f"{TOKEN}\x00"],
)  # fmt: skip
def test_credentials_other_than_one_well_formed_jwt_are_invalid_token(credentials: str) -> None:
    assert refusal(f"Bearer {credentials}") is INVALID_TOKEN


@pytest.mark.parametrize("authorization", [f"Bearer\t{TOKEN}", f" Bearer {TOKEN}"])
def test_whitespace_other_than_a_space_after_the_scheme_is_invalid_token(authorization: str) -> None:
    assert refusal(authorization) is INVALID_TOKEN


@pytest.mark.parametrize("scheme", ["Bearer", "Basic"])
def test_two_authorization_headers_are_invalid_token(scheme: str) -> None:
    assert refusal(f"Bearer {TOKEN}", f"{scheme} {TOKEN}") is INVALID_TOKEN
    assert refusal(f"{scheme} {TOKEN}", f"Bearer {TOKEN}") is INVALID_TOKEN
