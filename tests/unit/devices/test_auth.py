"""Authorization headers and the claims of tokens."""

import base64
from dataclasses import FrozenInstanceError

import pytest
from pydantic import ValidationError

from devices.auth import Caller
from devices.deadlines import Deadline
from devices.problems import INSUFFICIENT_SCOPE, INVALID_TOKEN, MISSING_TOKEN, Problem, ProblemError
from tests.support.tokens import DEVICE_KEY, IN_2024, IN_2099, SCOPE, access_token, jwt

TOKEN = access_token()
DEADLINE = Deadline.after(10)


def parse(authorization: list[str]) -> Caller:
    return Caller.parse(authorization, DEADLINE)


def refusal(*authorization: str) -> Problem:
    with pytest.raises(ProblemError) as caught:
        parse(list(authorization))
    return caught.value.problem


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_a_token_is_taken_from_the_bearer_scheme_in_any_case(scheme: str) -> None:
    caller = parse([f"{scheme} {TOKEN}"])

    assert (caller.access_token, caller.device_key, caller.deadline) == (TOKEN, DEVICE_KEY, DEADLINE)


@pytest.mark.parametrize("token", [access_token(without="device_key"), access_token({"device_key": None})])
def test_a_token_without_device_belongs_to_none(token: str) -> None:
    assert parse([f"Bearer {token}"]).device_key is None


def test_no_letter_of_a_token_is_lost() -> None:
    token = f"X{access_token(signature='signatureX')}"

    assert parse([f"Bearer {token} "]).access_token == token


def test_a_token_may_be_longer_than_any_header() -> None:
    token = access_token({"cognito:groups": ["canary"] * 100_000})

    assert parse([f"Bearer {token}"]).access_token == token


def test_a_token_has_no_repr_that_a_log_could_show() -> None:
    caller = parse([f"Bearer {TOKEN}"])

    assert TOKEN not in repr(caller)
    with pytest.raises(TypeError):
        vars(caller)


def test_a_token_stays_as_it_was_checked() -> None:
    caller = parse([f"Bearer {TOKEN}"])

    with pytest.raises(FrozenInstanceError):
        caller.device_key = "us-east-1_other"  # type: ignore[misc]


def test_a_refused_claim_is_not_quoted() -> None:
    # Not even in the error behind the problem, which a debugger or a log could show.
    with pytest.raises(ProblemError) as caught:
        parse([f"Bearer {access_token({'token_use': 'canary'})}"])

    assert isinstance(caught.value.__context__, ValidationError)
    assert "canary" not in str(caught.value.__context__)


@pytest.mark.parametrize(
    "authorization",
    [[], [""], [" "], [f"Basic {TOKEN}"], [f"DPoP {TOKEN}"], [TOKEN], [f"Bearer:{TOKEN}"], [f"BearerX {TOKEN}"],
     ["Basic a", "Digest b"], ["Basic Bearer"], [f"Basic Bearer {TOKEN}"]],
)  # fmt: skip
def test_without_the_bearer_scheme_the_token_is_missing(authorization: list[str]) -> None:
    assert refusal(*authorization) is MISSING_TOKEN


@pytest.mark.parametrize(
    "credentials",
    ["", "not-a-jwt", f"{TOKEN} {TOKEN}", f"{TOKEN},{TOKEN}", f"\t{TOKEN}", f"{TOKEN}\n", f'"{TOKEN}"', f"{TOKEN}.e",
     "a.b", "..", f"{TOKEN}=", TOKEN.replace(".", "!", 1), f"{TOKEN}é", f"{TOKEN}\x00"],
)  # fmt: skip
def test_anything_but_one_well_formed_jwt_is_invalid(credentials: str) -> None:
    assert refusal(f"Bearer {credentials}") is INVALID_TOKEN


@pytest.mark.parametrize("authorization", [f"Bearer\t{TOKEN}", f" Bearer {TOKEN}"])
def test_only_spaces_may_follow_the_scheme(authorization: str) -> None:
    assert refusal(authorization) is INVALID_TOKEN


