"""How the wrapper forwards and answers ASGI requests, around an app that records what it receives."""

import asyncio
import base64
import json
from typing import Any

import pytest

from local.asgi import App, Message, Receive, Scope, Send
from local.cognito.app import device_tracking
from local.cognito.store import DeviceStore
from local.cognito.upstream import Internals
from local.cognito.user import User

CLAIMS = {"iss": "https://cognito/us-east-1_pool", "sub": "sub", "username": "dart", "origin_jti": "origin"}
TARGET = "AWSCognitoIdentityProviderService."
START = {"ClientId": "client", "AuthFlow": "USER_SRP_AUTH"}


def token(claims: dict[str, Any]) -> str:
    return f"h.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.s"


def sign(claims: dict[str, Any], pool_id: str) -> str:
    return f"{pool_id}:{claims['device_key']}"


def tracking(app: App, pool_id: str | None = "us-east-1_pool") -> App:
    return device_tracking(app, Internals(sign, issue, lambda _: pool_id, lambda _: {}), DeviceStore())


def issue(user: User, client_id: str) -> dict[str, Any]:
    raise AssertionError(user, client_id)


def sign_in(app: App, *headers: tuple[bytes, bytes], client: object = ("192.0.2.9", 1)) -> list[Message]:
    """Start a sign-in with SRP and give the password; return what the app sends then."""
    exchange(app, request("InitiateAuth", *headers, client=client), body_of(START))
    proof = {
        "ClientId": "client",
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": {"PASSWORD_CLAIM_SECRET_BLOCK": "block"},
    }
    return exchange(app, request("RespondToAuthChallenge", *headers, client=client), body_of(proof))


