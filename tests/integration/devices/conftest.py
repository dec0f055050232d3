"""The fake Cognito that the handler and the SDK call over HTTP."""

import io
from collections.abc import Iterator

import pytest

from devices import cognito_client
from devices.observability import logger
from tests.support.fake_cognito import FakeCognito


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
