"""Which requests a connection may carry, where the network is not needed to tell."""

import pytest

from devices.cognito_reuse import Reuse


@pytest.mark.parametrize("expected", [None, ("us-east-1_a", "token")])
def test_a_connection_over_which_nothing_was_sent_may_carry_any_request(expected: tuple[str, str] | None) -> None:
    # So that a connection may be opened before the first request.
    reuse, closed = Reuse(), []
    reuse.connected()
    reuse.expected = expected

    reuse.begin(close=lambda: closed.append(True))

    assert not closed
    assert not reuse.used
