"""What a page can read in a real browser."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Error

from tools.verify.stack import Stack

FOREIGN = "http://foreign.localhost"
# Every header of a response that the page can read, and the body
FETCH = """
async ([url, options]) => {
  const response = await fetch(url, options);
  const text = await response.text();
  return [response.status, Object.fromEntries(response.headers), text ? JSON.parse(text) : null];
}
"""

type Fetch = Callable[..., list[Any]]


@pytest.fixture
def fetch(browser: Browser, stack: Stack, came: Callable[[object], None]) -> Iterator[Fetch]:
    """Return a function that sends a request from an empty page of an origin: the browser takes it from here."""
    context = browser.new_context()

    def send(origin: str, method: str, path: str, headers: dict[str, str], body: str | None = None) -> list[Any]:
        tab = context.new_page()
        tab.route(f"{origin}/**", lambda route: route.fulfill(content_type="text/html", body="<title>page</title>"))
        said: list[str] = []
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(f"{origin}/empty")
        tab.unroute_all()  # as long as there is a route, Playwright itself answers preflights
        try:
            status, read, content = tab.evaluate(
                FETCH, [f"{stack.api_url}{path}", {"method": method, "headers": headers, "body": body}]
            )
        except Error as error:
            raise RefusedError((said or [str(error)])[0].rpartition("blocked by CORS policy: ")[2]) from error
        came(status)
        return [status, read, content]

    yield send
    context.close()


class RefusedError(Exception):
    """The browser refused the request, or kept its response from the page; the message is the browser's."""


@pytest.fixture
def web_origin(stack: Stack) -> str:
    """Return an allowed origin of the web, not of an app."""
    origins = [origin for origin in stack.origins if origin.startswith("http")]
    if not origins:
        pytest.skip("AllowedOrigins has no http or https origin")
    return origins[0]


def test_an_allowed_page_reads_a_list_page(fetch: Fetch, web_origin: str, bearer: dict[str, str]) -> None:
    status, read, content = fetch(web_origin, "GET", "/devices?limit=1", bearer)

    assert (status, sorted(content)) == (200, ["devices", "nextToken"])
    assert re.fullmatch(r"[0-9a-f-]{36}", read.get("x-amzn-requestid", "")), f"the page reads only {sorted(read)}"


def test_an_allowed_page_reads_a_problem_of_api_gateway(fetch: Fetch, web_origin: str) -> None:
    status, read, content = fetch(web_origin, "GET", "/devices", {})

    assert (status, content["type"]) == (401, "urn:problem-type:invalid-token")
    assert read["content-type"] == "application/problem+json"


def test_an_allowed_page_reads_a_problem_of_the_function(fetch: Fetch, web_origin: str, bearer: dict[str, str]) -> None:
    status, _, content = fetch(web_origin, "PATCH", "/devices/no-underscore", bearer, '{"remembered": true}')

    assert (status, content["type"]) == (400, "urn:problem-type:invalid-request")


def test_an_allowed_page_may_send_the_headers_of_monitoring(
    fetch: Fetch, web_origin: str, bearer: dict[str, str]
) -> None:
    status, *_ = fetch(web_origin, "DELETE", "/devices/no-underscore", {**bearer, "traceparent": "00-a-b-01"})

    assert status == 400


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_foreign_page_reads_nothing(
    fetch: Fetch, bearer: dict[str, str], method: str, came: Callable[[object], None]
) -> None:
    with pytest.raises(RefusedError, match="No 'Access-Control-Allow-Origin' header") as refused:
        fetch(FOREIGN, method, "/devices/no-underscore", bearer)

    came(refused.value)
