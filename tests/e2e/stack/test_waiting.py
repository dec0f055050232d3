"""What shows only after a while."""

import time

import httpx
import pytest

from tests.support.responses import assert_problem


def test_an_expired_token_is_refused(page: httpx.Client, expiring: tuple[str, float] | None) -> None:
    if expiring is None:
        pytest.skip("it needs a user pool that the stack made")
    token, ends = expiring

    time.sleep(max(0.0, ends - time.time()) + 1)
    response = page.get("/devices", headers={"Authorization": f"Bearer {token}"})

    # AWS does not document whether the authorizer's clock is tolerant. The function refuses the token too
    by_gateway = response.headers.get("access-control-allow-origin") == "*"
    assert_problem(response, 401, "invalid-token", by_gateway=by_gateway)
