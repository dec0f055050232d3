"""Whether a device is remembered: its details stop it, and its card starts it again."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.devices_page import NO_CONNECTION, DevicesPage
from tests.support.users import User

_OFF = "Phone is no longer remembered. It leaves this list when you leave the page."


def test_a_device_can_be_remembered_or_not(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    # Given
    page.sign_in(owner.email)
    card = page.card("Phone")
    expect(card.get_by_text("Not remembered")).to_be_hidden()

    # When the user stops remembering it, remembers it, and stops again
    for remembered in (False, True, False):
        if remembered:
            page.remember_again("Phone")
        else:
            page.stop_remembering("Phone")

        # Then the card stays, says so, and has the focus
        expect(page.news).to_have_text("Phone is remembered." if remembered else _OFF)
        expect(card.get_by_text("Not remembered")).to_be_visible(visible=not remembered)
        expect(card.get_by_role("link" if remembered else "button").first).to_be_focused()
        assert at_cognito(owner)["Phone"] == ("remembered" if remembered else "not_remembered")

    # And the API does not find it any more, so its card does not lead to details
    expect(card.get_by_role("link")).to_have_count(0)
    # Then it is missing when the list is loaded again
    page.tab.reload()
    page.await_devices()
    page.expect_names(["Chrome on Linux", "Laptop"])


def test_a_device_that_is_not_remembered_can_be_forgotten(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    page.sign_in(owner.email)
    page.stop_remembering("Phone")
    expect(page.news).to_have_text(_OFF)

    page.forget("Phone")

    expect(page.news).to_have_text("Phone is forgotten.")
    assert set(at_cognito(owner)) == {"Laptop", "Linux x"}


def test_a_failed_change_is_told_at_the_device(page: DevicesPage, owner: User) -> None:
    # Given
    page.sign_in(owner.email)
    page.open_details("Phone")
    page.tab.route("**/devices/*", lambda route: route.abort())

    # When
    page.dialog.get_by_role("button", name="Stop remembering").click()

    # Then the device is remembered as before
    alert = page.card("Phone").get_by_role("alert")
    expect(alert).to_contain_text(NO_CONNECTION)
    expect(page.card("Phone").get_by_text("Not remembered")).to_be_hidden()
    expect(page.card("Phone").get_by_role("link")).to_be_focused()
    page.expect_complaints("Failed to load resource: net::ERR_FAILED")
    # And the next change removes the message
    page.tab.unroute("**/devices/*")
    page.stop_remembering("Phone")
    expect(page.news).to_have_text(_OFF)
    expect(alert).to_be_hidden()


def test_a_change_is_sent_once(page: DevicesPage, owner: User) -> None:
    # Given a device that is not remembered, and a change without a response yet
    page.sign_in(owner.email)
    page.stop_remembering("Phone")
    expect(page.news).to_have_text(_OFF)
    held = page.hold("**/devices/*")
    card = page.card("Phone")

    # When the user clicks again
    card.get_by_role("button", name="Remember").dblclick()

    # Then
    page.wait_for(lambda: held)
    for button in card.get_by_role("button").all():
        expect(button).to_be_disabled()
    held[0].continue_()
    expect(page.news).to_have_text("Phone is remembered.")
    assert len(page.asked("PATCH", "/devices/.+")) == 2


def test_a_throttled_change_is_retried(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]], throttle: Callable[[str], None]
) -> None:
    # Given
    page.sign_in(owner.email)
    throttle("/~1devices~1{deviceKey}/PATCH")
    page.stop_remembering("Phone")
    expect(page.news).to_have_text(_OFF)

    # When
    page.remember_again("Phone")

    # Then the page says so, at the device too
    expect(page.news).to_contain_text("Many requests at the moment: trying again in ")
    expect(page.group("Recently used").get_by_text("Many requests at the moment: trying again in ")).to_be_visible()
    expect(page.news).to_have_text("Phone is remembered.")
    assert at_cognito(owner)["Phone"] == "remembered"

    # And the message to wait disappears when the change fails
    page.open_details("Phone")
    page.let_pass_once("**/devices/*")
    page.dialog.get_by_role("button", name="Stop remembering").click()
    expect(page.news).to_contain_text("Many requests at the moment: trying again in ")
    expect(page.card("Phone").get_by_role("alert")).to_contain_text(NO_CONNECTION)
    expect(page.news).to_be_empty()
    assert set(page.refusals()) == {429}
    page.expect_complaints("net::ERR_FAILED")


def test_this_device_can_be_remembered_again(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    # Given this device, not remembered
    page.sign_in(owner.email)
    page.stop_remembering("Chrome on Linux")
    expect(page.news).to_contain_text("no longer remembered")
    page.tab.reload()
    page.await_devices()
    page.expect_names(["Laptop", "Phone"])

    # When the first attempt fails, and the user tries again
    button = page.tab.get_by_role("button", name="Remember this device")
    page.tab.route("**/devices/current", lambda route: route.abort())
    button.click()
    expect(page.tab.get_by_text(NO_CONNECTION)).to_be_visible()
    expect(button).to_be_focused()
    page.expect_complaints("net::ERR_FAILED")
    page.tab.unroute("**/devices/current")
    page.tab.keyboard.press("Enter")

    # Then
    expect(page.news).to_have_text("This device is remembered.")
    expect(page.card("Chrome on Linux").get_by_role("link")).to_be_focused()
    expect(page.count).to_have_text("3 devices")
    page.expect_names(["Chrome on Linux", "Laptop", "Phone"])
    assert at_cognito(owner)["Linux x"] == "remembered"
