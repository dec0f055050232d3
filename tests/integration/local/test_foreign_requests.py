"""Requests that web pages can send to the emulator: each service, each kind, each way to pass credentials."""

import contextlib
import http.client
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.raw_http import exchange, exchange_text, http2_status, status_of
from tests.support.takeover import presigned, signature, websocket_api

REFUSED = "A browser may only call the API below"
MISCALLED = "The request's Host header must be one of these: "
COGNITO = "AWSCognitoIdentityProviderService."
PAGE = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}


@dataclass(frozen=True)
class Kind:
    """One kind of request that a page can send, with what the browser adds to it."""

    method: str
    headers: Mapping[str, str]
    body: str = ""


KINDS = {
    "simple": Kind("POST", {**PAGE, "Content-Type": "text/plain"}, "{}"),
    "form": Kind("POST", {**PAGE, "Content-Type": "application/x-www-form-urlencoded"}, "Action=ListRoles"),
    "preflight": Kind("OPTIONS", {**PAGE, "Access-Control-Request-Method": "PUT"}),
    "preflighted": Kind("POST", {**PAGE, "Content-Type": "application/x-amz-json-1.1"}, "{}"),
    "preflighted PUT": Kind("PUT", PAGE, "{}"),
    "preflighted DELETE": Kind("DELETE", PAGE),
    "opaque origin": Kind("POST", {"Origin": "null"}, "{}"),
    "image": Kind("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}),
    "image, old browser": Kind("GET", {"User-Agent": "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Safari/605.1.15"}),
    "navigation": Kind("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
    "clicked in a chat": Kind("GET", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}),
    "another port of localhost": Kind("GET", {"Sec-Fetch-Site": "same-site"}),
    "an object of a bucket": Kind("GET", {"Sec-Fetch-Site": "same-origin"}),
    "HEAD": Kind("HEAD", PAGE),
}
WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
# A path at which MiniStack finds the service without credentials, if it has one besides `/`.
PATHS = {
    "apigateway": "/restapis",
    "cognito-idp": "/oauth2/token",
    "lambda": "/2015-03-31/functions",
    "s3": "/bucket/object",
}


@pytest.fixture(scope="module")
def tool(emulator: str) -> Iterator[httpx.Client]:
    """Return a client that sends no header of a browser."""
    with httpx.Client(base_url=emulator, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def port(emulator: str) -> int:
    return int(emulator.rpartition(":")[2])


@pytest.fixture(scope="module")
def services(tool: httpx.Client) -> list[str]:
    """Return the names of all services that MiniStack offers."""
    names = list(tool.get("/_ministack/health").json()["services"])
    assert {"iam", "lambda", "s3", "sqs", "cognito-idp"} < set(names)
    return names


def credentials(service: str) -> list[tuple[str, Mapping[str, str]]]:
    """Return the queries and the headers with which a page can pass credentials, or none."""
    return [("", {}), (f"?{presigned(service)}", {}), ("", {"Authorization": signature(service)})]


def reason(response: httpx.Response) -> str:
    """Return why the emulator refused a request, or its response."""
    if response.status_code != 403 or response.headers.get("content-type") != "application/json":
        return f"{response.status_code} {response.text}"
    return "" if response.request.method == "HEAD" else str(response.json()["message"])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_page_reaches_no_service(tool: httpx.Client, services: list[str], kind: Kind) -> None:
    served = {}
    for service, path in ((name, path) for name in services for path in ("/", PATHS.get(name, "/x"))):
        for query, headers in credentials(service):
            target = {"X-Amz-Target": f"{service}.Any"} if "preflighted" in kind.headers else {}
            response = tool.request(
                kind.method, path + query, headers={**kind.headers, **headers, **target}, content=kind.body
            )
            if not reason(response).startswith("" if kind.method == "HEAD" else REFUSED):
                served[service, query, str(headers)] = reason(response)

    assert served == {}


@pytest.fixture(scope="module")
def websocket(emulator: str, connect: Callable[[str, str], Any]) -> str:
    """Return the path of a WebSocket API, which MiniStack opens for everybody."""
    return websocket_api(connect("apigatewayv2", emulator))


def upgrade(port: int, path: str, *, service: str = "execute-api", **page: str) -> set[int]:
    """Ask for a WebSocket with each way to pass credentials; return the statuses."""
    statuses = set()
    for query, headers in credentials(service):
        lines = {"Host": f"127.0.0.1:{port}", **WEBSOCKET, **headers, **page}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        statuses.add(status_of(exchange(port, f"GET {path}{query} HTTP/1.1\r\n{head}\r\n".encode())))
    return statuses


def test_a_page_opens_no_websocket(port: int, services: list[str], websocket: str) -> None:
    assert {status for name in services for status in upgrade(port, "/", service=name, Origin="null")} == {403}
    assert upgrade(port, websocket, Origin="https://evil.test") == {403}
    assert upgrade(port, websocket, Host=f"evil.test:{port}") == {403}
    assert upgrade(port, websocket) == {101}


# None of these sends Origin or Sec-Fetch-Site, or a User-Agent that begins with Mozilla.
FOLLOWERS = {
    "w3m": "w3m/0.5.3+git20230121",
    "Dillo, which loads images": "Dillo/3.1.1",
    "Emacs, which loads images": "URL/Emacs Emacs/29.3 (TTY; x86_64-pc-linux-gnu)",
    "curl -L": "curl/8.5.0",
    "git clone": "git/2.43.0",
}


@pytest.mark.parametrize("agent", FOLLOWERS.values(), ids=FOLLOWERS)
def test_a_link_changes_nothing(tool: httpx.Client, connect: Callable[[str, str], Any], agent: str) -> None:
    # Given a link that creates a role; with CreateStack, it would run code
    roles, name = connect("iam", str(tool.base_url)), f"role-{uuid.uuid4()}"
    query = presigned("iam", Action="CreateRole", Version="2010-05-08", RoleName=name, AssumeRolePolicyDocument="{}")

    # When
    response = tool.get(f"/?{query}", headers={"User-Agent": agent})

    # Then
    assert reason(response).startswith("An operation whose name is in the query is not served with GET.")
    assert name not in [role["RoleName"] for role in roles.list_roles()["Roles"]]


def test_a_presigned_url_of_s3_is_served(tool: httpx.Client, connect: Callable[[str, str], Any]) -> None:
    storage = connect("s3", str(tool.base_url))
    storage.create_bucket(Bucket="presigned")
    storage.put_object(Bucket="presigned", Key="object", Body=b"content")
    url = storage.generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "object"})

    assert tool.get(url).text == "content"


