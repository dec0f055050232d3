"""The emulator's access control: which requests it refuses, by the address, the name, the browser and the operation."""

import asyncio
import json
import tracemalloc
from typing import Any

import pytest

from devices import cognito
from devices.cognito_transport import Operation
from local.access import ALLOWED, LIMIT, guarded
from local.asgi import Message, Receive, Scope, Send, read_body

COGNITO = "AWSCognitoIdentityProviderService."
API = "/_aws/execute-api/a1b2c3d4e5/v1"
DOMAIN = "devices.example.com"
AMPLIFY: dict[str, Any] = {
    "origin": "http://localhost:8000",
    "sec-fetch-site": "same-site",
    "user-agent": "Mozilla/5.0",
    "content-type": "application/x-amz-json-1.1",
}
PREFLIGHT: dict[str, Any] = {"origin": "https://evil.test", "access-control-request-method": "POST"}
SCOPE = "test/20260101/us-east-1/iam/aws4_request"


def reached(scope: dict[str, Any]) -> tuple[str, list[Message]]:
    """Return the path that the app is asked for, if it is asked, and the messages that the connection gets."""
    sent: list[Message] = []
    paths = [""]

    async def app(scope: Scope, receive: Receive, _send: Send) -> None:
        paths.append(scope.get("path", "lifespan"))
        assert scope.get("raw_path", b"lifespan").decode() == paths[-1]
        if scope["type"] == "http":
            assert await read_body(receive) == b"{}"

    def resolve(domain: str, path: str) -> tuple[str, str, str] | None:
        if domain != DOMAIN or not path.startswith("/base"):
            return None
        return ("a1b2c3d4e5", "" if path.startswith("/base/v1") else "v1", path.removeprefix("/base"))

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return parts.pop()

    parts: list[Message] = [
        {"type": "http.request", "body": b"}", "more_body": False},
        {"type": "http.request", "body": b"{", "more_body": True},
    ]
    asyncio.run(guarded(app, frozenset({"GetUser", "InitiateAuth"}), resolve)(scope, receive, send))
    # The guard reads the whole body of a request that it refuses: the client may use the connection again.
    assert len(parts) == (0 if scope["type"] == "http" else 2)
    return paths[-1], sent


def refused(scope: dict[str, Any]) -> str:
    """Return the message of the response if the request is refused, and an empty string if it is served."""
    path, sent = reached(scope)
    if path:
        return ""
    start, body, end = sent
    assert (body["more_body"], end["body"]) == (True, b"")
    content = json.loads(body["body"])
    assert (start["status"], content["__type"]) == (403, "AccessDeniedException")
    return str(content["message"])


def request(
    server: str = "127.0.0.1",
    target: str = "",
    path: str = "/",
    *,
    host: str | None = None,
    port: int = 4566,
    **headers: str,
) -> dict[str, Any]:
    """Return the scope of a POST request; underscores in the names of headers stand for hyphens."""
    named = {"host": f"{server}:{port}" if host is None else host, "x-amz-target": target, **headers}
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "server": (server, port),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items() if value],
    }


def sent_by_browser(path: str = "/", target: str = "", **headers: str) -> dict[str, Any]:
    sent: dict[str, Any] = {"origin": "https://evil.test", **headers}
    return request("127.0.0.1", target, path, **sent)


def test_neighbours_may_call_the_operations_that_the_function_calls() -> None:
    assert {value.name for value in vars(cognito).values() if isinstance(value, Operation)} == ALLOWED


@pytest.mark.parametrize("path", ["/", "/_ministack/reset", "/2015-03-31/functions?X-Amz-Credential=test"])
def test_tools_on_this_machine_may_call_everything(path: str) -> None:
    assert refused(request(path=path, user_agent="Boto3/1.44.5")) == ""