class Recorder:
    """An emulator with prepared responses, which records the operations and bodies that it receives."""

    def __init__(self, *, on_prompt: object = False) -> None:
        self.received: list[tuple[str, bytes]] = []
        configuration = {"DeviceOnlyRememberedOnUserPrompt": on_prompt}
        self.responses: dict[str, Any] = {
            "InitiateAuth": {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {"SECRET_BLOCK": "block"}},
            "RespondToAuthChallenge": {"AuthenticationResult": {"AccessToken": token(CLAIMS)}},
            "DescribeUserPool": {"UserPool": {"DeviceConfiguration": configuration}},
            "GetUser": {},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        operation = headers.get(b"x-amz-target", b"").decode().removeprefix(TARGET)
        self.received.append((operation, (await receive())["body"]))
        body = json.dumps(self.responses.get(operation, {})).encode()
        sent = [(b"content-length", str(len(body)).encode()), (b"X-Amz-Crc32", b"1"), (b"x-kept", b"yes")]
        await send({"type": "http.response.start", "status": 200, "headers": sent})
        await send({"type": "http.response.body", "body": body[:5], "more_body": True})
        await send({"type": "http.response.body", "body": body[5:]})


def exchange(app: App, scope: Scope, *messages: Message) -> list[Message]:
    """Send messages to an app and return what it sends."""
    incoming = list(messages)
    sent: list[Message] = []

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def request(operation: str, *headers: tuple[bytes, bytes], client: object = ("192.0.2.9", 1)) -> Scope:
    target = (b"X-Amz-Target", f"{TARGET}{operation}".encode())
    lower = (b"x-amz-target", target[1])
    return {"type": "http", "method": "POST", "path": "/", "client": client, "headers": [lower, *headers]}


def body_of(content: object) -> Message:
    return {"type": "http.request", "body": json.dumps(content).encode()}


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_connections_other_than_http_pass_through(kind: str) -> None:
    # Given
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        seen.append(scope)

    scope = {"type": kind}
    # When
    exchange(tracking(app), scope)
    # Then
    assert seen == [scope]


def test_other_operations_pass_through_unbuffered() -> None:
    # Given
    scope: Scope = {"type": "http", "path": "/", "headers": [(b"x-amz-target", b"DynamoDB_20120810.ListTables")]}
    # When
    sent = exchange(tracking(Recorder()), scope, body_of({}))
    # Then
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body", "http.response.body"]


@pytest.mark.parametrize(
    "other", [{"method": "GET"}, {"path": "/_ministack/reset"}, {"raw_path": b"%2f"}, {"query_string": b"a=b"}]
)
@pytest.mark.parametrize("operation", ["ListDevices", "InitiateAuth"])
def test_a_request_that_only_names_an_operation_is_refused(operation: str, other: dict[str, Any]) -> None:
    # Given
    app = Recorder()
    # When
    start, body = exchange(tracking(app), {**request(operation), **other}, body_of({"AccessToken": "..."}))
    # Then
    assert (start["status"], json.loads(body["body"])["__type"]) == (400, "UnknownOperationException")
    assert app.received == []


def test_the_wrapped_cognito_is_asked_at_its_own_address_without_the_callers_query() -> None:
    # Given
    scopes: list[Scope] = []
    recorder = Recorder()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await recorder(scope, receive, send)

    # When
    exchange(tracking(app), request("ListDevices"), body_of({"AccessToken": token(CLAIMS)}))
    # Then
    assert [(each["method"], each["path"], each["raw_path"], each["query_string"]) for each in scopes] == [
        ("POST", "/", b"/", b"")
    ] * 2


def test_a_client_that_disconnects_before_its_request_is_complete_gets_no_response() -> None:
    # Given
    app = Recorder()
    half = {"type": "http.request", "body": b"{", "more_body": True}
    # When
    sent = exchange(tracking(app), request("GetDevice"), half, {"type": "http.disconnect"})
    # Then
    assert (sent, app.received) == ([], [])


def test_the_wrapped_app_gets_a_request_in_parts_as_a_whole() -> None:
    # Given
    app = Recorder()
    parts = [
        {"type": "http.request", "body": b'{"ClientId":"client","AuthFlow":', "more_body": True},
        {"type": "http.request", "body": b'"USER_PASSWORD_AUTH"}', "more_body": False},
    ]
    # When
    exchange(tracking(app), request("InitiateAuth"), *parts)
    # Then
    assert ("InitiateAuth", b'{"ClientId":"client","AuthFlow":"USER_PASSWORD_AUTH"}') in app.received


def test_the_wrapped_app_learns_that_the_client_disconnected() -> None:
    # Given
    seen: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        seen.extend([await receive(), await receive()])
        await send({"type": "http.response.start", "status": 400, "headers": []})

    # When
    exchange(tracking(app), request("InitiateAuth"), body_of(START), {"type": "http.disconnect"})
    # Then
    assert [message["type"] for message in seen] == ["http.request", "http.disconnect"]


def test_a_changed_response_has_headers_that_describe_it() -> None:
    # When
    start, body = sign_in(tracking(Recorder()))
    # Then
    result = json.loads(body["body"])["AuthenticationResult"]
    assert result["AccessToken"] == f"us-east-1_pool:{result['NewDeviceMetadata']['DeviceKey']}"
    assert start["headers"] == [(b"x-kept", b"yes"), (b"content-length", str(len(body["body"])).encode())]


def test_what_the_wrapped_app_accepts_without_a_sign_in_is_refused() -> None:
    # Given an app client that no pool has
    app = tracking(Recorder(), None)
    # When
    start, body = exchange(app, request("InitiateAuth"), body_of(START))
    # Then
    assert (start["status"], json.loads(body["body"])["message"]) == (400, "Invalid session for the user.")


def test_a_challenge_stays_as_it_is() -> None:
    # Given
    app = Recorder()
    # When
    _, body = exchange(tracking(app), request("InitiateAuth"), body_of(START))
    # Then
    assert json.loads(body["body"]) == app.responses["InitiateAuth"]


@pytest.mark.parametrize(
    ("headers", "client", "address"),
    [
        ([(b"x-forwarded-for", b" 198.51.100.7 , 10.0.0.1")], ("192.0.2.9", 1), "198.51.100.7"),
        ([], ("2001:db8::9", 1), "2001:db8::9"),
        ([], None, "127.0.0.1"),
    ],
)
def test_a_devices_address_is_the_first_forwarded_one_or_the_clients(
    headers: list[tuple[bytes, bytes]], client: object, address: str
) -> None:
    # Given
    app = tracking(Recorder())
    _, body = sign_in(app, *headers, client=client)
    key = json.loads(body["body"])["AuthenticationResult"]["NewDeviceMetadata"]["DeviceKey"]
    named = {"AccessToken": token(CLAIMS), "DeviceKey": key}
    exchange(app, request("ConfirmDevice"), body_of(named))
    # When
    _, body = exchange(app, request("GetDevice"), body_of(named))
    # Then
    assert {"Name": "last_ip_used", "Value": address} in json.loads(body["body"])["Device"]["DeviceAttributes"]


@pytest.mark.parametrize(("setting", "necessary"), [("true", True), ("false", False), (True, True), (False, False)])
def test_the_pools_prompt_may_be_a_string_as_in_cloudformation(*, setting: object, necessary: bool) -> None:
    # Given
    app = tracking(Recorder(on_prompt=setting))
    _, body = sign_in(app)
    key = json.loads(body["body"])["AuthenticationResult"]["NewDeviceMetadata"]["DeviceKey"]
    # When
    _, body = exchange(app, request("ConfirmDevice"), body_of({"AccessToken": token(CLAIMS), "DeviceKey": key}))
    # Then
    assert json.loads(body["body"]) == {"UserConfirmationNecessary": necessary}


def test_a_request_that_is_not_json_is_rejected_without_asking_the_wrapped_app() -> None:
    # Given
    app = Recorder()
    # When
    start, body = exchange(
        tracking(app), request("GetDevice"), {"type": "http.request", "body": b"{", "more_body": False}
    )
    # Then
    assert (start["status"], app.received) == (400, [])
    assert json.loads(body["body"]) == {"__type": "SerializationException", "message": "Invalid JSON"}
