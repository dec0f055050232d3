"""Switching whether a device is remembered."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User


def test_a_device_can_be_remembered_or_not(
    page: DevicesPage, owner: User, at_cognito: Callable[[], dict[str, str]]
) -> None:
    # Given
    page.sign_in(owner.email)
    switch = page.tab.get_by_role("switch", name="Remembered: Phone")
    expect(switch).to_be_checked()

    # When it is switched off, on and off: the card stays, so that the user can switch it again
    for remembered in (False, True, False):
        switch.set_checked(remembered)
        told = "is remembered." if remembered else "no longer remembered."
        expect(page.news).to_contain_text(told)
        expect(switch).to_be_focused()
        assert at_cognito()["Phone"] == ("remembered" if remembered else "not_remembered")

    # Then it is missing when the list is loaded again
    page.tab.reload()
    page.await_devices()
    page.expect_names(["Chrome on Linux", "Laptop"])


def test_a_failed_change_is_reverted(page: DevicesPage, owner: User) -> None:
    # Given
    page.sign_in(owner.email)
    switch = page.tab.get_by_role("switch", name="Remembered: Phone")
    page.tab.route("**/devices/*", lambda route: route.abort())

    # When
    switch.click()

    # Then
    alert = page.card("Phone").get_by_role("alert")
    expect(alert).to_have_text("No connection. Check that you are online, and try again.")
    expect(switch).to_be_checked()
    expect(switch).to_be_focused()
    page.expect_complaints("Failed to load resource: net::ERR_FAILED")
    # And the next change removes the message
    page.tab.unroute("**/devices/*")
    switch.uncheck()
    expect(page.news).to_contain_text("no longer remembered")
    expect(alert).to_be_hidden()


def test_a_change_is_sent_once(page: DevicesPage, owner: User) -> None:
    # Given a change without a response yet
    page.sign_in(owner.email)
    held = page.hold("**/devices/*")
    card = page.card("Phone")

    # When the user clicks again
    card.get_by_role("switch").dblclick()

    # Then
    page.wait_for(lambda: held)
    expect(card.get_by_role("switch")).to_be_disabled()
    expect(card.get_by_role("button")).to_be_disabled()
    held[0].continue_()
    expect(page.news).to_contain_text("no longer remembered")
    assert len(page.asked("PATCH", "/devices/.+")) == 1


def test_a_throttled_change_is_retried(
    page: DevicesPage, owner: User, at_cognito: Callable[[], dict[str, str]], throttle: Callable[[str], None]
) -> None:
    # Given
    page.sign_in(owner.email)
    throttle("/~1devices~1{deviceKey}/PATCH")
    switch = page.tab.get_by_role("switch", name="Remembered: Phone")
    switch.uncheck()
    expect(page.news).to_contain_text("no longer remembered")

    # When
    switch.check()

    # Then
    told = "Many requests at the moment: trying again in 2 s …"
    expect(page.news).to_have_text(told)
    expect(page.news).to_have_text("Phone is remembered.")
    assert at_cognito()["Phone"] == "remembered"

    # And the message to wait disappears when the change fails
    page.let_pass_once("**/devices/*")
    switch.uncheck()
    expect(page.news).to_have_text(told)
    expect(page.card("Phone").get_by_role("alert")).to_contain_text("No connection.")
    expect(page.news).to_be_empty()
    assert set(page.refusals()) == {429}
    page.expect_complaints("net::ERR_FAILED")


def test_this_device_can_be_remembered_again(
    page: DevicesPage, owner: User, at_cognito: Callable[[], dict[str, str]]
) -> None:
    # Given this device, not remembered
    page.sign_in(owner.email)
    page.tab.get_by_role("switch", name="Remembered: Chrome on Linux").uncheck()
    expect(page.news).to_contain_text("no longer remembered")
    page.tab.reload()
    page.await_devices()
    page.expect_names(["Laptop", "Phone"])

    # When the first attempt fails, and the user tries again
    button = page.tab.get_by_role("button", name="Remember this device")
    page.tab.route("**/devices/current", lambda route: route.abort())
    button.click()
    expect(page.tab.get_by_text("No connection. Check that you are online, and try again.")).to_be_visible()
    expect(button).to_be_focused()
    page.expect_complaints("net::ERR_FAILED")
    page.tab.unroute("**/devices/current")
    page.tab.keyboard.press("Enter")

    # Then
    expect(page.news).to_have_text("This device is remembered.")
    expect(page.card("Chrome on Linux").get_by_role("link")).to_be_focused()
    expect(page.tab.get_by_text("3 devices", exact=True)).to_be_visible()
    page.expect_names(["Chrome on Linux", "Laptop", "Phone"])
    assert at_cognito()["Mozilla"] == "remembered"