@pytest.mark.parametrize("agent", ["w3m/0.5.3", "curl/8.5.0"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/?Action=CreateStack", f"/queue?%41ction&X-Amz-Credential={SCOPE}"])
def test_a_link_performs_no_operation(agent: str, method: str, path: str) -> None:
    message = "An operation whose name is in the query is not served with GET. Send it with POST, as boto3 does."
    link: dict[str, Any] = {"path": path, "user-agent": agent}

    assert refused({**request(**link), "method": method}) == message
    assert refused(request(**link)) == ""


@pytest.mark.parametrize("path", [f"/bucket/object?X-Amz-Credential={SCOPE}", "/?action=x", f"{API}/devices?Action=x"])
def test_other_links_are_served(path: str) -> None:
    assert refused({**request(path=path), "method": "GET"}) == ""


@pytest.mark.parametrize("operation", ["GetDevice", "ListDevices", "ForgetDevice", "UpdateDeviceStatus"])
def test_neighbours_may_call_a_users_device_operations(operation: str) -> None:
    assert refused(request("172.17.0.1", COGNITO + operation)) == ""
    assert refused(request("172.17.0.1", COGNITO + operation, host="host.docker.internal:4566")) == ""
    # Docker Desktop forwards the requests of containers to 127.0.0.1.
    assert refused(request("127.0.0.1", COGNITO + operation, host="host.docker.internal:4566")) == ""


@pytest.mark.parametrize(
    "target", ["", COGNITO + "AdminGetDevice", COGNITO + "ListUserPools", "GetDevice", "Lambda.Invoke"]
)
def test_neighbours_may_call_nothing_else(target: str) -> None:
    only_device_operations = "Only a user's device operations are served here."

    assert refused(request("172.17.0.1", target)) == only_device_operations
    assert refused(request("127.0.0.1", target, host="host.docker.internal:4566")) == only_device_operations


@pytest.mark.parametrize(
    "other",
    [
        {"method": "GET"},
        {"path": "/_ministack/reset", "raw_path": b"/_ministack/reset"},
        {"path": "//", "raw_path": b"//"},
        {"path": "/", "raw_path": b"%2f"},
        {"query_string": b"Action=CreateRole"},
        {
            "headers": [
                (b"host", b"172.17.0.1:4566"),
                (b"x-amz-target", f"{COGNITO}ListDevices".encode()),
                (b"x-amz-target", b"Lambda.Invoke"),
            ]
        },
    ],
)
def test_neighbours_may_send_only_the_request_of_an_operation(other: dict[str, Any]) -> None:
    assert refused({**request("172.17.0.1", COGNITO + "ListDevices"), **other})


def test_a_request_at_an_unknown_address_is_refused() -> None:
    assert refused({**request("", COGNITO + "ListDevices", host="127.0.0.1:4566"), "server": None})


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:4566", "LocalHost:4566"])
def test_it_serves_its_own_names(host: str) -> None:
    assert refused(request(host=host)) == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "localhost:80"])
def test_the_default_port_may_be_left_out(host: str) -> None:
    assert refused(request(host=host, port=80)) == ""
    assert refused(request(host=host))


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.test:4566",
        "evil.test",
        "localhost:4567",
        "localhost:",
        "localhost:04566",
        "localhost:4566:4566",
        "localhost:4566, evil.test",
        "localhost.:4566",
        "localhost.evil.test:4566",
        "evil@localhost:4566",
        "bucket.localhost:4566",
        "a1b2c3d4.execute-api.localhost:4566",
        "[::1]:4566",
        "[::ffff:127.0.0.1]:4566",
        "0.0.0.0:4566",
        "127.1:4566",
        "127.0.0.2:4566",
        "172.17.0.1:4566",
    ],
)
def test_it_serves_no_other_name(host: str) -> None:
    expected = "127.0.0.1:4566, localhost:4566, host.docker.internal:4566"

    assert refused(request(host=host)) == f"The request's Host header must be one of these: {expected}."
    assert refused(request(host=host, target=f"{COGNITO}InitiateAuth", **AMPLIFY))
    assert refused(request(host=host, path=f"{API}/devices"))


