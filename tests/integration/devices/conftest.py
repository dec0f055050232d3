"""The fake Cognito that the handler and the SDK call over HTTP."""

import io
import ssl
from collections.abc import Iterator

import pytest
from botocore.config import Config

from devices import cognito_client
from devices.observability import logger
from tests.support.certificates import Server, create_server
from tests.support.fake_cognito import FakeCognito
from tests.support.proxy import tunnelling_proxy
from tests.support.wire_cognito import WireCognito


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCognito]:
    """A fake Cognito that the function's client calls."""
    with FakeCognito() as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL", fake.url)
        cognito_client.client.cache_clear()
        client = cognito_client.client()  # created before the request, as Lambda's init does
        yield fake
        client.close()
    cognito_client.client.cache_clear()


@pytest.fixture
def backoffs(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The backoffs between attempts, in seconds. The SDK does not wait for them."""
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """The log, one line per message."""
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The certificates of the Cognito that the function calls over TLS."""
    return create_server(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def wire_tls(authority: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[WireCognito]:
    """A Cognito that the function's client calls over TLS, and that sends any bytes."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.bundle))
    yield from _wire(authority.context, monkeypatch)


@pytest.fixture
def wire_tcp(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireCognito]:
    """The same over TCP alone."""
    yield from _wire(None, monkeypatch)


@pytest.fixture(params=["wire_tcp", "wire_tls"])
def wire(request: pytest.FixtureRequest) -> WireCognito:
    """One after the other."""
    fixture: WireCognito = request.getfixturevalue(request.param)
    return fixture


@pytest.fixture(params=["TCP", "TLS"])
def proxied_hosts(
    request: pytest.FixtureRequest, authority: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """The hosts that the function's client reaches through a proxy, over TCP and then over TLS."""
    # A busy machine may need more than a second for the handshakes with the proxy and with Cognito.
    monkeypatch.setattr(cognito_client, "CONFIG", cognito_client.CONFIG.merge(Config(connect_timeout=10)))
    with tunnelling_proxy(authority.context if request.param == "TLS" else None) as (url, hosts):
        monkeypatch.setenv("HTTPS_PROXY", url)
        yield hosts


def _wire(context: ssl.SSLContext | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[WireCognito]:
    with WireCognito(context) as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL", fake.url)
        cognito_client.client.cache_clear()
        yield fake
        cognito_client.client().close()
    cognito_client.client.cache_clear()
