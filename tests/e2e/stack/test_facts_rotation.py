"""What Amazon Cognito does with refresh tokens of an app client that rotates them.

A fact that turns out to be otherwise does not fail `make verify`. docs/local.md says how to report it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support import temporary
from tests.support.outcomes import outcome, refresh, rotate
from tests.support.people import KnownDevice, SignedIn
from tools.verify.stack import Stack

type Fact = Callable[..., None]

ROTATION: dict[str, Any] = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}


@pytest.fixture
def rotating(own_pool: Stack) -> Iterator[tuple[SignedIn, KnownDevice]]:
    """Return a sign-in at an app client that rotates refresh tokens, and its device, which Cognito remembers."""
    settings: dict[str, Any] = {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "RefreshTokenRotation": ROTATION}
    with (
        temporary.app_client(own_pool, **settings) as client_id,
        temporary.new_person(own_pool, client_id=client_id) as person,
    ):
        sign_in = person.sign_in()
        yield sign_in, sign_in.confirm()


@pytest.mark.fact("documented")
def test_a_refresh_token_is_refused_after_its_replacement(rotating: Any, fact: Fact) -> None:
    sign_in, device = rotating
    first = rotate(sign_in, device.key)
    second = rotate(sign_in, device.key)
    fact(f"first {first}, then {second.partition(':')[0]}", "first tokens, then RefreshTokenReuseException")


@pytest.mark.fact("documented")
def test_refresh_token_auth_is_refused_where_refresh_tokens_rotate(rotating: Any, fact: Fact) -> None:
    sign_in, device = rotating
    came = refresh(sign_in, device.key)
    fact(came.partition(":")[0], "InvalidParameterException")


@pytest.mark.fact("a guess")
def test_an_app_client_with_refresh_token_auth_cannot_rotate(own_pool: Stack, fact: Fact) -> None:
    def create() -> dict[str, Any]:
        settings: dict[str, Any] = {"ExplicitAuthFlows": temporary.SRP, "RefreshTokenRotation": ROTATION}
        with temporary.app_client(own_pool, **settings):
            return {}

    fact(outcome(create).partition(":")[0], "InvalidParameterException")
