"""Forgetting devices, after a confirmation."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_a_device_stays_if_the_user_declines(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]], way: str
) -> None:
    # Given
    page.sign_in(owner.email)
    page.ask_to_forget("Phone")
    dialog = page.tab.get_by_role("dialog", name="Forget Phone?")
    told = r"^Last seen now, first seen now\. If someone is signed in on it, they will be signed out within"
    expect(dialog).to_have_accessible_description(re.compile(told))

    # When
    if way == "button":
        dialog.get_by_role("button", name="Keep it").click()
    else:
        page.tab.keyboard.press("Escape")

    # Then
    expect(dialog).to_be_hidden()
    expect(page.card("Phone")).to_be_visible()
    assert "Phone" in at_cognito(owner)


def test_a_forgotten_device_disappears(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    page.sign_in(owner.email)

    page.forget("Laptop")

    expect(page.news).to_have_text("Laptop is forgotten.")
    page.expect_names(["Chrome on Linux", "Phone"])
    expect(page.count).to_have_text("2 devices")
    assert set(at_cognito(owner)) == {"Phone", "Linux x"}


def test_a_device_can_be_forgotten_by_keyboard_alone(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    # Given the keyboard on the first card's name, after the two buttons that concern all devices
    page.sign_in(owner.email)
    laptop = page.card("Laptop")
    for _ in range(3):
        page.tab.keyboard.press("Tab")
    expect(page.card("Chrome on Linux").get_by_role("link")).to_be_focused()

    # When the user moves to the next card's button, presses it and confirms
    for _ in range(3):
        page.tab.keyboard.press("Tab")
    expect(laptop.get_by_role("button")).to_be_focused()
    page.tab.keyboard.press("Enter")
    expect(page.dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.tab.keyboard.press("Tab")
    page.tab.keyboard.press("Enter")

    # Then the focus is on the card that took its place
    expect(page.news).to_have_text("Laptop is forgotten.")
    expect(page.card("Phone").get_by_role("link")).to_be_focused()
    assert "Laptop" not in at_cognito(owner)


def test_a_device_that_was_forgotten_elsewhere_disappears_too(page: DevicesPage, owner: User) -> None:
    # Given a device that was forgotten elsewhere since the list was shown
    page.sign_in(owner.email)
    owner.cognito.forget_device(AccessToken=owner.token, DeviceKey=owner.keys[0])

    # When
    page.forget("Phone")

    # Then
    expect(page.news).to_have_text("Phone had already been forgotten.")
    page.expect_names(["Chrome on Linux", "Laptop"])
    page.expect_refusals(404)


def test_a_slow_change_does_not_move_the_focus(page: DevicesPage, owner: User) -> None:
    # Given a device that is being forgotten
    page.sign_in(owner.email)
    held = page.hold("**/devices/*")
    page.start_to_forget("Phone")
    page.wait_for(lambda: held)

    # When the user moves the focus to another device's card
    laptop = page.card("Laptop").get_by_role("link")
    laptop.focus()
    held[0].continue_()

    # Then the focus stays there
    expect(page.news).to_have_text("Phone is forgotten.")
    expect(laptop).to_be_focused()


def test_this_device_is_a_new_device_after_the_next_sign_in(page: DevicesPage, owner: User) -> None:
    # Given a user who has forgotten the device in use
    page.sign_in(owner.email)
    page.ask_to_forget("Chrome on Linux")
    expect(page.dialog).to_contain_text("This is the device that you are using.")
    expect(page.dialog).to_contain_text("You will be signed out within an hour.")
    page.dialog.get_by_role("button", name="Forget it").click()
    expect(page.news).to_have_text("Chrome on Linux is forgotten.")
    expect(page.tab.get_by_text("Your account does not know the device that you are using.")).to_be_visible()
    expect(page.tab.get_by_role("button", name="Remember this device")).to_be_hidden()
    page.expect_names(["Laptop", "Phone"])
    # Also after a reload, there is nothing to remember again
    page.tab.reload()
    page.await_devices()
    expect(page.tab.get_by_text("Your account does not know the device that you are using.")).to_be_visible()
    expect(page.tab.get_by_role("button", name="Remember this device")).to_be_hidden()

    # When
    page.tab.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.tab.get_by_label("Email", exact=True)).to_be_visible()
    page.sign_in(owner.email)

    # Then
    page.expect_names(["Chrome on Linux", "Laptop", "Phone"])
    expect(page.card("Chrome on Linux").get_by_text("This device")).to_be_visible()


def test_each_device_needs_its_own_confirmation(
    page: DevicesPage, owner: User, at_cognito: Callable[[User], dict[str, str]]
) -> None:
    # Given a user who has confirmed once
    page.sign_in(owner.email)
    page.forget("Laptop")
    expect(page.news).to_have_text("Laptop is forgotten.")

    # When the user closes the next question without a choice
    page.ask_to_forget("Phone")
    page.tab.keyboard.press("Escape")

    # Then
    expect(page.dialog).to_be_hidden()
    page.tab.wait_for_timeout(200)
    expect(page.card("Phone")).to_be_visible()
    assert "Phone" in at_cognito(owner)
