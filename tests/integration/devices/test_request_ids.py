"""The request ID of Cognito's response in the log."""

import json
from dataclasses import replace
from io import StringIO

import pytest

from tests.support.events import load
from tests.support.fake_cognito import FakeCognito, Reply
from tests.support.handler import invoke


def logged_request_id(sent: str, fake: FakeCognito, logged: StringIO) -> str | None:
    """Return the request ID that the function logs if Cognito sends `sent`."""
    fake.replies = [replace(Reply.device(), headers=(f"x-amzn-RequestId: {sent}",))]
    assert invoke(load("get_device")).status == 200
    request_id: str | None = json.loads(logged.getvalue()).get("cognito_request_id")
    return request_id


@pytest.mark.parametrize("sent", ["0123456789abcdef-ABCDEF", "a" * 64])
def test_a_request_id_of_cognito_is_logged(sent: str, fake: FakeCognito, logged: StringIO) -> None:
    assert logged_request_id(sent, fake, logged) == sent


@pytest.mark.parametrize("sent", ["canary", "g", "a" * 65, "a b", ""])
def test_a_malformed_request_id_is_not_logged(sent: str, fake: FakeCognito, logged: StringIO) -> None:
    assert logged_request_id(sent, fake, logged) is None
