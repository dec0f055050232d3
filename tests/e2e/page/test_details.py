"""The dialog with the details of a device, which has a URL of its own."""

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
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
    page.card("Phone").get_by_role("link").click()
    expect(page.tab.get_by_role("dialog", name="Phone")).to_be_visible()

    page.tab.go_back()

    expect(page.dialog).to_be_hidden()
    expect(page.cards).to_have_count(3)


@pytest.mark.parametrize("later", [False, True], ids=["before the dialog has closed", "after it has closed"])
def test_details_that_are_reopened_at_once_stay_open(page: DevicesPage, owner: User, later: bool) -> None:  # noqa: FBT001 - a table
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
