"""Access tokens that have expired or are refused, too many requests, and other origins."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from local import page as page_server
from local.deployment import client
from tests.support.devices_page import DevicesPage
from tests.support.local_cloud import free_port
from tests.support.users import User

_ENDED = "Your session has ended. Sign in again."

# What a page's own code meets that asks with a token of its choice.
_ASK = """async ([apiUrl, token]) => {
  const { DevicesClient, DevicesError } = await import("./devices-client.js");
  const client = new DevicesClient({ apiUrl, getAccessToken: async () => token });
  const error = await client.list().then(() => null, (reason) => reason);
  return { ...error, isDevicesError: error instanceof DevicesError, message: error?.message };
}"""


@pytest.fixture
def short_lived(session: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The page's config.json with an app client whose access tokens live for two seconds."""
    cognito = client("cognito-idp", session["cognito_endpoint"])
    made = cognito.create_user_pool_client(
        UserPoolId=session["user_pool_id"],
        ClientName="short-lived",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AccessTokenValidity=2,
        TokenValidityUnits={"AccessToken": "seconds"},
    )["UserPoolClient"]
    yield page_server.config(session) | {"userPoolClientId": made["ClientId"]}  # type: ignore[arg-type]  # a Session
    cognito.delete_user_pool_client(UserPoolId=session["user_pool_id"], ClientId=made["ClientId"])


@pytest.fixture
def expired(page: DevicesPage, user: Callable[..., User], short_lived: dict[str, str]) -> DevicesPage:
    """The page in a browser that does not know that its token has expired, because its clock stands still."""
    page.tab.route("**/config.json", lambda route: route.fulfill(json=short_lived))
    page.tab.clock.set_fixed_time(time.time())
    page.sign_in(user("Phone").email)
    time.sleep(2.1)
    return page


def test_an_expired_token_is_refreshed(expired: DevicesPage) -> None:
    page = expired

    # When
    page.card("Phone").get_by_role("link").click()

    # Then the user notices nothing of the refusal, which came from API Gateway
    expect(page.dialog.get_by_text("127.0.0.0/24")).to_be_visible()
    assert page.refusals() == [401]
    refused, admitted = page.asked("GET", "/devices/.+")
    assert refused.headers["authorization"] != admitted.headers["authorization"]


