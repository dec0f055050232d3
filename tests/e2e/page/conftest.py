"""The page in the machine's own Chromium."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from local.deployment import client
from tests.support.devices_page import LIST, DevicesPage
from tests.support.user_pools import attributes, devices_of
from tests.support.users import User

_MOMENT = 6  # seconds
# The page shows local times, in the browser's language.
_SETTINGS: Any = {"locale": "en-US", "timezone_id": "UTC", "viewport": {"width": 1100, "height": 900}}


@pytest.fixture
def visit(browser: Browser, session: dict[str, Any]) -> Iterator[Callable[..., DevicesPage]]:
    """Return a function that opens the page in a new browser profile, or in a new tab `beside` an open page.

    At the end, no page may have complaints that the test did not expect.
    """
    pages = []

    def start(url: str = session["page_url"], beside: DevicesPage | None = None, **options: Any) -> DevicesPage:
        context = beside.tab.context if beside else browser.new_context(**{**_SETTINGS, **options})
        pages.append(DevicesPage(context.new_page(), url))
        return pages[-1]

    yield start
    for page in pages:
        page.tab.context.close()
    assert [page.complaints for page in pages] == [[] for _ in pages]


@pytest.fixture
def page(visit: Callable[..., DevicesPage]) -> DevicesPage:
    """Return the page in a new browser profile."""
    return visit()


@pytest.fixture
def expired(
    page: DevicesPage, config: dict[str, str], session: dict[str, Any], user: Callable[..., User]
) -> Iterator[DevicesPage]:
    """Return the page with an expired token, in a browser whose clock stands still so that it does not notice."""
    # Given an app client whose access tokens expire within seconds
    cognito = client("cognito-idp", session["cognito_endpoint"])
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
    settings = {
        "ClientName": "page",
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "RefreshTokenRotation": rotation,
    }
    lifetime = {"AccessTokenValidity": _MOMENT, "TokenValidityUnits": {"AccessToken": "seconds"}}
    pool_id = session["user_pool_id"]
    made = cognito.create_user_pool_client(UserPoolId=pool_id, **settings, **lifetime)["UserPoolClient"]
    named = {"UserPoolId": pool_id, "ClientId": made["ClientId"]}
    page.config = config | {"userPoolClientId": made["ClientId"]}
    page.tab.route("**/config.json", lambda route: route.fulfill(json=page.config))

    # When a user signs in, and the token expires. The next tokens are valid for the usual time
    page.tab.clock.set_fixed_time(time.time())
    page.sign_in(user("Phone").email)
    time.sleep(_MOMENT)
    cognito.update_user_pool_client(**named, **settings)
    yield page
    cognito.delete_user_pool_client(**named)


@pytest.fixture
def throttle(session: dict[str, Any]) -> Iterator[Callable[[str], None]]:
    """Return a function that limits a method, such as `/~1devices/GET`, to a request every two seconds."""
    gateway = client("apigateway", session["cognito_endpoint"])
    api_id, stage = session["api_url"].split("/")[-2:]
    usual = gateway.get_stage(restApiId=api_id, stageName=stage)["methodSettings"]["*/*"]
    throttled = []

    def limit(method: str, rate: float, burst: int) -> None:
        values = {"rateLimit": rate, "burstLimit": burst}
        changes = [
            {"op": "replace", "path": f"{method}/throttling/{name}", "value": str(value)}
            for name, value in values.items()
        ]
        gateway.update_stage(restApiId=api_id, stageName=stage, patchOperations=changes)

    def admit_every_other_second(method: str) -> None:
        throttled.append(method)
        limit(method, rate=0.5, burst=1)

    yield admit_every_other_second
    for method in throttled:
        limit(method, usual["throttlingRateLimit"], usual["throttlingBurstLimit"])


@pytest.fixture
def newcomer(user: Callable[..., User]) -> User:
    """Return a user without a confirmed device."""
    return user()


@pytest.fixture
def owner(user: Callable[..., User]) -> User:
    """Return a user with two devices besides the browser of the test."""
    return user("Phone", "Laptop")


@pytest.fixture
def at_cognito(session: dict[str, Any]) -> Callable[[User], dict[str, str]]:
    """Return a function that gives the status of each of a user's devices, as an administrator sees it.

    The key is the first seven characters of the device's name: that of the browser of the test is a user agent.
    """

    def ask(owner: User) -> dict[str, str]:
        facts = map(attributes, devices_of(owner.cognito, session["user_pool_id"], owner.email))
        return {each["device_name"][:7]: each["dev:device_remembered_status"] for each in facts}

    return ask


@pytest.fixture
def aged(page: DevicesPage) -> Callable[[dict[str, int]], None]:
    """Return a function that makes the list give devices of some names an age in days: first and last seen then."""

    def age(days: dict[str, int]) -> None:
        def change(route: Route) -> None:
            response = route.fetch()
            body = response.json()
            for device in body["devices"]:
                if device["name"] in days:
                    then = datetime.now(UTC) - timedelta(days=days[device["name"]])
                    device["createdAt"] = device["lastAuthenticatedAt"] = then.isoformat()
            route.fulfill(response=response, json=body)

        page.tab.route(LIST, change)

    return age
