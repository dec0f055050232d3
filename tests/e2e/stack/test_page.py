"""The page online: its headers, its files, and the API on the same origin.

For the local cloud, this is the local double of the page that `make deploy-page` deploys.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser

from local.cognito.upstream import claims_of
from local.page_files import TYPES, cache_control
from local.page_headers import security_headers, strict_transport_security
from tests.support.devices_page import DevicesPage
from tests.support.page_double import page_double
from tests.support.people import Person
from tests.support.responses import assert_response
from tools.verify.stack import Stack

UNKNOWN = "/v1/devices/no_such"
PROBLEM: dict[str, str | None] = {"content-type": "application/problem+json", "cache-control": "no-store"}


@pytest.fixture(scope="module")
def page_url(stack: Stack) -> Iterator[str]:
    """Return the URL of the page."""
    if stack.endpoint:
        config = {
            "userPoolId": stack.user_pool_id,
            "userPoolClientId": stack.client_id,
            "cognitoEndpoint": stack.endpoint,
        }
        with page_double(config, stack.api_url) as url:
            yield url
    elif stack.page:
        yield stack.page["PageUrl"]
    else:
        pytest.skip(stack.no_page)


@pytest.fixture
def site(stack: Stack, page_url: str, came: Callable[[object], None]) -> Iterator[httpx.Client]:
    """Return a client of the page's host, whose statuses the report shows."""
    hooks = {"response": [lambda response: came(response.status_code)]}
    local = stack.endpoint is not None  # the developer's proxy cannot reach it
    with httpx.Client(base_url=page_url, timeout=30, trust_env=not local, event_hooks=hooks) as client:
        yield client


@pytest.fixture
def cloudfront(stack: Stack, page_url: str) -> Stack:  # noqa: ARG001 - skips without a page
    """Skip a test of what only CloudFront and S3 do."""
    if stack.endpoint:
        pytest.skip("the local cloud has neither CloudFront nor TLS")
    return stack


def test_the_page_has_the_security_headers_of_the_template(site: httpx.Client, stack: Stack) -> None:
    cognito = stack.endpoint or f"https://cognito-idp.{stack.region}.amazonaws.com"
    tls = {} if stack.endpoint else {"Strict-Transport-Security": strict_transport_security()}

    assert_response(site.get("/"), 200, {"content-type": TYPES[".html"], **security_headers(cognito), **tls})


def test_hashed_files_are_kept_for_ever_and_no_others(site: httpx.Client) -> None:
    assets = re.findall(r'"(assets/[^"]+)"', site.get("/").text)

    assert assets, "index.html refers to no file in assets/"
    for path in ["index.html", "config.json", *assets]:
        wanted = {"cache-control": cache_control(path), "content-type": TYPES[PurePosixPath(path).suffix]}
        assert_response(site.get(f"/{path}"), 200, wanted)


def test_files_are_compressed(site: httpx.Client, cloudfront: Stack) -> None:  # noqa: ARG001
    script = re.findall(r'"(assets/[^"]+\.js)"', site.get("/").text)[0]

    assert site.get(f"/{script}").headers.get("content-encoding") in {"br", "gzip"}


def test_the_config_is_that_of_the_stack(site: httpx.Client, stack: Stack) -> None:
    config = site.get("/config.json").json()

    assert (config["apiUrl"], config["userPoolId"]) == ("/v1", stack.user_pool_id)
    # The setting UserPoolClientId may name another client than the stack's own.
    pages = stack.aws("cognito-idp").get_paginator("list_user_pool_clients").paginate(UserPoolId=stack.user_pool_id)
    assert config["userPoolClientId"] in [each["ClientId"] for page in pages for each in page["UserPoolClients"]]


def test_the_page_offers_to_remember_a_device_if_the_pool_asks(site: httpx.Client, stack: Stack) -> None:
    pool = stack.aws("cognito-idp").describe_user_pool(UserPoolId=stack.user_pool_id)["UserPool"]

    asks = pool.get("DeviceConfiguration", {}).get("DeviceOnlyRememberedOnUserPrompt", False)

    assert site.get("/config.json").json().get("askToRemember", False) == asks


def test_the_api_answers_on_the_pages_origin(site: httpx.Client) -> None:
    response = site.get("/v1/devices")

    assert_response(response, 401, PROBLEM | {"www-authenticate": 'Bearer error="invalid_token"'})
    assert response.json()["requestId"] == response.headers.get("x-amzn-requestid")


def test_the_api_gets_the_token_and_accepts_the_pages_origin(
    site: httpx.Client, page_url: str, bearer: dict[str, str]
) -> None:
    own = {**bearer, "Origin": page_url.rstrip("/")}

    assert_response(site.get("/v1/devices?limit=1", headers=own), 200, {"content-type": "application/json"})
    assert_response(site.patch(UNKNOWN, headers=own, json={"remembered": True}), 404, PROBLEM)
    assert_response(site.delete(UNKNOWN, headers=own), 404, PROBLEM)


def test_the_api_gets_the_query_and_no_response_is_kept_for_others(site: httpx.Client, bearer: dict[str, str]) -> None:
    assert_response(site.get("/v1/devices?limit=0", headers=bearer), 400, PROBLEM)
    assert_response(site.get("/v1/devices?limit=1", headers=bearer), 200, {"content-type": "application/json"})
    assert_response(site.get("/v1/devices?limit=1"), 401, PROBLEM)


def test_http_is_not_served(site: httpx.Client, page_url: str, cloudfront: Stack) -> None:  # noqa: ARG001
    redirected = site.get(page_url.replace("https:", "http:"))
    api = site.get(f"{page_url.replace('https:', 'http:')}v1/devices")

    assert (redirected.status_code, redirected.headers.get("location")) == (301, page_url)
    assert api.status_code == 403


def test_the_bucket_is_not_readable_without_cloudfront(site: httpx.Client, cloudfront: Stack) -> None:
    bucket = f"https://{cloudfront.page['BucketName']}.s3.{cloudfront.region}.amazonaws.com"

    for path in ("", "/index.html", "/config.json"):
        assert site.get(f"{bucket}{path}").status_code == 403, f"everybody can read {bucket}{path}"


def test_a_user_signs_in_and_sees_the_list_without_a_preflight(
    browser: Browser, page_url: str, person: Person, came: Callable[[object], None]
) -> None:
    # Given a browser that tells of preflights too
    context = browser.new_context(locale="en-US")
    page = DevicesPage(context.new_page(), page_url)
    network = context.new_cdp_session(page.tab)
    network.send("Network.enable")
    sent: list[dict[str, Any]] = []
    network.on("Network.requestWillBeSent", lambda event: sent.append(event["request"]))

    # When
    page.sign_in(person.username, person.password)

    # Then
    to_api = [each for each in sent if each["url"].startswith(f"{page_url}v1/")]
    came(", ".join(f"{each['method']} {urlsplit(each['url']).path}" for each in to_api))
    for each in to_api:  # an existing pool's user keeps no device of the test
        person.confirmed.append(str(claims_of(each["headers"]["Authorization"].removeprefix("Bearer "))["device_key"]))
    assert [each["method"] for each in to_api] == ["GET"]
    assert page.complaints == []
    context.close()