def test_neighbours_must_use_the_name_of_the_address_where_they_arrive() -> None:
    assert refused(request("172.17.0.1", COGNITO + "ListDevices", host="127.0.0.1:4566"))
    assert refused(request("172.17.0.1", COGNITO + "ListDevices", host="localhost:4566"))


def test_two_host_headers_are_refused() -> None:
    twice = request()
    twice["headers"] += [(b"Host", b"127.0.0.1:4566")]

    assert refused(twice)


@pytest.mark.parametrize("target", ["http://evil.test/", "*", "evil.test:443", ""])
def test_a_target_that_is_not_a_path_is_refused(target: str) -> None:
    assert refused(request(path=target))


SERVED_AT_DOMAIN = {"/base/devices": f"{API}/devices", "/base/v1/devices": f"{API}/devices", "/base": API}


@pytest.mark.parametrize("path", SERVED_AT_DOMAIN)
@pytest.mark.parametrize("host", [DOMAIN, f"{DOMAIN}:4566", DOMAIN.upper()])
def test_a_custom_domain_name_serves_its_api(host: str, path: str) -> None:
    assert reached(request(host=host, path=path)) == (SERVED_AT_DOMAIN[path], [])
    assert reached(sent_by_browser(path, host=host)) == (SERVED_AT_DOMAIN[path], [])


def test_a_custom_domain_name_serves_nothing_else() -> None:
    assert refused(request(host=DOMAIN, path="/_ministack/reset"))
    assert refused(request(host=f"{DOMAIN}:80", path="/base/devices"))
    assert refused(request(host=DOMAIN, path="/base/@connections/1"))
    assert refused(sent_by_browser(f"/base/devices?X-Amz-Credential={SCOPE}", host=DOMAIN))
    assert refused(request("172.17.0.1", host=DOMAIN, path="/base/devices"))


