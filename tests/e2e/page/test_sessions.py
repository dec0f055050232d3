"""How a session ends: here, elsewhere, in another tab, and during a request."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from tests.support.devices_page import DevicesPage, content_of
from tests.support.users import User

_ENDED = "Your session has ended. Sign in again."
_SIGN_OUT = "Sign out"


def is_revocation(request: Request) -> bool:
    return request.headers.get("x-amz-target", "").endswith(".RevokeToken")


def test_a_session_that_was_ended_elsewhere_ends_here(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    owner = user("Phone")
    page.sign_in(owner.email)
    owner.cognito.global_sign_out(AccessToken=owner.token)

    # When
    page.start_to_forget("Phone")

    # Then
    expect(page.tab.get_by_role("status").filter(visible=True)).to_have_text(_ENDED)
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()
    page.expect_refusals(401, 400)
    # And the user can sign in again
    page.fill_in(owner.email)
    page.await_devices()
    expect(page.card("Phone").get_by_role("button", name="Forget Phone")).to_be_enabled()


def test_a_deleted_user_is_told_so(page: DevicesPage, user: Callable[..., User]) -> None:
    owner = user("Phone")
    page.sign_in(owner.email)
    owner.cognito.delete_user(AccessToken=owner.token)

    page.start_to_forget("Phone")

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
        page.start_to_forget("Phone")
    page.wait_for(lambda: held)

    # When the user signs out, another user signs in, and then the response arrives
    page.tab.get_by_role("button", name=_SIGN_OUT, exact=True).click()
    page.fill_in(second.email)
    page.await_devices()
    held[0].continue_()

    # Then nothing of the first user is shown
    page.tab.wait_for_timeout(300)
    page.expect_names(["Chrome on Linux", "Laptop"])
    expect(page.news).to_be_empty()


@pytest.fixture
def refreshing(expired: DevicesPage, session: dict[str, Any]) -> tuple[DevicesPage, Route]:
    """Return a page that was reloaded with a correct clock and waits for new tokens, and the request for them."""
    expired.tab.clock.set_fixed_time(time.time())
    held = expired.hold(f"{session['cognito_endpoint']}/")
    expired.tab.reload()
    expired.wait_for(lambda: held)
    return expired, held[0]


def test_tokens_that_arrive_during_a_sign_out_are_revoked(refreshing: tuple[DevicesPage, Route]) -> None:
    # Given
    page, request = refreshing
    (old,) = [value for key, value in page.stored().items() if key.endswith(".refreshToken")]

    # When
    page.tab.get_by_role("button", name=_SIGN_OUT, exact=True).click()
    expect(page.tab.get_by_text("Signing out …")).to_be_visible()
    assert not page.tokens()
    with page.tab.expect_request(is_revocation) as revocation:
        request.continue_()

    # Then the page asks Cognito to revoke the new tokens, and stores none
    assert content_of(revocation.value)["Token"] != old
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()
    assert not page.tokens()


def test_a_sign_out_waits_for_a_refresh_even_if_the_page_has_used_the_old_token_since(
    expired: DevicesPage, session: dict[str, Any]
) -> None:
    # Given a request that waits for new tokens, and another one that was sent with the old token
    page = expired
    (old,) = [value for key, value in page.stored().items() if key.endswith(".refreshToken")]
    held = page.hold(f"{session['cognito_endpoint']}/")
    page.tab.evaluate("location.hash = '#device=us-east-1_one'")
    page.wait_for(lambda: held)
    unanswered = page.hold("**/devices/us-east-1_two")
    page.tab.evaluate("location.hash = '#device=us-east-1_two'")
    page.wait_for(lambda: unanswered)

    # When
    page.tab.evaluate("document.querySelector('#sign-out').click()")
    with page.tab.expect_request(is_revocation) as revocation:
        page.tab.wait_for_timeout(300)
        held[0].continue_()

    # Then
    assert content_of(revocation.value)["Token"] != old
    page.tab.wait_for_load_state()
    page.refusals()


def test_tokens_that_arrive_after_a_sign_out_are_not_stored(
    refreshing: tuple[DevicesPage, Route], user: Callable[..., User]
) -> None:
    # Given a user who has signed out while Cognito took its time
    page, request = refreshing
    page.tab.get_by_role("button", name=_SIGN_OUT, exact=True).click()
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()

    # When another user signs in, and then the tokens arrive
    other = user("Laptop")
    page.fill_in(other.email)
    page.await_devices()
    stored = page.stored()
    request.continue_()
    page.tab.wait_for_timeout(300)

    # Then
    assert page.stored() == stored
    expect(page.tab.get_by_role("banner")).to_contain_text(other.email)
    page.tab.reload()
    page.await_devices()
    page.expect_names(["Chrome on Linux", "Laptop"])


def test_tokens_that_another_tab_receives_after_a_sign_out_are_removed(
    refreshing: tuple[DevicesPage, Route], visit: Callable[..., DevicesPage]
) -> None:
    # Given a tab that waits for tokens which Cognito has made already, and a second tab
    page, request = refreshing
    response = request.fetch()
    other = visit(beside=page)
    other.tab.route("**/config.json", lambda route: route.fulfill(json=page.config))
    other.open()

    # When the user signs out on the second tab, and then the tokens arrive on the first one
    other.tab.get_by_role("button", name=_SIGN_OUT, exact=True).click()
    request.fulfill(response=response)

    # Then no tab has tokens
    for tab in (page, other):
        expect(tab.tab.get_by_label("Email", exact=True)).to_be_visible()
    page.tab.wait_for_timeout(300)
    assert not page.tokens()


def test_a_page_from_the_browsers_memory_shows_the_present_session(
    page: DevicesPage, user: Callable[..., User]
) -> None:
    # Given a page that another tab has signed out while the browser only kept it in memory
    page.sign_in(user("Phone").email)
    page.tab.evaluate("localStorage.clear()")

    # When Back brings it out of memory, which Playwright's Chromium does not do by itself
    page.tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    # Then
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()
    expect(page.cards).to_have_count(0)


def test_nothing_of_the_user_stays_after_a_sign_out(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given a user who has looked at a device and at the question before it is forgotten
    owner = user("Phone of Ann")
    page.sign_in(owner.email)
    page.card("Phone of Ann").get_by_role("link").click()
    expect(page.dialog.get_by_text("Phone of Ann").first).to_be_visible()

    # When the session ends while the details are open
    owner.cognito.global_sign_out(AccessToken=owner.token)
    page.tab.evaluate("location.hash = '#device=us-east-1_other'")

    # Then neither the document nor the storage of the tab contains the user or the device
    expect(page.tab.get_by_text(_ENDED)).to_be_visible()
    page.expect_refusals(401, 400)
    everything = page.tab.evaluate("document.documentElement.outerHTML + JSON.stringify({...sessionStorage})")
    values = page.tab.evaluate("[...document.querySelectorAll('input')].map((each) => each.value).join('')")
    assert [text for text in (owner.email, "Phone of Ann", owner.keys[0]) if text in everything + values] == []
    assert page.tab.url == f"{page.url}/"


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
    other.tab.get_by_role("button", name=_SIGN_OUT, exact=True).click()
    for tab in (page, other):
        expect(tab.tab.get_by_label("Email", exact=True)).to_be_visible()
        expect(tab.cards).to_have_count(0)

    # And when another user signs in, both tabs show that user's devices
    other.fill_in(second.email)
    for tab in (page, other):
        tab.await_devices()
        tab.expect_names(["Chrome on Linux", "Laptop"])
