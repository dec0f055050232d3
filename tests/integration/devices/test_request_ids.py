"""The request ID of Cognito's response in the log."""

import json
from dataclasses import replace
from io import StringIO

import pytest

from devices.observability import logger
from tests.support.events import load
from tests.support.fake_cognito import FakeCognito, Reply
from tests.support.handler import invoke


def logged_request_id(sent: str, fake: FakeCognito, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Return the request ID that the function logs if Cognito sends `sent`."""
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    fake.replies = [replace(Reply.device(), headers=(f"x-amzn-RequestId: {sent}",))]
    assert invoke(load("get_device")).status == 200
    logged: str | None = json.loads(log.getvalue()).get("cognito_request_id")
    return logged


@pytest.mark.parametrize("sent", ["0123456789abcdef-ABCDEF", "a" * 64])
def test_a_request_id_of_cognito_is_logged(sent: str, fake: FakeCognito, monkeypatch: pytest.MonkeyPatch) -> None:
    assert logged_request_id(sent, fake, monkeypatch) == sent


@pytest.mark.parametrize("sent", ["canary", "g", "a" * 65, "a b", ""])
def test_a_malformed_request_id_is_not_logged(sent: str, fake: FakeCognito, monkeypatch: pytest.MonkeyPatch) -> None:
    assert logged_request_id(sent, fake, monkeypatch) is None