OWN_PAGES = [
    ("POST", "/_ministack/reset"),
    ("POST", "/_ministack/config"),
    ("GET", "/_ministack/health"),
    ("GET", "/_ministack/ready"),
    ("GET", "/_ministack/ses/messages"),
    ("GET", "/_ministack/sqs/messages"),
    ("PUT", "/_ministack/cfn-response/token"),
    ("GET", "/_localstack/health"),
    ("GET", "/health"),
    ("GET", "/latest/meta-data/iam/security-credentials/"),
    ("GET", "/v2/"),
    ("GET", "/oauth2/authorize?client_id=any"),
    ("POST", "/oauth2/token"),
    ("GET", "/oauth2/userInfo"),
    ("POST", "/login"),
    ("GET", "/logout"),
    ("GET", "/us-east-1_pool/.well-known/jwks.json"),
    ("GET", "/us-east-1_pool/.well-known/openid-configuration"),
    ("GET", "/bucket/page.html"),
    ("GET", "/_aws/lambda-url/00000000000000000000000000000000/"),
    ("GET", "/_alb/name/"),
    ("GET", "/restapis/a1b2c3d4e5/v1/_user_request_/devices"),
    ("POST", "/model/any/invoke"),
    ("POST", "/v1/chat/completions"),
]


@pytest.mark.parametrize(("method", "path"), OWN_PAGES)
def test_a_page_reaches_no_page_of_the_emulator(tool: httpx.Client, method: str, path: str) -> None:
    for headers in (PAGE, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert reason(tool.request(method, path, headers=headers)).startswith(REFUSED)


# These lead from the API's path elsewhere in MiniStack, if nobody looks.
TRICKS = [
    "/_aws/execute-api/x",
    "/_aws/execute-api//v1",
    "/_aws/execute-api/%2f/v1",
    "/_aws/execute-api%2fx",
    "/_aws/execute-api/x/",
    "/_aws/execute-api/x%3f/v1",
    "/_aws//execute-api/x/v1",
    "//_aws/execute-api/x/v1",
    "/%5faws/execute-api/x",
    "/_aws/execute-api/../../x",
    "/_aws/execute-api/%2e%2e/v1",
    "/_aws/execute-api/x/%2e%2e",
    "/_aws/execute-api/x/v1/@connections/1",
    "/_aws/execute-api/x/v1/%40connections/1",
    "/x/../_aws/execute-api/x/v1",
    "/x/%2e%2e/_aws/execute-api/x/v1",
    "/_ministack/reset#/_aws/execute-api/x/v1",
    "/_ministack/reset?/_aws/execute-api/x/v1",
    "/_ministack/reset;/_aws/execute-api/x/v1",
    "/_aws/execute-api/x\\..\\..\\/v1",
]


@pytest.mark.parametrize("path", TRICKS)
@pytest.mark.parametrize("query", ["", f"?{presigned('iam', Action='ListRoles')}"])
def test_no_trick_leads_from_the_api_elsewhere(port: int, path: str, query: str) -> None:
    head = f"Host: 127.0.0.1:{port}\r\nOrigin: https://evil.test\r\nConnection: close\r\n\r\n"

    response = exchange(port, f"POST {path}{query} HTTP/1.1\r\n{head}".encode())

    assert status_of(response) in {400, 403}
    assert b"ListRoles" not in response
    assert REFUSED.encode() in response or status_of(response) == 400


@pytest.mark.parametrize("path", ["/../../x", "/%2e%2e/%2e%2e/x", "//", "/%2f", "/.well-known/jwks.json", "/%0d%0a"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_what_passes_gets_an_answer_of_the_gateway(port: int, method: str, path: str) -> None:
    # Given headers that decide about the service elsewhere, but are no credentials
    target = (
        f"{method} /_aws/execute-api/x/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Amz-Target: AmazonSQS.Any\r\n"
    )
    # When
    response = exchange(port, f"{target}Origin: https://evil.test\r\nConnection: close\r\n\r\n".encode())
    # Then MiniStack looks for an API with this ID, and finds none
    assert status_of(response) == 404
    assert response.endswith(b'{"message": "Not Found"}') or method == "HEAD"


@pytest.fixture(scope="module")
def unsigned(cognito: object) -> set[str]:
    """Return the operations that need no signature, as the developer's botocore knows them."""
    model = cognito.meta.service_model  # type: ignore[attr-defined]
    return {name for name in model.operation_names if model.operation_model(name).auth_type == "none"}


def test_a_page_calls_cognitos_unsigned_operations_and_no_others(
    tool: httpx.Client, cognito: object, unsigned: set[str]
) -> None:
    headers = {**PAGE, "Content-Type": "application/x-amz-json-1.1"}
    names = cognito.meta.service_model.operation_names  # type: ignore[attr-defined]

    responses = {
        name: tool.post("/", headers={**headers, "X-Amz-Target": COGNITO + name}, content="{}") for name in names
    }

    served = {name for name, response in responses.items() if not reason(response).startswith(REFUSED)}
    # The local cloud's botocore may be older, and lack new operations.
    assert {"InitiateAuth", "RespondToAuthChallenge", "GetUser", "ConfirmDevice", "SignUp"} < served <= unsigned
    assert {responses[name].headers["access-control-allow-origin"] for name in served} == {"*"}


def test_cognitos_preflight_allows_what_clients_send(tool: httpx.Client) -> None:
    asked = "cache-control,content-type,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request"
    headers = {**PAGE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked}

    response = tool.options("/", headers=headers)

    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, "*")
    assert response.headers["access-control-allow-headers"] == "*"


RIGHT = ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"]
WRONG = [
    "evil.test:{port}",
    "evil.test",
    "127.0.0.1",
    "localhost",
    "localhost:1",
    "localhost.:{port}",
    "bucket.localhost:{port}",
    "bucket.s3.localhost:{port}",
    "00000000.execute-api.localhost:{port}",
    "d1.cloudfront.net",
    "00000000000000000000000000000000.lambda-url.us-east-1.on.aws",
    "data.iot.us-east-1.amazonaws.com",
    "devices.example.com",
    "[::1]:{port}",
    "0.0.0.0:{port}",
    "127.0.0.1:{port}@evil.test",
    "evil.test#127.0.0.1:{port}",
    "",
]


@pytest.mark.parametrize("host", RIGHT)
def test_it_is_called_by_its_own_names(tool: httpx.Client, port: int, host: str) -> None:
    assert tool.get("/_ministack/health", headers={"Host": host.format(port=port)}).status_code == 200


@pytest.mark.parametrize("host", WRONG)
@pytest.mark.parametrize("target", ["/_ministack/health", f"/?{presigned('sqs', Action='ListQueues')}", "/"])
def test_it_is_called_by_no_other_name(tool: httpx.Client, port: int, host: str, target: str) -> None:
    # Browsers send this from a rebound name: neither Origin nor Sec-Fetch-Site, because its address is not trusted.
    response = tool.get(target, headers={"Host": host.format(port=port)})

    assert reason(response).startswith(MISCALLED)


RAW = {
    "no Host in HTTP/1.0": ("GET /_ministack/health HTTP/1.0\r\n\r\n", 403),
    "no Host in HTTP/1.1": ("GET /_ministack/health HTTP/1.1\r\n\r\n", 400),
    "two Hosts": ("GET /_ministack/health HTTP/1.1\r\nHost: {right}\r\nHost: {right}\r\n\r\n", 400),
    "a folded Host": ("GET /_ministack/health HTTP/1.1\r\nHost: evil.test\r\n {right}\r\n\r\n", 403),
    "an absolute target": ("GET http://{right}/_ministack/health HTTP/1.1\r\nHost: {right}\r\n\r\n", 403),
    "an absolute target of another": ("GET http://evil.test/ HTTP/1.1\r\nHost: {right}\r\n\r\n", 403),
    "an asterisk": ("OPTIONS * HTTP/1.1\r\nHost: {right}\r\n\r\n", 403),
    "CONNECT": ("CONNECT evil.test:443 HTTP/1.1\r\nHost: {right}\r\n\r\n", 403),
    "TRACE by a page": ("TRACE / HTTP/1.1\r\nHost: {right}\r\nOrigin: null\r\n\r\n", 403),
    "an empty Origin": ("GET /_ministack/health HTTP/1.1\r\nHost: {right}\r\nOrigin:\r\n\r\n", 403),
    "Origin in odd letters": ("GET /_ministack/health HTTP/1.1\r\nHost: {right}\r\noRiGiN: x\r\n\r\n", 403),
    "a path without a slash": ("GET _ministack/health HTTP/1.1\r\nHost: {right}\r\n\r\n", 403),
}


@pytest.mark.parametrize(("request_text", "status"), RAW.values(), ids=RAW)
def test_malformed_requests_are_refused(port: int, request_text: str, status: int) -> None:
    assert status_of(exchange_text(port, request_text)) == status


HTTP2 = {
    "right": ([(":authority", "{right}")], 200),
    "right, in Host only": ([("host", "{right}")], 200),
    "a page": ([(":authority", "{right}"), ("origin", "https://evil.test")], 403),
    "another authority": ([(":authority", "evil.test")], 403),
    "another authority than Host": ([(":authority", "evil.test"), ("host", "{right}")], 0),
    "another Host": ([("host", "evil.test")], 403),
    "no name": ([], 0),
}


@pytest.mark.parametrize(("headers", "status"), HTTP2.values(), ids=HTTP2)
def test_http2_is_refused_in_the_same_way(port: int, headers: list[tuple[str, str]], status: int) -> None:
    named = [(name, value.format(right=f"127.0.0.1:{port}")) for name, value in headers]
    path = (":path", "/_ministack/health")

    assert http2_status(port, (":method", "GET"), (":scheme", "http"), path, *named) == status


@pytest.mark.parametrize("other", [(":authority", "evil.test"), ("origin", "https://evil.test")])
def test_a_page_opens_no_websocket_over_http2(port: int, websocket: str, other: tuple[str, str]) -> None:
    right = {":authority": f"127.0.0.1:{port}", "sec-websocket-version": "13"}
    first = [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", websocket)]

    assert http2_status(port, *first, *(right | dict([other])).items()) == 403
    assert http2_status(port, *first, *right.items()) == 200


LARGE = 11_000_000  # API Gateway accepts 10 MB
UPLOADS: dict[str, tuple[str, dict[str, str]]] = {
    "the API, without a preflight": ("/_aws/execute-api/localcloud/v1/devices", {"Content-Type": "text/plain"}),
    "Cognito": ("/", {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{COGNITO}SignUp"}),
}


@pytest.mark.parametrize(("path", "headers"), UPLOADS.values(), ids=UPLOADS)
def test_a_page_cannot_fill_the_memory(port: int, path: str, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        # When a page declares a large body, the response comes before the body
        connection.request("POST", path, None, {**PAGE, **headers, "Content-Length": str(LARGE)})
        response = connection.getresponse()
        assert (response.status, b"larger than 10 MB" in response.read()) == (413, True)
        connection.send(b" " * LARGE)
        # And when it does not declare the size
        connection.request("POST", path, iter([b" " * LARGE]), {**PAGE, **headers})
        response = connection.getresponse()
        assert (response.status, b"larger than 10 MB" in response.read()) == (413, True)
        # Then the connection serves its next request
        connection.request("GET", "/_ministack/health")
        assert connection.getresponse().status == 200
