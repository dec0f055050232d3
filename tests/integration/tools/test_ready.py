"""How `make verify` waits for the API, and what it says of an access token that cannot be accepted."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.support.local_cloud import free_port
from tests.support.tokens import IN_2024, access_token, jwt
from tools.stages import StackError
from tools.verify import ready
from tools.verify.stack import Stack

POOL = "us-east-1_pool"
ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"
PROBLEM, FORBIDDEN = (401, "application/problem+json"), (403, "application/json")


def stack(api_url: str = "", token: str = "", **parameters: str) -> Stack:
    return Stack(
        name="api",
        region="us-east-1",
        aws=NotImplemented,
        api_url=api_url,
        parameters=parameters,
        user_pool_id=POOL,
        client_id="client",
        made_pool=False,
        access_token=token,
    )


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Return a function that serves responses, the last one forever, and returns the base URL."""
    servers: list[ThreadingHTTPServer] = []

    def start(*responses: tuple[int, str]) -> str:
        left = list(responses)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.path == "/v1/devices"
                status, content_type = left.pop(0) if len(left) > 1 else left[0]
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/v1"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_an_api_that_answers_is_tested_at_once(serve: Callable[..., str]) -> None:
    lines: list[str] = []

    ready.await_api(stack(serve(PROBLEM)), lines.append)

    assert lines == []


def test_a_new_api_is_awaited(serve: Callable[..., str]) -> None:
    lines: list[str] = []

    ready.await_api(stack(serve(FORBIDDEN, FORBIDDEN, PROBLEM)), lines.append, pause=0.01)

    assert lines == [
        "The API does not answer as it should yet (403 application/json): waiting up to 60 seconds.",
    ]


def test_an_api_that_keeps_answering_otherwise_is_tested(serve: Callable[..., str]) -> None:
    ready.await_api(stack(serve(FORBIDDEN)), print, seconds=0.05, pause=0.01)


@pytest.mark.parametrize(
    ("parameters", "hint"),
    [
        ({}, r"\.$"),
        ({"DomainName": "devices.example.com"}, r"\. Does a DNS record of devices\.example\.com point to the output"),
    ],
    ids=["own name", "DomainName"],
)
def test_an_api_that_cannot_be_reached_is_not_tested(parameters: dict[str, str], hint: str) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"

    with pytest.raises(StackError, match=rf"^{url} cannot be reached: .*Connection refused{hint}"):
        ready.await_api(stack(url, **parameters), print, seconds=0, pause=0)


def test_a_good_access_token_is_accepted() -> None:
    ready.check_token(stack(token=access_token({"iss": ISSUER})))


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("abc", "is not an access token of Amazon Cognito"),
        ("a.%%%.c", "is not an access token of Amazon Cognito"),
        (jwt(b"[]"), "is not an access token of Amazon Cognito"),
        (access_token({"iss": ISSUER, "token_use": "id"}), "is not an access token of Amazon Cognito"),
        (access_token({"iss": ISSUER, "exp": IN_2024}), "has expired"),
        (access_token({"iss": f"{ISSUER}2"}), f"is not from the user pool {POOL}"),
        (access_token({"iss": ISSUER, "scope": "openid"}), "lacks the scope aws.cognito.signin.user.admin"),
    ],
    ids=["no JWT", "no base64", "no claims", "an ID token", "expired", "another pool", "no scope"],
)
def test_an_access_token_that_cannot_be_accepted_is_named(token: str, reason: str) -> None:
    with pytest.raises(StackError) as refused:
        ready.check_token(stack(token=token))

    assert str(refused.value) == f"ACCESS_TOKEN {reason}."
