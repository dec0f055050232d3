"""Ending all sessions of the user."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from local.deployment import client
from tests.support.devices_page import DevicesPage
from tests.support.errors import refusal
from tests.support.users import User

_TITLE = "Sign out everywhere"


def sign_out_everywhere(page: DevicesPage) -> None:
    page.tab.get_by_role("button", name=_TITLE).click()
    page.dialog.get_by_role("button", name=_TITLE).click()


def test_all_sessions_end(page: DevicesPage, user: Callable[..., User], session: dict[str, Any]) -> None:
    # Given a user who is signed in on another device, too
    owner = user("Phone")
    page.sign_in(owner.email)
    expect(page.names).to_have_count(2)

    # When
    sign_out_everywhere(page)

    # Then the page asks to sign in, and has no tokens
    message = "You are signed out on all devices. Other apps may take up to an hour to notice it."
    expect(page.tab.get_by_text(message)).to_be_visible()
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()
    assert not page.tokens()
    # And the other device can neither use nor refresh its tokens. The page has tried its own token twice
    assert refusal(lambda: owner.cognito.list_devices(AccessToken=owner.token))[0] == "NotAuthorizedException"
    cognito = client("cognito-idp", session["cognito_endpoint"])
    refresh = {
        "ClientId": session["user_pool_client_id"],
        "RefreshToken": owner.tokens["RefreshToken"],
        "DeviceKey": owner.keys[-1],
    }
    assert refusal(lambda: cognito.get_tokens_from_refresh_token(**refresh))[0] == "NotAuthorizedException"
    page.expect_refusals(401, 401)


def test_the_user_can_stay_signed_in(page: DevicesPage, user: Callable[..., User]) -> None:
    owner = user("Phone")
    page.sign_in(owner.email)

    button = page.tab.get_by_role("button", name=_TITLE)
    button.click()
    question = page.tab.get_by_role("dialog", name="Sign out everywhere?")
    expect(question.get_by_role("button", name="Stay signed in")).to_be_focused()
    expect(question).to_have_accessible_description(
        "All sessions of your account end, also this one. Other apps may take up to an hour to notice it. "
        "Your account still remembers your devices."
    )
    page.tab.keyboard.press("Enter")

    expect(question).to_be_hidden()
    expect(button).to_be_focused()
    assert owner.cognito.list_devices(AccessToken=owner.token)["Devices"]


@pytest.mark.parametrize("what", ["error", "no connection"])
def test_the_user_stays_signed_in_if_cognito_fails(
    page: DevicesPage, user: Callable[..., User], session: dict[str, Any], what: str
) -> None:
    # Given a Cognito that does not end the sessions, which Amplify does not report
    page.sign_in(user("Phone").email)

    def fail(route: Route) -> None:
        if not route.request.headers.get("x-amz-target", "").endswith(".GlobalSignOut"):
            route.continue_()
        elif what == "error":
            error = {"__type": "NotAuthorizedException", "message": "No"}
            route.fulfill(status=400, json=error, headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.abort()

    page.tab.route(f"{session['cognito_endpoint']}/", fail)

    # When
    sign_out_everywhere(page)

    # Then the page says so, and the user can try again at once
    expect(page.dialog.get_by_role("alert")).to_have_text("Your sessions have not ended. Try again in a moment.")
    expect(page.dialog.get_by_role("button", name=_TITLE)).to_be_focused()
    page.complaints.clear()
    page.dialog.get_by_role("button", name="Stay signed in").click()
    # And the next question does not show the failure
    page.tab.get_by_role("button", name=_TITLE).click()
    expect(page.dialog).to_be_visible()
    expect(page.dialog.get_by_role("alert")).to_be_hidden()
    # And nothing has changed
    page.tab.reload()
    page.await_devices()
    page.expect_names(["Chrome on Linux", "Phone"])


def test_all_sessions_end_after_this_device_was_forgotten(page: DevicesPage, owner: User) -> None:
    # Given a browser whose device Cognito has forgotten, so that it can no longer refresh its token
    page.sign_in(owner.email)
    page.forget("Chrome on Linux")

    # When
    sign_out_everywhere(page)

    # Then
    expect(page.tab.get_by_text("You are signed out on all devices.")).to_be_visible()
    assert refusal(lambda: owner.cognito.list_devices(AccessToken=owner.token))[0] == "NotAuthorizedException"
    page.expect_refusals(401, 401)


def test_an_expired_token_does_not_look_like_success(expired: DevicesPage, visit: Callable[..., DevicesPage]) -> None:
    # Given the same user in another browser
    page = expired
    other = visit()
    other.sign_in(page.tab.locator("#account-name").inner_text())

    # When the user signs out everywhere in a browser that does not notice that its token has expired
    sign_out_everywhere(page)

    # Then the session of the other browser has ended, too
    expect(page.tab.get_by_text("You are signed out on all devices.")).to_be_visible()
    other.tab.reload()
    expect(other.tab.get_by_text("Your session has ended. Sign in again.")).to_be_visible()
    page.refusals()
    other.refusals()


def test_a_session_that_has_ended_cannot_end_the_others(page: DevicesPage, owner: User) -> None:
    page.sign_in(owner.email)
    owner.cognito.global_sign_out(AccessToken=owner.token)

    sign_out_everywhere(page)

    expect(page.tab.get_by_text("Your session has ended. Sign in again.")).to_be_visible()
    page.expect_refusals(401, 400)
