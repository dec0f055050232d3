"""What the unit tests of the function share."""

import io
from collections.abc import Iterator

import pytest

from devices import cognito_client
from devices.cognito_transport import Operation
from devices.deadlines import Deadline
from devices.models import CognitoDevice
from devices.observability import logger


@pytest.fixture
def cognito_calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The access token and device key of each GetDevice call. This Cognito knows every device."""
    calls: list[tuple[str, str]] = []

    def call(operation: Operation[CognitoDevice], parameters: dict[str, str], deadline: Deadline) -> CognitoDevice:
        assert operation.name == "GetDevice"
        assert 9 < deadline.seconds_left() <= 10
        calls.append((parameters["AccessToken"], parameters["DeviceKey"]))
        return operation.read({"Device": {"DeviceKey": parameters["DeviceKey"]}})

    monkeypatch.setattr("devices.cognito_transport.call", call)
    return calls


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """The log, one line per message."""
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


@pytest.fixture
def own_client() -> Iterator[None]:
    """Let the test create a client of its own."""
    cognito_client.client.cache_clear()
    yield
    cognito_client.client.cache_clear()
