"""Which hosts the local cloud's processes call without the developer's proxy."""

import pytest

from local.proxies import loopback_exceptions


@pytest.mark.parametrize(
    ("variables", "hosts"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"NO_PROXY": "example.com"}, "example.com,127.0.0.1,localhost"),
        ({"no_proxy": "example.com", "NO_PROXY": "example.org"}, "example.com,127.0.0.1,localhost"),
    ],
)
def test_this_machine_is_added_to_the_developers_exceptions(
    variables: dict[str, str], hosts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    # Then
    assert loopback_exceptions() == {"NO_PROXY": hosts, "no_proxy": hosts}