def test_tokens_that_come_after_a_sign_out_are_not_kept(expired: DevicesPage, session: dict[str, Any]) -> None:
    # Given a refresh that is not answered yet
    page, held = expired, list[Route]()
    page.tab.route(f"{session['cognito_endpoint']}/", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    page.card("Phone").get_by_role("link").click()
    expect(page.dialog.get_by_text("Loading …")).to_be_visible()
    while not held:
        page.tab.wait_for_timeout(20)
    assert page.refusals() == [401]

    # When the user signs out, and then it is
    page.tab.keyboard.press("Escape")
    page.tab.get_by_role("button", name="Sign out").click()
    expect(page.tab.get_by_label("Email")).to_be_focused()
    with page.tab.expect_response(f"{session['cognito_endpoint']}/"):
        held[0].continue_()
    page.tab.wait_for_timeout(200)

    # Then
    assert not [key for key in page.stored() if key.endswith(("Token", "LastAuthUser"))]


def test_a_session_that_was_ended_elsewhere_ends_here(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    owner = user("Phone")
    page.sign_in(owner.email)
    owner.cognito.global_sign_out(AccessToken=owner.token)

    # When
    page.tab.get_by_role("switch", name="Remembered: Phone").click()

    # Then
    expect(page.tab.get_by_role("status").filter(visible=True)).to_have_text(_ENDED)
    expect(page.tab.get_by_label("Email")).to_be_focused()
    assert page.refusals() == [401, 400]
    # And a sign-in helps
    page.fill_in(owner.email)
    page.await_devices()
    expect(page.tab.get_by_role("switch", name="Remembered: Phone")).to_be_checked()


def test_a_user_who_is_gone_is_told_so(page: DevicesPage, user: Callable[..., User]) -> None:
    owner = user("Phone")
    page.sign_in(owner.email)
    owner.cognito.delete_user(AccessToken=owner.token)

    page.tab.get_by_role("switch", name="Remembered: Phone").click()

    expect(page.tab.get_by_role("status").filter(visible=True)).to_have_text("Your account no longer exists.")
    assert page.refusals()[0] == 401


def test_a_sign_in_that_a_proxy_answers_is_not_the_users_fault(page: DevicesPage, session: dict[str, Any]) -> None:
    headers = {"Access-Control-Allow-Origin": "*"}
    answer = {"status": 502, "headers": headers, "body": "<h1>Busy</h1>"}
    page.tab.route(f"{session['cognito_endpoint']}/", lambda route: route.fulfill(**answer))
    page.open()

    page.fill_in(session["username"])

    alert = page.tab.get_by_role("alert")
    expect(alert).to_have_text("Something went wrong on our side. Try again in a moment.")
    assert page.refusals() == [502]


@pytest.fixture
def throttled(session: dict[str, Any]) -> Iterator[None]:
    """API Gateway, which admits one list at once and one a second."""
    gateway = client("apigateway", session["cognito_endpoint"])
    api_id, stage = re.findall(r"execute-api/(\w+)/(\w+)$", session["api_url"])[0]
    limits = {"rateLimit": "1", "burstLimit": "1"}
    before = gateway.get_stage(restApiId=api_id, stageName=stage)["methodSettings"]["*/*"]

    def limit(rate: str, burst: str) -> None:
        values = {"rateLimit": rate, "burstLimit": burst}
        gateway.update_stage(
            restApiId=api_id,
            stageName=stage,
            patchOperations=[
                {"op": "replace", "path": f"/~1devices/GET/throttling/{name}", "value": value}
                for name, value in values.items()
            ],
        )

    limit(*limits.values())
    yield
    limit(str(before["throttlingRateLimit"]), str(before["throttlingBurstLimit"]))


@pytest.mark.usefixtures("throttled")
def test_too_many_requests_are_waited_for(page: DevicesPage, session: dict[str, Any]) -> None:
    # Given a user whose list takes two requests
    page.open()
    page.tab.evaluate(
        """() => {
          window.told = [];
          new MutationObserver(() => window.told.push(document.querySelector("#status").textContent))
            .observe(document.querySelector("#status"), { childList: true });
        }"""
    )

    # When
    page.fill_in(session["username"])

    # Then the user is told, and gets the whole list all the same
    page.await_devices()
    assert len(page.names()) > 60
    assert "Many requests at the moment: trying again in 1 s …" in page.tab.evaluate("window.told")
    assert set(page.refusals()) == {429}


def test_what_api_gateway_refuses_is_readable(page: DevicesPage, session: dict[str, Any]) -> None:
    page.open()

    error = page.tab.evaluate(_ASK, [session["api_url"], "junk"])

    assert error["requestId"]
    del error["requestId"]
    assert error == {
        "name": "DevicesError",
        "type": "invalid-token",
        "status": 401,
        "retryAfter": None,
        "isDevicesError": True,
        "message": (
            "Invalid access token: "
            "The token is malformed, expired, revoked or no access token: get a new one and try again."
        ),
    }
    assert page.refusals() == [401, 401]


def test_a_foreign_origin_is_refused(
    visit: Callable[..., DevicesPage], session: dict[str, Any], user: Callable[..., User]
) -> None:
    # Given the same page on an origin that the deployment does not allow
    port = free_port()
    with page_server.serving(port, page_server.config(session)):  # type: ignore[arg-type]  # a Session
        foreign = visit(page_server.origin(port))

        # When
        foreign.sign_in(user("Phone").email)

        # Then it cannot read a thing, though the user's token is good
        expect(foreign.tab.get_by_role("alert").filter(visible=True)).to_contain_text("No connection.")
        expect(foreign.cards).to_have_count(0)
        blocked, failed = foreign.complaints
        assert "blocked by CORS policy" in blocked
        assert failed == "Failed to load resource: net::ERR_FAILED"
        foreign.complaints.clear()
