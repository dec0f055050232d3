"""Opening, forgetting and remembering devices."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User


@pytest.fixture
def owner(user: Callable[..., User]) -> User:
    """A user with some devices besides the browser of the test."""
    return user("Phone", "Laptop")


@pytest.fixture
def at_cognito(owner: User, session: dict[str, Any]) -> Callable[[], dict[str, str]]:
    """Return a function that tells the status of the user's devices by name, as an administrator sees them."""

    def ask() -> dict[str, str]:
        pool = session["user_pool_id"]
        devices = owner.cognito.admin_list_devices(UserPoolId=pool, Username=owner.email)["Devices"]
        facts = [{each["Name"]: each["Value"] for each in device["DeviceAttributes"]} for device in devices]
        return {each["device_name"][:7]: each["dev:device_remembered_status"] for each in facts}

    return ask


def test_a_device_opens_under_an_address_of_its_own(page: DevicesPage, owner: User) -> None:
    # Given
    page.sign_in(owner.email)
    phone, _ = owner.keys

    # When
    page.card("Phone").get_by_role("link").click()

    # Then
    dialog = page.tab.get_by_role("dialog", name="Phone")
    expect(dialog.get_by_text("This device")).to_be_hidden()
    for fact in ("Phone", "127.0.0.0/24", "valid", phone):
        expect(dialog.get_by_text(fact, exact=True).last).to_be_visible()
    assert page.tab.url.endswith(f"/#device={phone}")
    # And again after a reload, until it is closed
    page.tab.reload()
    expect(dialog).to_be_visible()
    page.tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.heading).to_be_focused()
    assert page.tab.url == f"{page.url}/"


def test_the_way_back_leads_to_the_list(page: DevicesPage, owner: User) -> None:
    page.sign_in(owner.email)
    page.card("Phone").get_by_role("link").click()
    expect(page.tab.get_by_role("dialog", name="Phone")).to_be_visible()

    page.tab.go_back()

    expect(page.dialog).to_be_hidden()
    expect(page.cards).to_have_count(3)


def test_what_is_opened_again_at_once_stays_open(page: DevicesPage, owner: User) -> None:
    page.sign_in(owner.email)
    page.card("Phone").get_by_role("link").click()
    dialog = page.tab.get_by_role("dialog", name="Phone")
    expect(dialog).to_be_visible()

    page.tab.evaluate("history.back(); setTimeout(() => history.forward(), 5)")

    page.tab.wait_for_timeout(300)
    expect(dialog.get_by_text("127.0.0.0/24")).to_be_visible()
    assert page.tab.url.endswith(f"/#device={owner.keys[0]}")


@pytest.mark.parametrize(("key", "refusals"), [("us-east-1_unknown", [404]), ("..", []), ("abc", [])])
def test_the_address_of_no_device_says_so(page: DevicesPage, owner: User, key: str, refusals: list[int]) -> None:
    page.sign_in(owner.email)

    page.tab.goto(f"{page.url}/#device={key}")

    expect(page.dialog.get_by_role("alert")).to_have_text("Your account does not remember this device (any more).")
    page.tab.get_by_role("button", name="Close").click()
    expect(page.dialog).to_be_hidden()
    assert page.refusals() == refusals


@pytest.mark.parametrize("answer", ["button", "Escape"])
def test_a_device_that_is_kept_stays(
    page: DevicesPage, owner: User, at_cognito: Callable[[], dict[str, str]], answer: str
) -> None:
    # Given
    page.sign_in(owner.email)
    page.card("Phone").get_by_role("button", name="Forget Phone").click()
    dialog = page.tab.get_by_role("dialog", name="Forget Phone?")
    expect(dialog).to_have_accessible_description(re.compile(r"^Last seen: now, network: 127\.0\.0\.0/24\. If someone"))

    # When
    if answer == "button":
        dialog.get_by_role("button", name="Keep it").click()
    else:
        page.tab.keyboard.press("Escape")

    # Then
    expect(dialog).to_be_hidden()
    expect(page.card("Phone")).to_be_visible()
    assert "Phone" in at_cognito()


def test_a_device_that_is_forgotten_goes(
    page: DevicesPage, owner: User, at_cognito: Callable[[], dict[str, str]]
) -> None:
    page.sign_in(owner.email)

    page.card("Laptop").get_by_role("button", name="Forget Laptop").click()
    page.dialog.get_by_role("button", name="Forget it").click()

    expect(page.news).to_have_text("Laptop is forgotten.")
    assert page.names() == ["Chrome on Linux", "Phone"]
    expect(page.tab.get_by_text("2 devices", exact=True)).to_be_visible()
    assert set(at_cognito()) == {"Phone", "Mozilla"}


