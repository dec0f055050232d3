"""Which hosts the local cloud's processes call without the developer's proxy."""

import os
import urllib.request

import pytest
from botocore.utils import get_environ_proxies
from requests.utils import should_bypass_proxies

from local.proxies import loopback_exceptions

PROXY = "http://127.0.0.1:9"
LOCAL = ["127.0.0.1:4566", "localhost:4566"]
WITH_LOOPBACK = "127.0.0.1,localhost"


@pytest.fixture(autouse=True)
def _proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, PROXY)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("own", "upper", "lower"),
    [
        ({}, WITH_LOOPBACK, WITH_LOOPBACK),
        ({"NO_PROXY": "a.test"}, f"a.test,{WITH_LOOPBACK}", f"a.test,{WITH_LOOPBACK}"),
        ({"no_proxy": "a.test"}, f"a.test,{WITH_LOOPBACK}", f"a.test,{WITH_LOOPBACK}"),
        ({"NO_PROXY": "a.test", "no_proxy": "b.test"}, f"a.test,{WITH_LOOPBACK}", f"b.test,{WITH_LOOPBACK}"),
        ({"NO_PROXY": "a.test", "no_proxy": ""}, f"a.test,{WITH_LOOPBACK}", WITH_LOOPBACK),
        ({"NO_PROXY": "localhost,a.test"}, "localhost,a.test,127.0.0.1", "localhost,a.test,127.0.0.1"),
        ({"NO_PROXY": ",a.test,"}, f"a.test,{WITH_LOOPBACK}", f"a.test,{WITH_LOOPBACK}"),
        ({"NO_PROXY": "*"}, "*", "*"),
        ({"NO_PROXY": "a.test", "no_proxy": "*"}, f"a.test,{WITH_LOOPBACK}", "*"),
    ],
)
def test_clients_reach_this_machine_and_keep_the_developers_exceptions(
    own: dict[str, str], upper: str, lower: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    before = [_has_proxy(host) for host in ("a.test", "b.test", "aws.test")]

    # When
    variables = loopback_exceptions()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    # Then
    assert variables == {"NO_PROXY": upper, "no_proxy": lower}
    assert [_has_proxy(host) for host in LOCAL] == [{False}, {False}]
    assert [_has_proxy(host) for host in ("a.test", "b.test", "aws.test")] == before
    assert loopback_exceptions() == variables, "a process started by another one changes nothing"


def _has_proxy(host: str) -> set[bool]:
    """Return whether botocore, urllib and requests would ask the proxy for a host: one member if they agree."""
    of_urllib = bool(urllib.request.getproxies()) and not urllib.request.proxy_bypass(host)
    of_requests = not should_bypass_proxies(f"http://{host}", os.environ.get("no_proxy"))
    return {bool(get_environ_proxies(f"http://{host}")), of_urllib, of_requests}
