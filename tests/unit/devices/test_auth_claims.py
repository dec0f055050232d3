"""The claims of an access token: its expiration, use, scope and device key."""

import base64

import pytest

from devices.auth import Caller
from devices.deadlines import Deadline
from devices.problems import INSUFFICIENT_SCOPE, INVALID_TOKEN, Problem, ProblemError
from tests.support.tokens import DEVICE_KEY, IN_2024, IN_2099, SCOPE, access_token, jwt


def parse(token: str) -> Caller:
    return Caller.parse([f"Bearer {token}"], Deadline(10))


def refusal(token: str) -> Problem:
    with pytest.raises(ProblemError) as caught:
        parse(token)
    return caught.value.problem


@pytest.mark.parametrize(
    "payload",
    [b"not JSON", b"", b"[]", b"null", b'"access"', b"5", b"\xff\xfe", b'{"token_use":"access","exp":', b"{}" * 2,
     b"[" * 100_000, b'{"token_use":"access","exp":' + str(IN_2099).encode() + b',"x":' + b"[" * 100_000 + b"}",
     b'{"token_use":"access","exp":' + b"9" * 5000 + b"}"],
    ids=range(12),
)  # fmt: skip
def test_unreadable_claims_are_invalid_token(payload: bytes) -> None:
    # Send a space for the empty payload, because a JWT's parts cannot be empty.
    assert refusal(jwt(payload or b" ")) is INVALID_TOKEN


def test_claims_that_are_not_base64_are_invalid_token() -> None:
    part = base64.urlsafe_b64encode(b"{}").decode().rstrip("=") + "AA"  # 5 characters do not encode whole bytes

    assert refusal(f"a.{part}.c") is INVALID_TOKEN


INVALID_EXPIRATIONS: list[object] = [
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
INVALID_USES: list[object] = ["id", "refresh", "Access", "", None, True, ["access"]]


@pytest.mark.parametrize(
    ("claim", "value"),
    [("exp", value) for value in INVALID_EXPIRATIONS]
    + [("token_use", value) for value in INVALID_USES]
    + [("scope", value) for value in (None, 5, [SCOPE])]
    + [("device_key", value) for value in (5, True, [DEVICE_KEY])],
)
def test_a_claim_with_an_invalid_value_is_invalid_token(claim: str, value: object) -> None:
    assert refusal(access_token({claim: value})) is INVALID_TOKEN


@pytest.mark.parametrize("claim", ["exp", "token_use"])
def test_a_token_without_its_expiration_or_use_is_invalid_token(claim: str) -> None:
    assert refusal(access_token(without=claim)) is INVALID_TOKEN


@pytest.mark.parametrize(("now", "expired"), [(1714568399.9, False), (1714568400.0, True), (1714568400.1, True)])
def test_a_token_expires_at_the_second_of_its_exp_claim(
    now: float,
    expired: bool,  # noqa: FBT001 - a table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("time.time", lambda: now)
    token = access_token({"exp": 1714568400})

    if expired:
        assert refusal(token) is INVALID_TOKEN
    else:
        assert parse(token).current_key == DEVICE_KEY


@pytest.mark.parametrize("exp", [IN_2099, IN_2099 + 0.5])
@pytest.mark.parametrize("scope", [SCOPE, f"openid {SCOPE}", f"{SCOPE} openid", f"openid\t{SCOPE}\nemail"])
def test_a_token_may_have_other_scopes_too(scope: str, exp: float) -> None:
    assert parse(access_token({"scope": scope, "exp": exp})).current_key == DEVICE_KEY


@pytest.mark.parametrize("scope", ["", "openid", SCOPE.upper(), f"{SCOPE}.more", f"x{SCOPE}", f"openid,{SCOPE}"])
def test_a_token_without_the_scope_is_insufficient_scope(scope: str) -> None:
    assert refusal(access_token({"scope": scope})) is INSUFFICIENT_SCOPE


def test_a_token_without_a_scope_claim_is_insufficient_scope() -> None:
    assert refusal(access_token(without="scope")) is INSUFFICIENT_SCOPE
