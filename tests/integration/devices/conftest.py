"""The real handler and the real SDK, against a fake Cognito over HTTP."""

from collections.abc import Iterator

import pytest

from devices import cognito_client
from tests.support.fake_cognito import FakeCognito


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCognito]:
    """A fake Cognito that the function's client talks to."""
    with FakeCognito() as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL", fake.url)
        cognito_client.client.cache_clear()
        client = cognito_client.client()  # made at init, as in Lambda: it costs no request its time
        yield fake
        client.close()
    cognito_client.client.cache_clear()


@pytest.fixture
def backoffs(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the SDK would have waited between attempts; it does not wait."""
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds
