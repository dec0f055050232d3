"""Which pages can read the API's responses."""

from collections.abc import Callable

import httpx
import pytest

from tests.support.events import ALLOWED_HEADERS
from tests.support.responses import assert_problem, assert_response
from tools.verify.stack import Stack

FOREIGN = "https://foreign.example.com"
KEY = "/devices/us-east-1_00000000-0000-0000-0000-000000000000"


def preflight(client: httpx.Client, path: str, method: str, *headers: str) -> httpx.Response:
    asked = {"Access-Control-Request-Headers": ",".join(headers)} if headers else {}
    return client.options(path, headers={"Access-Control-Request-Method": method, **asked})


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/devices"), ("GET", KEY), ("PATCH", KEY), ("DELETE", KEY)],
    ids=lambda each: each.replace(KEY, "/devices/KEY"),
)
def test_a_preflight_from_an_allowed_origin_is_accepted(
    page: httpx.Client, origin: str, method: str, path: str
) -> None:
    response = preflight(page, path, method, "authorization", "content-type")

    fixed = {"access-control-max-age": "3600", "vary": "Origin", "access-control-allow-credentials": None}
    assert_response(response, 204, {"access-control-allow-origin": origin, **fixed})
    assert method in response.headers["access-control-allow-methods"].split(",")


@pytest.mark.parametrize("header", ALLOWED_HEADERS)
def test_a_preflight_allows_the_header(page: httpx.Client, header: str) -> None:
    allowed = preflight(page, KEY, "GET", header.lower()).headers["access-control-allow-headers"]

    assert header.lower() in allowed.lower().split(","), f"{header} is not among {allowed}"


def test_each_allowed_origin_is_echoed(caller: Callable[..., httpx.Client], stack: Stack, origin: str) -> None:
    assert origin in stack.origins
    for each in stack.origins:
        response = preflight(caller(headers={"Origin": each}), KEY, "GET")
        assert_response(response, 204, {"access-control-allow-origin": each})


def test_a_preflight_from_a_foreign_origin_is_refused(caller: Callable[..., httpx.Client]) -> None:
    response = preflight(caller(headers={"Origin": FOREIGN}), KEY, "GET")

    assert_response(response, 204, {"access-control-allow-origin": None})


def test_a_foreign_origin_cannot_read_a_list_page(api: httpx.Client, bearer: dict[str, str]) -> None:
    response = api.get("/devices", headers={"Origin": FOREIGN, **bearer})

    assert_response(response, 200, {"access-control-allow-origin": None, "vary": "Origin"})


@pytest.mark.parametrize("name", ["Origin", "origin"])
@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
def test_the_function_and_api_gateway_read_the_origin_header(
    caller: Callable[..., httpx.Client], stack: Stack, origin: str, bearer: dict[str, str], version: str, name: str
) -> None:
    # Without TLS there is no negotiation, so the client must know that the server speaks HTTP/2
    http1 = version == "HTTP/1.1" or stack.api_url.startswith("https:")
    client = caller(http2=version == "HTTP/2", http1=http1)

    by_function = client.get("/devices/no-underscore", headers={name: origin, **bearer})
    by_gateway = client.get("/devices", headers={name: origin})

    if by_function.http_version != version:
        pytest.skip(f"the server negotiates {by_function.http_version}")
    assert_problem(by_function, 400, "invalid-request", by_gateway=False)
    assert_problem(by_gateway, 401, "invalid-token", by_gateway=True)
