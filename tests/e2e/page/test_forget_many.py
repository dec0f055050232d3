"""Forgetting all other devices, or those that were not used for long."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.support.devices_page import LIST, NO_CONNECTION, DevicesPage
from tests.support.users import User

_DEVICE = re.compile(r"/devices/[^?]+$")


@pytest.fixture
def many(user: Callable[..., User]) -> User:
    """Return a user with five devices besides the browser of the test."""
    return user(*(f"Phone {number}" for number in range(5)))


def ask(page: DevicesPage, name: str = "Forget all others") -> Locator:
    page.tab.get_by_role("button", name=name).click()
    expect(page.dialog).to_be_visible()
    return page.dialog


def on_delete(page: DevicesPage, respond: Callable[[Route, int], None]) -> None:
    """Respond to requests that forget a device. `respond` gets the request and how many came before."""
    came: list[Route] = []

    def choose(route: Route) -> None:
        if route.request.method == "DELETE":
            came.append(route)
            respond(route, len(came) - 1)
        else:
            route.continue_()

    page.tab.route(_DEVICE, choose)


def test_all_other_devices_are_forgotten_after_a_question(
    page: DevicesPage, many: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    # Given
    page.sign_in(many.email)

    # When the user is asked
    dialog = ask(page)

    # Then the question says how many, and what it means
    expect(dialog.get_by_role("heading")).to_have_text("Forget 5 devices?")
    expect(dialog).to_contain_text("These are all devices but the one that you are using.")
    expect(dialog).to_contain_text("they will be signed out within an hour.")
    expect(dialog).to_contain_text("change it if you do not know one of these devices.")
    expect(dialog.get_by_role("button", name="Keep them")).to_be_focused()

    # When
    dialog.get_by_role("button", name="Forget 5 devices").click()

    # Then the page says by when the others are out, and lists this device alone
    expect(dialog.get_by_role("heading")).to_have_text("5 devices forgotten")
    expect(dialog.get_by_text(re.compile(r"will be signed out by \d+:\d\d"))).to_be_visible()
    expect(dialog.get_by_role("button", name="Done")).to_be_focused()
    page.tab.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    page.expect_names(["Chrome on Linux"])
    assert set(at_cognito(many)) == {"Linux x"}
    # And nothing is left to forget at once, so the focus goes to the heading
    expect(page.tab.get_by_role("button", name="Forget all others")).to_be_hidden()
    expect(page.heading).to_be_focused()


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_nothing_is_forgotten_if_the_user_declines(page: DevicesPage, many: User, way: str) -> None:
    page.sign_in(many.email)
    dialog = ask(page)

    if way == "button":
        dialog.get_by_role("button", name="Keep them").click()
    else:
        page.tab.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(page.tab.get_by_role("button", name="Forget all others")).to_be_focused()
    assert page.asked("DELETE", ".*") == []


def test_only_devices_that_were_not_used_for_long_are_forgotten(
    page: DevicesPage,
    many: User,
    aged: Callable[[dict[str, int]], None],
    at_cognito: Callable[[User], dict[str, str]],
) -> None:
    # Given three devices that were not used for 91 days
    aged({"Phone 0": 91, "Phone 2": 91, "Phone 4": 91})
    page.sign_in(many.email)

    # When
    dialog = ask(page, "Forget these 3 devices")
    expect(dialog).to_contain_text("These devices were not used for more than 90 days.")
    dialog.get_by_role("button", name="Forget 3 devices").click()

    # Then
    expect(dialog.get_by_role("heading")).to_have_text("3 devices forgotten")
    dialog.get_by_role("button", name="Done").click()
    page.expect_names(["Chrome on Linux", "Phone 3", "Phone 1"])
    assert set(at_cognito(many)) == {"Phone 3", "Phone 1", "Linux x"}


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_the_user_can_stop(
    page: DevicesPage, many: User, at_cognito: Callable[[User], dict[str, str]], way: str
) -> None:
    # Given a request without a response yet, after two devices
    page.sign_in(many.email)
    held: list[Route] = []
    on_delete(page, lambda route, before: route.continue_() if before < 2 else held.append(route))
    dialog = ask(page)
    dialog.get_by_role("button", name="Forget 5 devices").click()
    page.wait_for(lambda: held)
    expect(dialog.get_by_role("progressbar")).to_have_js_property("value", 2)
    expect(dialog.get_by_text("2 of 5 devices").first).to_be_visible()
    expect(dialog.get_by_role("button", name="Stop")).to_be_focused()

    # When
    page.tab.keyboard.press("Enter" if way == "button" else "Escape")

    # Then the dialog reports, and the list is what is left
    expect(dialog.get_by_role("heading")).to_have_text("2 of 5 devices forgotten")
    expect(dialog).to_contain_text("You stopped. The other devices stay as they are.")
    expect(dialog.get_by_role("button", name="Try again")).to_be_hidden()
    dialog.get_by_role("button", name="Done").click()
    expect(page.cards).to_have_count(4)
    assert len(at_cognito(many)) == 4


def test_the_page_waits_when_there_are_too_many_requests(page: DevicesPage, many: User) -> None:
    # Given an API that refuses the second request once
    page.sign_in(many.email)
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
        "Content-Type": "application/problem+json",
        "Retry-After": "2",
    }
    problem = (
        '{"type": "urn:problem-type:too-many-requests", "title": "Too many requests", "status": 429, "detail": "-"}'
    )
    on_delete(
        page,
        lambda route, before: (
            route.fulfill(status=429, headers=headers, body=problem) if before == 1 else route.continue_()
        ),
    )

    # When
    dialog = ask(page)
    dialog.get_by_role("button", name="Forget 5 devices").click()

    # Then
    expect(dialog.get_by_text("Many requests at the moment: trying again in ").first).to_be_visible()
    expect(dialog.get_by_role("heading")).to_have_text("5 devices forgotten")
    page.expect_refusals(429)


def test_devices_that_could_not_be_forgotten_are_named(
    page: DevicesPage, many: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    # Given a connection that fails for the second and the fourth device
    page.sign_in(many.email)
    on_delete(page, lambda route, before: route.abort() if before in {1, 3} else route.continue_())
    dialog = ask(page)
    dialog.get_by_role("button", name="Forget 5 devices").click()

    # Then
    expect(dialog.get_by_role("heading")).to_have_text("3 of 5 devices forgotten")
    expect(dialog).to_contain_text(NO_CONNECTION)
    left = dialog.get_by_role("list", name="Not forgotten:").get_by_role("listitem").all_inner_texts()
    assert set(left) | {"Linux x"} == set(at_cognito(many))
    expect(dialog.get_by_role("status")).to_contain_text(
        "3 of 5 devices forgotten. This page cannot reach the service."
    )
    page.expect_complaints("net::ERR_FAILED", "net::ERR_FAILED")

    # When the user tries again
    page.tab.unroute(_DEVICE)
    dialog.get_by_role("button", name="Try again").click()

    # Then
    expect(dialog.get_by_role("heading")).to_have_text("2 devices forgotten")
    assert set(at_cognito(many)) == {"Linux x"}


def test_a_list_that_fails_forgets_nothing(page: DevicesPage, many: User) -> None:
    # Given
    page.sign_in(many.email)
    dialog = ask(page)
    page.tab.route(LIST, lambda route: route.abort())

    # When
    dialog.get_by_role("button", name="Forget 5 devices").click()

    # Then
    expect(dialog.get_by_role("heading")).to_have_text("No device is forgotten")
    expect(dialog).to_contain_text(NO_CONNECTION)
    assert page.asked("DELETE", ".*") == []
    page.wait_for(lambda: len(page.complaints) >= 2)  # the list is loaded again
    page.complaints.clear()


def test_a_session_that_ends_meanwhile_ends_here(page: DevicesPage, many: User) -> None:
    page.sign_in(many.email)
    many.cognito.global_sign_out(AccessToken=many.token)

    ask(page).get_by_role("button", name="Forget 5 devices").click()

    expect(page.tab.get_by_text("Your session has ended. Sign in again.")).to_be_visible()
    expect(page.dialog).to_be_hidden()
    assert set(page.refusals()) <= {400, 401}


def test_screen_readers_hear_some_of_the_progress(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    page.sign_in(user(*(f"Phone {number}" for number in range(9))).email)
    page.tab.evaluate(
        """() => {
          window.heard = [];
          const status = document.querySelector("#forget-many [role=status]");
          const note = () => status.textContent && heard.push(status.textContent);
          new MutationObserver(note).observe(status, { childList: true });
        }"""
    )

    # When
    dialog = ask(page)
    dialog.get_by_role("button", name="Forget 9 devices").click()
    expect(dialog.get_by_role("heading")).to_have_text("9 devices forgotten")

    # Then
    told = ["0 of 9 devices", "3 of 9 devices", "6 of 9 devices", "9 of 9 devices", "9 devices forgotten"]
    assert page.tab.evaluate("heard") == told


def test_one_other_device_is_forgotten_at_its_card(page: DevicesPage, user: Callable[..., User]) -> None:
    page.sign_in(user("Phone").email)

    expect(page.tab.get_by_role("button", name="Forget all others")).to_be_hidden()


def test_a_device_that_is_not_remembered_stays_in_the_list(page: DevicesPage, many: User) -> None:
    # Given
    page.sign_in(many.email)
    page.stop_remembering("Phone 3")
    expect(page.news).to_contain_text("no longer remembered")

    # When
    dialog = ask(page)
    dialog.get_by_role("button", name="Forget 4 devices").click()
    dialog.get_by_role("button", name="Done").click()

    # Then the user can still remember it again
    page.expect_names(["Chrome on Linux", "Phone 3"])
    page.remember_again("Phone 3")
    expect(page.news).to_have_text("Phone 3 is remembered.")
