"""The powers that SRP computes."""

import pytest
from pycognito import aws_srp

from local import demo, powers

N = int(aws_srp.N_HEX, 16)


@pytest.mark.parametrize("base", [0, 1, 2, N - 1, N, N + 2, -3, N * N])
@pytest.mark.parametrize("exponent", [0, 1, 2, N - 2, 3**1600])
def test_a_power_is_that_of_the_built_in_function(base: int, exponent: int) -> None:
    expected = pow(base, exponent, N)

    assert powers.power(base, exponent, N) == expected
    assert type(powers.power(base, exponent, N)) is int


def test_the_srp_client_of_the_demo_uses_it() -> None:
    assert vars(demo)["aws_srp"].pow is powers.power
