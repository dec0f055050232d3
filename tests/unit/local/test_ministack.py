"""The environment variables of the developer that MiniStack must not see."""

import os

import pytest

from local import ministack


@pytest.mark.parametrize(
    "name",
    [
        "SMTP_HOST",
        "S3_PERSIST",
        "SERVICES",
        "MINISTACK_LAMBDA_PROXY_any",
        "AWS_PROFILE",
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    ],
)
def test_it_removes_the_developers_own_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {name: "true", "GATEWAY_PORT": "1", "PATH": "/bin"})

    ministack.configure(4566, "/state")

    assert name not in os.environ
    assert (os.environ["GATEWAY_PORT"], os.environ["AWS_ENDPOINT_URL"]) == ("4566", "http://127.0.0.1:4566")
    assert os.environ["PATH"] == "/bin"


def test_the_function_may_send_its_traces_to_the_developers_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000"})

    ministack.configure(4566, "/state")

    assert os.environ["AWS_XRAY_DAEMON_ADDRESS"] == "127.0.0.1:2000"
