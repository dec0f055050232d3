"""Access tokens that have expired or are refused, throttled requests, and other origins."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from local import page as page_server
from local.demo import PASSWORD
from local.deployment import client
from tests.support.devices_page import DevicesPage
from tests.support.local_cloud import PROJECT, free_port
from tests.support.user_pools import devices_of
from tests.support.users import User

# Returns the error that the client throws for a token.
_ASK = """async ([apiUrl, token]) => {
  const { DevicesClient } = await import("/client/devices-client.js");
  const { DevicesError } = await import("/client/devices-error.js");
  const client = new DevicesClient({ apiUrl, getAccessToken: async () => token });
  const error = await client.list().then(() => null, (reason) => reason);
  return { ...error, isDevicesError: error instanceof DevicesError, message: error?.message };
}"""

_FORMER_LIBRARY = PROJECT / "tests/spa/node_modules/amazon-cognito-identity-js/dist/amazon-cognito-identity.min.js"
_SIGN_IN_WITH_FORMER_LIBRARY = """([Username, Password]) => new Promise((onSuccess, onFailure) => {
  const { AuthenticationDetails, CognitoUser, CognitoUserPool } = AmazonCognitoIdentity;
  const { userPoolId: UserPoolId, userPoolClientId: ClientId, cognitoEndpoint: endpoint } = config;
  const user = new CognitoUser({ Username, Pool: new CognitoUserPool({ UserPoolId, ClientId, endpoint }) });
  user.authenticateUser(new AuthenticationDetails({ Username, Password }), { onSuccess, onFailure });
})"""


def test_an_expired_token_is_refreshed(expired: DevicesPage) -> None:
    page = expired

    # When
    page.card("Phone").get_by_role("link").click()

    # Then the user does not notice that API Gateway refused the old token
    page.await_details()
    page.expect_refusals(401)
    refused, admitted = page.asked("GET", "/devices/.+")
    assert refused.headers["authorization"] != admitted.headers["authorization"]


def test_concurrent_requests_share_one_refresh(expired: DevicesPage) -> None:
    # Given a browser with a correct clock
    page = expired
    page.tab.clock.set_fixed_time(time.time())
    before = len(page.requests)

    # When the page is reloaded, and needs tokens for the list and for the user's name
    page.tab.reload()
    page.await_devices()
    expect(page.tab.get_by_role("banner")).to_contain_text("@example.com")

    # Then
    targets = [each.headers.get("x-amz-target", "") for each in page.requests[before:]]
    assert [target for target in targets if target] == ["AWSCognitoIdentityProviderService.GetTokensFromRefreshToken"]


def test_a_browser_whose_device_was_forgotten_is_signed_out_when_its_token_expires(
    expired: DevicesPage, session: dict[str, Any]
) -> None:
    # Given a user who forgets this browser on another device
    page = expired
    (name,) = [value for key, value in page.stored().items() if key.endswith(".LastAuthUser")]
    cognito = client("cognito-idp", session["cognito_endpoint"])
    for device in devices_of(cognito, session["user_pool_id"], name):
        cognito.admin_forget_device(UserPoolId=session["user_pool_id"], Username=name, DeviceKey=device["DeviceKey"])

    # When the page needs a new token
    page.card("Phone").get_by_role("link").click()

    # Then
    expect(page.tab.get_by_text("Your session has ended. Sign in again.")).to_be_visible()
    page.expect_refusals(401, 400)


def test_a_session_of_the_former_library_goes_on(
    page: DevicesPage, config: dict[str, str], user: Callable[..., User]
) -> None:
    # Given a user whom amazon-cognito-identity-js has signed in on this origin, with a device
    html = f'<script src="/former.js"></script><script>const config = {json.dumps(config)}</script>'
    page.tab.route("**/former", lambda route: route.fulfill(content_type="text/html", body=html))
    page.tab.route("**/former.js", lambda route: route.fulfill(path=_FORMER_LIBRARY))
    page.tab.goto(f"{page.url}/former")
    page.tab.evaluate(_SIGN_IN_WITH_FORMER_LIBRARY, [user("Phone").email, PASSWORD])

    # When the user opens the page, and opens it again when the tokens have expired
    page.open()
    page.await_devices()
    expect(page.card("Chrome on Linux").get_by_text("This device")).to_be_visible()
    old = page.tokens()
    page.tab.clock.set_fixed_time(time.time() + 2 * 60 * 60)
    page.tab.reload()

    # Then the page has new tokens, and the browser is still the same device
    page.await_devices()
    assert not set(old) & set(page.tokens())
    expect(page.card("Chrome on Linux").get_by_text("This device")).to_be_visible()
    expect(page.names).to_have_count(2)


def test_a_session_without_a_refresh_token_ends_when_its_token_expires(expired: DevicesPage) -> None:
    # Given a browser that has lost one of the tokens, and a correct clock
    page = expired
    (key,) = [each for each in page.stored() if each.endswith(".refreshToken")]
    page.tab.evaluate("key => localStorage.removeItem(key)", key)
    page.tab.clock.set_fixed_time(time.time())

    # When
    page.tab.reload()

    # Then
    expect(page.tab.get_by_text("Your session has ended. Sign in again.")).to_be_visible()
    assert not page.tokens()


def test_a_proxy_that_responds_to_the_sign_in_is_not_reported_as_a_wrong_password(
    page: DevicesPage, session: dict[str, Any]
) -> None:
    headers = {"Access-Control-Allow-Origin": "*"}
    response = {"status": 502, "headers": headers, "body": "<h1>Busy</h1>"}
    page.tab.route(f"{session['cognito_endpoint']}/", lambda route: route.fulfill(**response))
    page.open()

    page.fill_in(session["username"])

    alert = page.tab.get_by_role("alert")
    expect(alert).to_have_text("Something went wrong on our side. Try again in a moment.")
    page.expect_refusals(502)


def test_throttled_requests_are_retried(
    page: DevicesPage, session: dict[str, Any], throttle: Callable[[str], None]
) -> None:
    # Given a user whose list takes two requests
    throttle("/~1devices/GET")
    page.open()

    # When
    page.fill_in(session["username"])

    # Then the page says that it waits, and shows the whole list
    expect(page.tab.get_by_text(re.compile(r"Many requests at the moment: trying again in \d s …"))).to_be_visible()
    page.await_devices()
    assert page.names.count() > 60
    assert set(page.refusals()) == {429}


def test_a_refusal_of_api_gateway_is_readable(page: DevicesPage, session: dict[str, Any]) -> None:
    # Given the client's modules on the page's origin
    client_files = Path(__file__).parents[3] / "spa/client"
    page.tab.route("**/client/*", lambda route: route.fulfill(path=client_files / route.request.url.split("/")[-1]))
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
    page.expect_refusals(401, 401)


def test_a_foreign_origin_is_refused(
    visit: Callable[..., DevicesPage], config: dict[str, str], user: Callable[..., User]
) -> None:
    # Given the same page on an origin that the deployment does not allow
    port = free_port()
    with page_server.serving(port, config):
        foreign = visit(page_server.origin(port))

        # When
        foreign.sign_in(user("Phone").email)

        # Then the page cannot read a response, although the token is valid
        expect(foreign.tab.get_by_role("alert").filter(visible=True)).to_contain_text(
            "This page cannot reach the service."
        )
        expect(foreign.cards).to_have_count(0)
        foreign.expect_complaints("blocked by CORS policy", "Failed to load resource: net::ERR_FAILED")
