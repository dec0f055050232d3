"""Ending all sessions of the user."""

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User


def test_all_sessions_end_after_a_question(page: DevicesPage, owner: User) -> None:
    # Given
    page.sign_in(owner.email)

    # When
    page.tab.get_by_role("button", name="Sign out everywhere").click()
    dialog = page.tab.get_by_role("dialog", name="Sign out everywhere?")
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    expect(dialog).to_have_accessible_description(
        "All sessions of your account end, also this one. Other apps may take up to an hour to notice it. "
        "Your account still remembers your devices."
    )
    dialog.get_by_role("button", name="Sign out everywhere").click()

    # Then this session and the other one have ended
    expect(page.tab.get_by_text("You are signed out on all devices.")).to_be_visible()
    with pytest.raises(owner.cognito.exceptions.NotAuthorizedException):
        owner.cognito.get_user(AccessToken=owner.token)
    page.complaints.clear()


def test_the_user_can_decline(page: DevicesPage, owner: User) -> None:
    page.sign_in(owner.email)
    button = page.tab.get_by_role("button", name="Sign out everywhere")
    button.click()

    page.dialog.get_by_role("button", name="Stay signed in").click()

    expect(page.dialog).to_be_hidden()
    expect(button).to_be_focused()
    assert owner.cognito.get_user(AccessToken=owner.token)


def test_a_failure_is_told_and_can_be_retried(page: DevicesPage, owner: User, config: dict[str, str]) -> None:
    # Given a connection to Cognito that fails
    page.sign_in(owner.email)
    page.tab.route(f"{config['cognitoEndpoint']}/", lambda route: route.abort())
    page.tab.get_by_role("button", name="Sign out everywhere").click()
    confirm = page.dialog.get_by_role("button", name="Sign out everywhere")

    # When
    confirm.click()

    # Then
    expect(page.dialog.get_by_role("alert")).to_contain_text("Try again in a moment.")
    expect(confirm).to_be_focused()
    page.wait_for(lambda: page.complaints)
    page.complaints.clear()
    # And again
    page.tab.unroute(f"{config['cognitoEndpoint']}/")
    confirm.click()
    expect(page.tab.get_by_text("You are signed out on all devices.")).to_be_visible()
    page.complaints.clear()


def test_the_question_shows_no_earlier_failure(page: DevicesPage, owner: User, config: dict[str, str]) -> None:
    page.sign_in(owner.email)
    page.tab.route(f"{config['cognitoEndpoint']}/", lambda route: route.abort())
    page.tab.get_by_role("button", name="Sign out everywhere").click()
    page.dialog.get_by_role("button", name="Sign out everywhere").click()
    expect(page.dialog.get_by_role("alert")).to_be_visible()
    page.wait_for(lambda: page.complaints)
    page.tab.keyboard.press("Escape")

    page.tab.get_by_role("button", name="Sign out everywhere").click()

    expect(page.dialog).to_be_visible()
    expect(page.dialog.get_by_role("alert")).to_be_hidden()
    page.complaints.clear()