BROWSERS: list[dict[str, Any]] = [
    {"origin": "https://evil.test"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:4566"},
    {"Origin": "http://localhost:8000"},
    *[{"sec-fetch-site": site} for site in ("cross-site", "same-site", "same-origin", "none", "anything")],
    {"user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/16.3 Safari/605.1.15"},
]


@pytest.mark.parametrize("headers", BROWSERS)
def test_browsers_may_not_call_aws(headers: dict[str, Any]) -> None:
    message = refused(request(path="/2015-03-31/functions", **headers))

    assert message == (
        "A browser may only call the API below /_aws/execute-api/ and the operations of Cognito that need no "
        "signature (POST / with X-Amz-Target and Content-Type application/x-amz-json-1.1), without AWS credentials. "
        "Send other requests without a browser, for example with curl or boto3."
    )


@pytest.mark.parametrize("headers", BROWSERS)
def test_browsers_may_call_the_api(headers: dict[str, Any]) -> None:
    assert refused(request(path=f"{API}/devices?limit=3", authorization="Bearer AWS.token", **headers)) == ""


@pytest.mark.parametrize("path", [f"{API}", f"{API}/", f"{API}/%2e%2e/%2e%2e", f"{API}/../..", f"{API}//x\n"])
def test_browsers_may_use_any_path_of_the_api(path: str) -> None:
    assert refused(sent_by_browser(path)) == ""


@pytest.mark.parametrize(
    "path",
    [
        "/_aws/execute-api",
        "/_aws/execute-api/",
        "/_aws/execute-api//v1/devices",
        "/_aws/execute-api/a1b2c3d4e5",
        "/_aws/execute-api/a1b2c3d4e5/",
        "/_aws/execute-api/a1b2c3d4e5//devices",
        "/_aws/execute-api/../v1/devices",
        "/_aws/execute-api/a1b2c3d4e5/..",
        "/_aws/execute-api/a1b2c3d4e5/$default/devices",
        f"{API}/@connections/1",
        f"{API}/@connections",
        f"/{API}/devices",
        f"/x/..{API}/devices",
        "/_AWS/execute-api/a1b2c3d4e5/v1/devices",
        "/_aws/lambda-url/a1b2c3d4e5/v1",
        "/restapis/a1b2c3d4e5/v1/_user_request_/devices",
    ],
)
def test_browsers_may_not_use_paths_that_may_lead_elsewhere(path: str) -> None:
    assert refused(sent_by_browser(path))


CREDENTIALS: list[tuple[str, dict[str, Any]]] = [
    (f"?X-Amz-Credential={SCOPE}", {}),
    (f"?%58-amz-credential={SCOPE}", {}),
    ("?a=b&x-amz-algorithm", {}),
    ("?AWSAccessKeyId=test", {}),
    ("", {"authorization": f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=0"}),
    ("", {"authorization": f"Bearer x, Credential={SCOPE}"}),
    ("", {"authorization": "AWS test:0"}),
]


@pytest.mark.parametrize(("query", "headers"), CREDENTIALS)
def test_browsers_may_not_send_credentials(query: str, headers: dict[str, Any]) -> None:
    amplify = request("127.0.0.1", f"{COGNITO}GetUser", f"/{query}", **{**AMPLIFY, **headers})

    assert refused(sent_by_browser(f"{API}/devices{query}", **headers))
    assert refused(amplify)
    assert refused({**request("127.0.0.1", path=f"/{query}", **{**PREFLIGHT, **headers}), "method": "OPTIONS"})


@pytest.mark.parametrize("operation", ["InitiateAuth", "GetUser"])
def test_browsers_may_call_cognitos_unsigned_operations(operation: str) -> None:
    assert refused(request("127.0.0.1", COGNITO + operation, **AMPLIFY)) == ""
    assert refused({**request(**PREFLIGHT), "method": "OPTIONS"}) == ""


def test_a_content_type_may_name_a_charset() -> None:
    charset = {"content-type": "application/x-amz-json-1.1; charset=utf-8"}

    assert refused(request("127.0.0.1", f"{COGNITO}GetUser", **{**AMPLIFY, **charset})) == ""


@pytest.mark.parametrize(
    "other",
    [
        {"target": f"{COGNITO}AdminGetUser"},
        {"target": f"{COGNITO}ListUsers"},
        {"target": "GetUser"},
        {"target": "DynamoDB_20120810.ListTables"},
        {"target": f"{COGNITO}GetUser", "path": "/x"},
        {"target": f"{COGNITO}GetUser", "path": "/?a=b"},
        {"target": f"{COGNITO}GetUser", "content-type": "text/plain"},
        {"target": f"{COGNITO}GetUser", "content-type": ""},
    ],
)
def test_browsers_may_call_nothing_else_of_cognito(other: dict[str, Any]) -> None:
    assert refused(request(**{**AMPLIFY, **other}))


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/x"},
        {"path": "/?a=b"},
        {"access-control-request-method": "PUT"},
        {"access-control-request-method": ""},
    ],
)
def test_browsers_get_no_other_preflight(other: dict[str, Any]) -> None:
    assert refused({**request(**{**PREFLIGHT, **other}), "method": "OPTIONS"})


WEBSOCKETS = [
    {"server": ("172.17.0.1", 4566), "headers": [(b"host", b"172.17.0.1:4566")]},
    {"server": ("127.0.0.1", 4566), "headers": [(b"host", b"evil.test:4566")]},
    {"server": ("127.0.0.1", 4566), "headers": [(b"host", b"127.0.0.1:4566"), (b"origin", b"https://evil.test")]},
]


@pytest.mark.parametrize("scope", WEBSOCKETS)
def test_neither_neighbours_nor_web_pages_may_open_a_websocket(scope: dict[str, Any]) -> None:
    (path, sent) = reached({"type": "websocket", "path": API, "raw_path": API.encode(), **scope})

    assert (path, sent) == ("", [{"type": "websocket.close", "code": 1008}])


def test_tools_on_this_machine_may_open_a_websocket() -> None:
    assert reached({**request(path=API), "type": "websocket"}) == (API, [])


def test_lifespan_events_pass() -> None:
    assert reached({"type": "lifespan"}) == ("lifespan", [])


MEGABYTE = 1_000_000
LIMITED = {
    "a browser": sent_by_browser(f"{API}/devices"),
    "a neighbour": request("172.17.0.1", f"{COGNITO}ListDevices"),
    "a container of Docker Desktop": request(target=f"{COGNITO}ListDevices", host="host.docker.internal:4566"),
}


def bytes_served(scope: dict[str, Any], *sizes: int) -> tuple[list[int], list[Message], int]:
    """Send a body in parts of these sizes, and disconnect.

    Return how many bytes the app gets, if it is asked, what the client gets, and how many parts are not read.
    """
    counts: list[int] = []
    sent: list[Message] = []
    left = list(sizes)

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        counts.append(len(await read_body(receive) or b""))
        assert await receive() == {"type": "http.disconnect"}

    async def receive() -> Message:
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": bytes(left.pop(0)), "more_body": bool(left)}

    async def send(message: Message) -> None:
        sent.append({**message, "left": len(left)})

    asyncio.run(guarded(app, frozenset(), lambda _domain, _path: None)(scope, receive, send))
    return counts, sent, len(left)


def declaring(scope: dict[str, Any], length: bytes) -> dict[str, Any]:
    return {**scope, "headers": [*scope["headers"], (b"content-length", length)]}


@pytest.mark.parametrize("scope", LIMITED.values(), ids=LIMITED)
@pytest.mark.parametrize("sizes", [[LIMIT + 1], [LIMIT, 0, 1], [MEGABYTE] * 11])
def test_a_body_above_api_gateways_limit_is_refused(
    scope: dict[str, Any], sizes: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    counts, (start, body), left = bytes_served(scope, *sizes)

    message = "The request's body is larger than 10 MB, which is all that API Gateway accepts."
    assert (counts, left, start["status"]) == ([], 0, 413)
    assert json.loads(body["body"]) == {"__type": "RequestTooLargeException", "message": message}
    assert message in caplog.text


@pytest.mark.parametrize("scope", LIMITED.values(), ids=LIMITED)
@pytest.mark.parametrize("length", [str(LIMIT + 1).encode(), b"9" * 5000])
def test_a_length_above_the_limit_is_refused_before_the_body(scope: dict[str, Any], length: bytes) -> None:
    counts, (start, body, _), left = bytes_served(declaring(scope, length), MEGABYTE, MEGABYTE)

    assert (counts, left, start["status"]) == ([], 0, 413)
    assert (start["left"], body["left"]) == (2, 2)


@pytest.mark.parametrize("scope", LIMITED.values(), ids=LIMITED)
@pytest.mark.parametrize("length", [b"", b"many", str(LIMIT).encode()])
def test_a_body_up_to_the_limit_is_served(scope: dict[str, Any], length: bytes) -> None:
    assert bytes_served(declaring(scope, length), LIMIT - 1, 1) == ([LIMIT], [], 0)


def test_tools_on_this_machine_may_send_more() -> None:
    assert bytes_served(declaring(request(), b"10485761"), LIMIT, 1) == ([LIMIT + 1], [], 0)


def test_a_body_above_the_limit_is_not_kept() -> None:
    tracemalloc.start()
    try:
        bytes_served(LIMITED["a browser"], *[MEGABYTE] * 50)
        assert tracemalloc.get_traced_memory()[1] < 15 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_nobody_is_asked_if_the_browser_disconnects() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def nobody(*_: object) -> None:
        raise AssertionError

    asyncio.run(guarded(nobody, frozenset(), lambda _domain, _path: None)(LIMITED["a browser"], receive, nobody))