def test_a_device_can_be_forgotten_by_keyboard_alone(
    page: DevicesPage, owner: User, at_cognito: Callable[[], dict[str, str]]
) -> None:
    # Given the keyboard on the first card's name
    page.sign_in(owner.email)
    laptop = page.card("Laptop")
    page.tab.keyboard.press("Tab")
    expect(page.card("Chrome on Linux").get_by_role("link")).to_be_focused()

    # When it goes on to the next card's button, presses it and answers
    for _ in range(5):
        page.tab.keyboard.press("Tab")
    expect(laptop.get_by_role("button")).to_be_focused()
    page.tab.keyboard.press("Enter")
    expect(page.dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.tab.keyboard.press("Tab")
    page.tab.keyboard.press("Enter")

    # Then the keyboard is on what has taken that card's place
    expect(page.news).to_have_text("Laptop is forgotten.")
    expect(page.card("Phone").get_by_role("link")).to_be_focused()
    assert "Laptop" not in at_cognito()


def test_a_device_that_is_gone_already_goes_here_too(page: DevicesPage, owner: User) -> None:
    # Given a device that was forgotten elsewhere since the list was shown
    page.sign_in(owner.email)
    owner.cognito.forget_device(AccessToken=owner.token, DeviceKey=owner.keys[0])

    # When
    page.card("Phone").get_by_role("switch").click()

    # Then
    expect(page.news).to_have_text("Phone was forgotten before.")
    assert page.names() == ["Chrome on Linux", "Laptop"]
    assert page.refusals() == [404]


def test_a_device_is_remembered_or_not(
    page: DevicesPage, owner: User, at_cognito: Callable[[], dict[str, str]]
) -> None:
    # Given
    page.sign_in(owner.email)
    switch = page.tab.get_by_role("switch", name="Remembered: Phone")
    expect(switch).to_be_checked()

    # When it is switched off, and on, and off: the card stays, so that it can be
    for remembered in (False, True, False):
        switch.set_checked(remembered)
        told = "is remembered." if remembered else "no longer remembered."
        expect(page.news).to_contain_text(told)
        expect(switch).to_be_focused()
        assert at_cognito()["Phone"] == ("remembered" if remembered else "not_remembered")

    # Then it is gone when the list is loaded anew
    page.tab.reload()
    page.await_devices()
    assert page.names() == ["Chrome on Linux", "Laptop"]


def test_a_change_that_fails_is_taken_back(page: DevicesPage, owner: User) -> None:
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
    assert page.complaints == ["Failed to load resource: net::ERR_FAILED"]
    page.complaints.clear()
    # And the message goes with the next change
    page.tab.unroute("**/devices/*")
    switch.uncheck()
    expect(page.news).to_contain_text("no longer remembered")
    expect(alert).to_be_hidden()


def test_a_change_is_asked_for_once(page: DevicesPage, owner: User) -> None:
    # Given a change that is not answered yet
    page.sign_in(owner.email)
    held = page.hold("**/devices/*")
    card = page.card("Phone")

    # When the user is impatient
    card.get_by_role("switch").dblclick()

    # Then
    page.wait_for(lambda: held)
    expect(card.get_by_role("switch")).to_be_disabled()
    expect(card.get_by_role("button")).to_be_disabled()
    held[0].continue_()
    expect(page.news).to_contain_text("no longer remembered")
    assert len(page.asked("PATCH", "/devices/.+")) == 1


def test_a_change_that_takes_its_time_leaves_the_user_free(page: DevicesPage, owner: User) -> None:
    # Given a device that is being forgotten
    page.sign_in(owner.email)
    held = page.hold("**/devices/*")
    page.card("Phone").get_by_role("button").click()
    page.dialog.get_by_role("button", name="Forget it").click()
    page.wait_for(lambda: held)

    # When the user goes on to another one
    laptop = page.card("Laptop").get_by_role("link")
    laptop.focus()
    held[0].continue_()

    # Then the focus stays there
    expect(page.news).to_have_text("Phone is forgotten.")
    expect(laptop).to_be_focused()


def test_a_change_waits_where_there_are_too_many_requests(
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
    expect(page.news).to_have_text("Many requests at the moment: trying again in 1 s …")
    expect(page.news).to_have_text("Phone is remembered.")
    assert at_cognito()["Phone"] == "remembered"
    assert set(page.refusals()) == {429}


def test_this_device_can_be_remembered_again(
    page: DevicesPage, owner: User, at_cognito: Callable[[], dict[str, str]]
) -> None:
    # Given this device, not remembered
    page.sign_in(owner.email)
    page.tab.get_by_role("switch", name="Remembered: Chrome on Linux").uncheck()
    expect(page.news).to_contain_text("no longer remembered")
    page.tab.reload()
    page.await_devices()
    assert page.names() == ["Laptop", "Phone"]

    # When, which does not succeed at once
    button = page.tab.get_by_role("button", name="Remember this device")
    page.tab.route("**/devices/current", lambda route: route.abort())
    button.click()
    expect(page.tab.get_by_text("No connection. Check that you are online, and try again.")).to_be_visible()
    expect(button).to_be_focused()
    page.complaints.clear()
    page.tab.unroute("**/devices/current")
    page.tab.keyboard.press("Enter")

    # Then
    expect(page.news).to_have_text("This device is remembered.")
    expect(page.card("Chrome on Linux").get_by_role("link")).to_be_focused()
    expect(page.tab.get_by_text("3 devices", exact=True)).to_be_visible()
    assert page.names() == ["Chrome on Linux", "Laptop", "Phone"]
    assert at_cognito()["Mozilla"] == "remembered"


def test_this_device_comes_back_as_a_new_one(page: DevicesPage, owner: User) -> None:
    # Given a user who has forgotten the device in use
    page.sign_in(owner.email)
    page.card("Chrome on Linux").get_by_role("button").click()
    expect(page.dialog).to_contain_text("This is the device that you are using.")
    page.dialog.get_by_role("button", name="Forget it").click()
    expect(page.news).to_have_text("Chrome on Linux is forgotten.")
    expect(page.tab.get_by_text("Your sign-in no longer belongs to a device.")).to_be_visible()
    expect(page.tab.get_by_role("button", name="Remember this device")).to_be_hidden()
    assert page.names() == ["Laptop", "Phone"]

    # When
    page.tab.get_by_role("button", name="Sign out").click()
    page.sign_in(owner.email)

    # Then
    assert page.names() == ["Chrome on Linux", "Laptop", "Phone"]
    expect(page.card("Chrome on Linux").get_by_text("This device")).to_be_visible()
