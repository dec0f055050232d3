"""The page in a browser that lacks what Safari 16, Chrome 105 and Firefox 105 lack."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.local_cloud import PROJECT
from tests.support.users import User


def test_the_page_lists_all_list_pages_in_an_old_browser(page: DevicesPage, session: dict[str, Any]) -> None:
    # Given
    page.tab.add_init_script(path=PROJECT / "tests/spa/baseline-2022.js")

    # When a user signs in whose list takes two requests
    page.sign_in(session["username"])

    # Then
    assert page.names.count() > 60


def test_all_that_the_page_does_works_in_an_old_browser(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    page.tab.add_init_script(path=PROJECT / "tests/spa/baseline-2022.js")
    page.sign_in(user(*(f"Phone {number}" for number in range(12))).email)

    # When the user does all that there is to do
    page.tab.get_by_label("Find a device").fill("phone 1")
    expect(page.cards).to_have_count(3)
    page.forget("Phone 1")
    page.tab.get_by_label("Find a device").fill("")
    page.open_details("Phone 2").get_by_role("button", name="Close").click()
    page.stop_remembering("Phone 2")
    expect(page.news).to_contain_text("no longer remembered")
    page.remember_again("Phone 2")
    expect(page.news).to_have_text("Phone 2 is remembered.")
    page.tab.get_by_role("button", name="Forget all others").click()
    page.dialog.get_by_role("button", name="Forget 11 devices").click()
    page.dialog.get_by_role("button", name="Done").click()

    # Then this device is left, and the browser has not complained, which the fixture checks
    expect(page.names).to_have_text(["Chrome on Linux"])
