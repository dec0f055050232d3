"""The groups of the list, what tells devices apart, and the filter."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User

_CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
)


def names_in(page: DevicesPage, group: str) -> list[str]:
    return page.group(group).get_by_role("listitem").get_by_role("heading").all_inner_texts()


def test_devices_are_grouped_by_their_last_use(
    page: DevicesPage, user: Callable[..., User], aged: Callable[[dict[str, int]], None]
) -> None:
    # Given
    aged({"Phone": 2, "Laptop": 89, "Tablet": 91, "Console": 400})

    # When
    page.sign_in(user("Phone", "Laptop", "Tablet", "Console").email)

    # Then
    assert names_in(page, "In use now") == ["Chrome on Linux"]
    assert names_in(page, "Recently used") == ["Phone", "Laptop"]
    assert names_in(page, "Not used for more than 90 days") == ["Tablet", "Console"]
    expect(page.tab.get_by_role("heading", name="Not used for more than 90 days 2", exact=True)).to_be_visible()


def test_a_group_without_devices_is_hidden(page: DevicesPage, user: Callable[..., User]) -> None:
    page.sign_in(user("Phone").email)

    expect(page.group("Recently used")).to_be_visible()
    expect(page.group("Not used")).to_have_count(0)

    page.forget("Phone")

    # The group stays as long as the news are in it
    expect(page.group("Recently used").get_by_text("Phone is forgotten.")).to_be_visible()
    page.forget("Chrome on Linux")
    expect(page.group("Recently used")).to_have_count(0)


def test_a_device_first_seen_within_a_day_is_marked(
    page: DevicesPage, user: Callable[..., User], aged: Callable[[dict[str, int]], None]
) -> None:
    aged({"Old": 1})

    page.sign_in(user("Old", "Young").email)

    expect(page.card("Young").get_by_text("New", exact=True)).to_be_visible()
    expect(page.card("Old").get_by_text("New", exact=True)).to_be_hidden()
    # The user knows the device in use
    expect(page.card("Chrome on Linux").get_by_text("New", exact=True)).to_be_hidden()
    expect(page.open_details("Young").get_by_text("New", exact=True)).to_be_visible()


def test_devices_of_the_same_name_are_told_apart(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    page.sign_in(user(_CHROME.format(120), _CHROME.format(121)).email)

    # Then
    cards = page.card("Chrome on Windows")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_contain_text("Chrome 121")
    expect(cards.nth(1)).to_contain_text("Chrome 120")
    # And a screen reader tells whose button it is
    button = cards.nth(1).get_by_role("button", name="Forget Chrome on Windows")
    expect(button).to_have_accessible_description(re.compile(r"Chrome 120.* First seen \S+"))
    # And the question too
    button.click()
    expect(page.dialog).to_have_accessible_description(re.compile("Chrome 120"))


def test_a_long_list_can_be_filtered(page: DevicesPage, session: dict[str, Any]) -> None:
    # Given
    page.sign_in(session["username"])
    number = page.cards.count()
    filter_ = page.tab.get_by_label("Find a device")

    # When the user types in capitals
    filter_.fill(" IPAD ")

    # Then
    page.expect_names(["Dana's iPad"])
    expect(page.count).to_have_text(f"1 of {number} devices")
    expect(page.group("In use now")).to_have_count(0)
    expect(page.tab.get_by_role("heading", name="Recently used 1", exact=True)).to_be_visible()
    # And no button concerns devices that are not shown
    expect(page.tab.get_by_role("button", name="Forget all others")).to_be_hidden()
    expect(page.tab.get_by_role("button", name=re.compile("^Forget these"))).to_be_hidden()

    # When the text is in versions and networks
    filter_.fill("android 15")
    assert set(page.names.all_inner_texts()) == {"Chrome on Pixel 8"}
    filter_.fill("203.0.113.")
    assert "Unnamed device" in page.names.all_inner_texts()

    # When no device has it
    filter_.fill("toaster")
    expect(page.tab.get_by_text("No device has this text in its name or details.")).to_be_visible()
    expect(page.count).to_have_text(f"0 of {number} devices")
    page.tab.get_by_role("button", name="Show all devices").click()

    # Then
    expect(page.cards).to_have_count(number)
    expect(filter_).to_be_focused()
    expect(filter_).to_have_value("")
    expect(page.tab.get_by_role("button", name="Forget all others")).to_be_visible()


def test_the_focus_stays_in_what_the_filter_shows(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given two devices that the filter shows, apart from each other
    page.sign_in(user("Phone a", *(f"Laptop {number}" for number in range(9)), "Phone b").email)
    page.tab.get_by_label("Find a device").fill("phone")
    page.expect_names(["Phone b", "Phone a"])

    # When
    page.forget("Phone b")

    # Then
    expect(page.card("Phone a").get_by_role("link")).to_be_focused()
    expect(page.count).to_have_text("1 of 11 devices")


def test_a_short_list_has_no_filter(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given ten devices and this one
    page.sign_in(user(*(f"Phone {number}" for number in range(10))).email)
    expect(page.tab.get_by_label("Find a device")).to_be_visible()

    page.forget("Phone 3")

    expect(page.tab.get_by_label("Find a device")).to_be_hidden()


def test_the_filter_stays_until_it_is_empty(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given a filtered list that becomes short
    page.sign_in(user(*(f"Phone {number}" for number in range(10))).email)
    filter_ = page.tab.get_by_label("Find a device")
    filter_.fill("phone")
    page.forget("Phone 3")
    expect(page.count).to_have_text("9 of 10 devices")

    # When
    filter_.fill("")

    # Then it disappears, and the focus is not lost
    expect(page.count).to_have_text("10 devices")
    expect(filter_).to_be_hidden()
    expect(page.heading).to_be_focused()
