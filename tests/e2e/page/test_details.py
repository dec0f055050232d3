"""The dialog with the details of a device, which has a URL of its own."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import LIST, DevicesPage
from tests.support.users import User


def test_the_details_of_a_device_have_a_url(page: DevicesPage, owner: User) -> None:
    # Given
    page.sign_in(owner.email)
    phone, _ = owner.keys

    # When
    page.open_details("Phone").get_by_text("Technical details").click()

    # Then
    dialog = page.tab.get_by_role("dialog", name="Phone")
    expect(dialog.get_by_text("This device", exact=True)).to_be_hidden()
    for fact in ("Phone", "127.0.0.0/24", "valid", phone):
        expect(dialog.get_by_text(fact, exact=True).last).to_be_visible()
    expect(page.tab).to_have_url(f"{page.url}/#device={phone}")
    # And again after a reload, until it is closed
    page.tab.reload()
    expect(dialog).to_be_visible()
    page.tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.heading).to_be_focused()
    expect(page.tab).to_have_url(f"{page.url}/")


def test_going_back_closes_the_details(page: DevicesPage, owner: User) -> None:
    page.sign_in(owner.email)
    page.open_details("Phone")

    page.tab.go_back()

    expect(page.dialog).to_be_hidden()
    expect(page.cards).to_have_count(3)
    # And going forward opens them again
    page.tab.go_forward()
    expect(page.tab.get_by_role("dialog", name="Phone")).to_be_visible()


@pytest.mark.parametrize("way", ["button", "Escape", "outside"])
def test_closing_the_details_goes_back(page: DevicesPage, owner: User, way: str) -> None:
    # Given the page after another one
    page.tab.goto(f"{page.url}/favicon.svg")
    page.expect_refusals(404)
    page.sign_in(owner.email)
    entries = page.tab.evaluate("history.length")

    # When the details of two devices were opened and closed
    for name in ("Phone", "Laptop"):
        dialog = page.open_details(name)
        if way == "button":
            dialog.get_by_role("button", name="Close").click()
        elif way == "Escape":
            page.tab.keyboard.press("Escape")
        else:
            page.tab.mouse.click(5, 5)
        expect(dialog).to_be_hidden()
        expect(page.tab).to_have_url(f"{page.url}/")
        expect(page.card(name).get_by_role("link")).to_be_focused()

    # Then the user leaves the page by going back once
    assert page.tab.evaluate("history.length") == entries + 1
    page.tab.go_back()
    expect(page.tab).to_have_url(f"{page.url}/favicon.svg")
    page.refusals()


def test_closing_details_that_a_link_has_opened_stays_on_the_page(page: DevicesPage, owner: User) -> None:
    # Given a user who is signed in, and comes by a link to a device
    page.sign_in(owner.email)
    page.tab.goto("about:blank")
    page.tab.goto(f"{page.url}/#device={owner.keys[0]}")
    page.await_details()

    # When
    page.dialog.get_by_role("button", name="Close").click()

    # Then
    expect(page.dialog).to_be_hidden()
    expect(page.tab).to_have_url(f"{page.url}/")
    expect(page.cards).to_have_count(3)


def test_selecting_text_does_not_close_the_details(page: DevicesPage, owner: User) -> None:
    page.sign_in(owner.email)
    dialog = page.open_details("Phone")
    box = dialog.bounding_box()
    assert box

    page.tab.mouse.move(box["x"] + 30, box["y"] + box["height"] - 30)
    page.tab.mouse.down()
    page.tab.mouse.move(5, 5)
    page.tab.mouse.up()

    page.tab.wait_for_timeout(200)
    expect(dialog).to_be_visible()


def test_a_device_can_be_forgotten_in_its_details(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    # Given
    page.sign_in(owner.email)
    dialog = page.open_details("Laptop")
    button = dialog.get_by_role("button", name="Forget this device")
    expect(button).to_have_accessible_description(
        re.compile("out within an hour.*change it if you do not know this device")
    )

    # When the user declines at first
    button.click()
    question = page.tab.get_by_role("dialog", name="Forget Laptop?")
    question.get_by_role("button", name="Keep it").click()
    expect(question).to_be_hidden()
    expect(dialog).to_be_visible()
    expect(button).to_be_focused()
    button.click()
    question.get_by_role("button", name="Forget it").click()

    # Then the details close too
    expect(page.news).to_have_text("Laptop is forgotten.")
    expect(page.dialog).to_be_hidden()
    expect(page.tab).to_have_url(f"{page.url}/")
    expect(page.card("Phone").get_by_role("link")).to_be_focused()
    page.expect_names(["Chrome on Linux", "Phone"])
    assert set(at_cognito(owner)) == {"Phone", "Linux x"}


def test_a_device_that_the_list_lacks_can_be_forgotten_in_its_details(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    # Given a link to a device, and a list that failed
    page.sign_in(owner.email)
    page.tab.goto("about:blank")
    page.tab.route(LIST, lambda route: route.abort())
    page.tab.goto(f"{page.url}/#device={owner.keys[0]}")
    page.await_details()
    page.expect_complaints("net::ERR_FAILED")

    # When
    page.dialog.get_by_role("button", name="Forget this device").click()
    page.tab.get_by_role("button", name="Forget it").click()

    # Then
    expect(page.news).to_have_text("Phone is forgotten.")
    assert set(at_cognito(owner)) == {"Laptop", "Linux x"}


@pytest.mark.parametrize("later", [False, True], ids=["before the dialog has closed", "after it has closed"])
def test_details_that_are_reopened_at_once_stay_open(page: DevicesPage, owner: User, *, later: bool) -> None:
    # Given
    page.sign_in(owner.email)
    page.card("Phone").get_by_role("link").click()
    dialog = page.tab.get_by_role("dialog", name="Phone")
    expect(dialog).to_be_visible()

    # When the user goes back and forward before the browser has sent an event for either
    page.tab.evaluate(
        """(later) => {
          const follow = () => dispatchEvent(new HashChangeEvent("hashchange"));
          const address = location.href;
          history.replaceState(null, "", "/");
          follow();
          history.replaceState(null, "", address);
          if (later) setTimeout(follow, 50);
          else follow();
        }""",
        later,
    )

    # Then
    page.tab.wait_for_timeout(300)
    page.await_details()
    expect(dialog).to_be_visible()
    expect(page.tab).to_have_url(f"{page.url}/#device={owner.keys[0]}")


@pytest.mark.parametrize(("key", "refusals"), [("us-east-1_unknown", [404]), ("..", []), ("abc", [])])
def test_the_url_of_a_device_that_does_not_exist_shows_a_message(
    page: DevicesPage, owner: User, key: str, refusals: list[int]
) -> None:
    page.sign_in(owner.email)

    page.tab.goto(f"{page.url}/#device={key}")

    expect(page.dialog.get_by_role("alert")).to_have_text("Your account does not remember this device.")
    page.tab.get_by_role("button", name="Close").click()
    expect(page.dialog).to_be_hidden()
    page.expect_refusals(*refusals)


def test_the_url_decides_which_device_is_shown_not_the_order_of_responses(page: DevicesPage, owner: User) -> None:
    # Given a device whose response is still outstanding
    page.sign_in(owner.email)
    phone, laptop = owner.keys
    held = page.hold(f"**/devices/{phone}")
    page.card("Phone").get_by_role("link").click()
    page.wait_for(lambda: held)

    # When the URL changes to that of another device, and then the response arrives
    page.tab.goto(f"{page.url}/#device={laptop}")
    dialog = page.tab.get_by_role("dialog", name="Laptop")
    expect(dialog).to_be_visible()
    held[0].continue_()

    # Then the other device is shown
    page.tab.wait_for_timeout(300)
    expect(dialog).to_be_visible()
    expect(dialog.locator(".key")).to_have_text(laptop)