@pytest.mark.parametrize("scheme", ["Bearer", "Basic"])
def test_two_authorization_headers_are_invalid(scheme: str) -> None:
    assert refusal(f"Bearer {TOKEN}", f"{scheme} {TOKEN}") is INVALID_TOKEN
    assert refusal(f"{scheme} {TOKEN}", f"Bearer {TOKEN}") is INVALID_TOKEN


@pytest.mark.parametrize(
    "payload",
    [b"no JSON", b"", b"[]", b"null", b'"access"', b"5", b"\xff\xfe", b'{"token_use":"access","exp":', b"{}" * 2,
     b"[" * 100_000, b'{"token_use":"access","exp":' + str(IN_2099).encode() + b',"x":' + b"[" * 100_000 + b"}",
     b'{"token_use":"access","exp":' + b"9" * 5000 + b"}"],
    ids=range(12),
)  # fmt: skip
def test_claims_that_are_no_readable_object_are_invalid(payload: bytes) -> None:
    # An empty part would be no JWT at all; a space is no JSON either.
    assert refusal(f"Bearer {jwt(payload or b' ')}") is INVALID_TOKEN


def test_claims_that_are_not_base64_are_invalid() -> None:
    part = base64.urlsafe_b64encode(b"{}").decode().rstrip("=") + "AA"  # 5 characters encode no whole number of bytes

    assert refusal(f"Bearer a.{part}.c") is INVALID_TOKEN


NO_END: list[object] = [
    IN_2024,
    0,
    -1,
    1e-300,
    float("nan"),
    float("inf"),
    float("-inf"),
    True,
    None,
    "4070908800",
    [],
    {},
]
NO_ACCESS: list[object] = ["id", "refresh", "Access", "", None, True, ["access"]]


@pytest.mark.parametrize(
    ("claim", "value"),
    [("exp", end) for end in NO_END]
    + [("token_use", use) for use in NO_ACCESS]
    + [("scope", scope) for scope in (None, 5, [SCOPE])]
    + [("device_key", key) for key in (5, True, [DEVICE_KEY])],
)
def test_claims_of_no_unexpired_access_token_are_invalid(claim: str, value: object) -> None:
    assert refusal(f"Bearer {access_token({claim: value})}") is INVALID_TOKEN


@pytest.mark.parametrize("claim", ["exp", "token_use"])
def test_a_token_must_tell_its_use_and_its_end(claim: str) -> None:
    assert refusal(f"Bearer {access_token(without=claim)}") is INVALID_TOKEN


@pytest.mark.parametrize(("now", "expired"), [(1714568399.9, False), (1714568400.0, True), (1714568400.1, True)])
def test_a_token_expires_with_its_second(now: float, expired: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001 - a table
    monkeypatch.setattr("time.time", lambda: now)
    authorization = [f"Bearer {access_token({'exp': 1714568400})}"]

    if expired:
        assert refusal(*authorization) is INVALID_TOKEN
    else:
        assert parse(authorization).device_key == DEVICE_KEY


@pytest.mark.parametrize("exp", [IN_2099, IN_2099 + 0.5])
@pytest.mark.parametrize("scope", [SCOPE, f"openid {SCOPE}", f"{SCOPE} openid", f"openid\t{SCOPE}\nemail"])
def test_the_scope_may_stand_among_others(scope: str, exp: float) -> None:
    assert parse([f"Bearer {access_token({'scope': scope, 'exp': exp})}"]).device_key == DEVICE_KEY


@pytest.mark.parametrize("scope", ["", "openid", SCOPE.upper(), f"{SCOPE}.more", f"x{SCOPE}", f"openid,{SCOPE}"])
def test_a_token_without_the_scope_is_insufficient(scope: str) -> None:
    assert refusal(f"Bearer {access_token({'scope': scope})}") is INSUFFICIENT_SCOPE


def test_a_token_that_tells_no_scope_is_insufficient() -> None:
    assert refusal(f"Bearer {access_token(without='scope')}") is INSUFFICIENT_SCOPE
