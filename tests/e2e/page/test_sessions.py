"""How a session ends: here, elsewhere, in another tab, and during a request."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User

_ENDED = "Your session has ended. Sign in again."
_SIGN_OUT = "Sign out"


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
    page.expect_refusals(401, 400)
    # And the user can sign in again
    page.fill_in(owner.email)
    page.await_devices()
    expect(page.tab.get_by_role("switch", name="Remembered: Phone")).to_be_checked()


def test_a_deleted_user_is_told_so(page: DevicesPage, user: Callable[..., User]) -> None:
    owner = user("Phone")
    page.sign_in(owner.email)
    owner.cognito.delete_user(AccessToken=owner.token)

    page.tab.get_by_role("switch", name="Remembered: Phone").click()

    expect(page.tab.get_by_role("status").filter(visible=True)).to_have_text("Your account no longer exists.")
    page.expect_refusals(401)


def test_a_session_that_ends_while_a_device_is_open_ends_here(page: DevicesPage, user: Callable[..., User]) -> None:
    owner = user("Phone")
    page.sign_in(owner.email)
    owner.cognito.global_sign_out(AccessToken=owner.token)

    page.card("Phone").get_by_role("link").click()

    expect(page.tab.get_by_text(_ENDED)).to_be_visible()
    expect(page.dialog).to_be_hidden()
    expect(page.tab).to_have_url(f"{page.url}/")
    page.expect_refusals(401, 400)


@pytest.mark.parametrize("amid", ["load", "change"])
def test_a_response_after_a_sign_out_is_ignored(page: DevicesPage, user: Callable[..., User], amid: str) -> None:
    # Given a request without a response yet
    first, second = user("Phone"), user("Laptop")
    if amid == "load":
        page.open()
        held = page.hold("**/devices")
        page.fill_in(first.email)
        expect(page.tab.get_by_text("Loading devices …")).to_be_visible()
    else:
        page.sign_in(first.email)
        held = page.hold("**/devices/*")
        page.card("Phone").get_by_role("switch").click()
    page.wait_for(lambda: held)

    # When the user signs out, another user signs in, and then the response arrives
    page.tab.get_by_role("button", name=_SIGN_OUT).click()
    page.fill_in(second.email)
    page.await_devices()
    held[0].continue_()

    # Then nothing of the first user is shown
    page.tab.wait_for_timeout(300)
    page.expect_names(["Chrome on Linux", "Laptop"])
    expect(page.news).to_be_empty()


def test_tokens_that_arrive_after_a_sign_out_are_revoked(
    expired: DevicesPage, user: Callable[..., User], session: dict[str, Any]
) -> None:
    # Given a page that was reloaded with a correct clock and waits for new tokens
    page = expired
    page.tab.clock.set_fixed_time(time.time())
    held = page.hold(f"{session['cognito_endpoint']}/")
    page.tab.reload()
    page.wait_for(lambda: held)

    # When the user signs out, another user signs in, and then the tokens arrive
    page.tab.get_by_role("button", name=_SIGN_OUT).click()
    other = user("Laptop")
    page.fill_in(other.email)
    page.await_devices()
    stored = page.stored()
    with page.tab.expect_response(lambda response: "RevokeToken" in response.request.headers.get("x-amz-target", "")):
        held[0].continue_()

    # Then the page revokes them instead of storing them
    assert page.stored() == stored
    expect(page.tab.get_by_role("banner")).to_contain_text(other.email)
    page.tab.reload()
    page.await_devices()
    page.expect_names(["Chrome on Linux", "Laptop"])


def test_all_tabs_share_one_session(
    page: DevicesPage, visit: Callable[..., DevicesPage], user: Callable[..., User]
) -> None:
    # Given two tabs
    first, second = user("Phone"), user("Laptop")
    page.open()
    other = visit(beside=page)
    other.open()

    # When a user signs in on one of them, then both show the devices
    page.fill_in(first.email)
    for tab in (page, other):
        tab.await_devices()
        tab.expect_names(["Chrome on Linux", "Phone"])

    # When the user signs out, then both tabs show the sign-in form
    other.tab.get_by_role("button", name=_SIGN_OUT).click()
    for tab in (page, other):
        expect(tab.tab.get_by_label("Email")).to_be_visible()
        expect(tab.cards).to_have_count(0)

    # And when another user signs in, both tabs show that user's devices
    other.fill_in(second.email)
    for tab in (page, other):
        tab.await_devices()
        tab.expect_names(["Chrome on Linux", "Laptop"])
