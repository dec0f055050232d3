"""Web pages that attack the local cloud of the developer who visits them, in a real browser."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Response

from tests.support.browsers import chromium
from tests.support.takeover import Request, presigned, signature, takeover, websocket_api

# What a page runs to send a request of each kind; URL is the request's.
KINDS = {
    "simple fetch": "fetch(URL, {method: 'POST', mode: 'no-cors', body: '{}'})",
    "fetch with a preflight": "fetch(URL, {method: 'POST', headers: {'Authorization': AUTHORIZATION}})",
    "beacon": "navigator.sendBeacon(URL, '{}')",
    "image": "append('img', {src: URL})",
    "script": "append('script', {src: URL})",
    "style sheet": "append('link', {rel: 'stylesheet', href: URL})",
    "frame": "append('iframe', {src: URL})",
    "form": "append('form', {action: URL, method: 'POST', enctype: 'text/plain'}).submit()",
    "event source": "new EventSource(URL)",
    "navigation": "location = URL",
}

SEND = """
([kind, URL, AUTHORIZATION]) => {
  const append = (name, attributes) => {
    const element = Object.assign(document.createElement(name), attributes);
    document.body.append(element);
    return element;
  };
  eval(kind);
}
"""

type Visit = Callable[[str], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser in which the name evil.test is this machine's, as if its owner rebound it."""
    with chromium("--host-resolver-rules=MAP evil.test 127.0.0.1") as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Return a function that opens an empty page of an origin."""
    context = browser.new_context()

    def open_page(origin: str) -> Page:
        tab = context.new_page()
        tab.route(f"{origin}/**", lambda route: route.fulfill(content_type="text/html", body="<body>evil</body>"))
        tab.goto(f"{origin}/" if origin.startswith("http") else origin)
        tab.unroute_all()
        return tab

    yield open_page
    context.close()


ORIGINS = {
    "another site": "https://evil.test",
    "a rebound name": "http://evil.test:{port}",
    "another port of this machine": "http://localhost:9",
    "an opaque origin": "data:text/html,<body>evil</body>",
}


@pytest.fixture(params=ORIGINS)
def origin(request: pytest.FixtureRequest, session: dict[str, Any]) -> str:
    return ORIGINS[request.param].format(port=httpx.URL(session["cognito_endpoint"]).port)


@pytest.fixture
def endpoint(origin: str, session: dict[str, Any]) -> str:
    """Return the URL by which the page calls the emulator: a rebound name is of the page's own origin."""
    return origin if origin.startswith("http://evil.test") else str(session["cognito_endpoint"])


def sent_by_tool(session: dict[str, Any], request: Request) -> None:
    url = session["cognito_endpoint"] + request.target
    response = httpx.post(url, content=request.body, headers={"Content-Type": "text/plain"}, trust_env=False)
    assert response.is_success, response.text


def wait_until(tab: Page, done: Callable[[], bool]) -> None:
    for _ in range(1000):
        if done():
            return
        tab.wait_for_timeout(20)  # Playwright reports events only while it waits
    raise AssertionError("the browser did not send the request")


def test_a_page_cannot_run_code(
    visit: Visit, origin: str, endpoint: str, session: dict[str, Any], aws: Callable[[str], Any], tmp_path: Path
) -> None:
    # Given requests that create a role and a function, and run the function
    file = tmp_path / "written"
    attack = takeover(tmp_path.name, file)
    tab = visit(origin)
    responses: list[Response] = []
    tab.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - Playwright marks the function

    # When a page sends them as simple requests
    for request in attack:
        options = {"method": "POST", "mode": "no-cors", "headers": {"Content-Type": "text/plain"}, "body": request.body}
        tab.evaluate("([url, options]) => fetch(url, options).then(() => null)", [endpoint + request.target, options])

    # Then all are refused
    wait_until(tab, lambda: len(responses) >= len(attack))
    assert [response.status for response in responses] == [403, 403, 403]
    assert not file.exists()
    assert tmp_path.name not in [role["RoleName"] for role in aws("iam").list_roles()["Roles"]]

    # And the same requests of a tool run the function
    try:
        for request in attack:
            sent_by_tool(session, request)
        assert file.exists()
    finally:  # other tests expect one function
        aws("lambda").delete_function(FunctionName=tmp_path.name)
        aws("logs").delete_log_group(logGroupName=f"/aws/lambda/{tmp_path.name}")


@pytest.mark.parametrize("origin", ["another site", "a rebound name"], indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_no_request_of_a_page_has_an_effect(
    visit: Visit, origin: str, endpoint: str, kind: str, session: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    # Given a request that creates a queue, whatever its method and its body
    name = re.sub("[^a-z0-9]", "", f"{kind}{origin}")
    request = Request(f"/?{presigned('sqs', Action='CreateQueue', QueueName=name)}")
    tab = visit(origin)
    ended: list[str] = []
    for event in ("response", "requestfailed"):
        tab.context.on(event, lambda sent: ended.append(sent.url))

    # When
    tab.evaluate(SEND, [KINDS[kind], endpoint + request.target, signature("sqs")])
    wait_until(tab, lambda: any(name in url for url in ended))

    # Then
    assert name not in str(aws("sqs").list_queues())

    # And the same request of a tool creates the queue
    sent_by_tool(session, request)
    assert name in str(aws("sqs").list_queues())


def test_a_page_cannot_open_a_websocket(visit: Visit, origin: str, endpoint: str, aws: Callable[[str], Any]) -> None:
    path = websocket_api(aws("apigatewayv2"))
    url = f"{endpoint.replace('http', 'ws', 1)}{path}?{presigned('execute-api')}"
    tab = visit(origin)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))

    opened = """url => new Promise(done => {
      const socket = new WebSocket(url);
      socket.onopen = () => done(true);
      socket.onclose = () => done(false);
    })"""
    assert tab.evaluate(opened, url) is False
    assert ["Unexpected response code: 403" in text for text in said] == [True]


def test_a_page_can_read_what_it_may_read_at_aws(visit: Visit, config: dict[str, str], session: dict[str, Any]) -> None:
    """The page of `make run` uses all of these, at its own origin."""
    tab = visit("https://app.test")
    body = {"AuthFlow": "USER_SRP_AUTH", "ClientId": config["userPoolClientId"], "AuthParameters": {}}
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
        "X-Amz-User-Agent": "aws-amplify/6",
    }
    options = {"method": "POST", "headers": headers, "body": json.dumps(body)}
    fetch = "([url, options]) => fetch(url, options).then(response => response.status)"

    assert tab.evaluate(fetch, [f"{session['cognito_endpoint']}/", options]) == 400  # Cognito misses a parameter
    assert tab.evaluate(fetch, [f"{session['api_url']}/devices", {}]) == 401
