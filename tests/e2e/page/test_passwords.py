"""Passwords: a temporary one that is replaced, and showing what was typed."""

from typing import Any

import pytest
from playwright.sync_api import expect

from local.demo import PASSWORD
from local.deployment import client
from tests.support.devices_page import DevicesPage
from tests.support.users import User

_TEMPORARY, _NEW = "Temporary-1", "Another-one-2"


@pytest.fixture
def temporary(newcomer: User, session: dict[str, Any]) -> User:
    """Return a user with a temporary password."""
    cognito = client("cognito-idp", session["cognito_endpoint"])
    named = {"UserPoolId": session["user_pool_id"], "Username": newcomer.email}
    cognito.admin_set_user_password(**named, Password=_TEMPORARY, Permanent=False)
    return newcomer


def test_a_temporary_password_is_replaced(page: DevicesPage, temporary: User) -> None:
    # Given a user with a temporary password
    page.open()

    # When
    page.fill_in(temporary.email, _TEMPORARY)

    # Then the user chooses a password, which Cognito may refuse
    expect(page.tab.get_by_role("heading", name="Choose a password")).to_be_visible()
    new = page.tab.get_by_label("New password")
    expect(new).to_be_focused()
    new.fill(_NEW)
    page.tab.get_by_role("button", name="Continue").click()
    page.await_devices()
    # And signs in with it from now on
    page.sign_out()
    page.sign_in(temporary.email, _NEW)


def test_the_page_names_the_rule_that_a_new_password_breaks(
    page: DevicesPage, session: dict[str, Any], temporary: User
) -> None:
    # Given a user who must choose a password, and the error that Cognito documents for a short one
    page.open()
    page.fill_in(temporary.email, _TEMPORARY)
    expect(page.tab.get_by_label("New password")).to_be_focused()
    text = "Password did not conform with policy: Password not long enough"
    error = {"__type": "InvalidPasswordException", "message": text}
    headers = {"Access-Control-Allow-Origin": "*"}
    page.tab.route(
        f"{session['cognito_endpoint']}/", lambda route: route.fulfill(status=400, json=error, headers=headers)
    )

    # When
    page.tab.get_by_label("New password").fill("short")
    page.tab.get_by_role("button", name="Continue").click()

    # Then
    expect(page.tab.get_by_role("alert")).to_have_text("Choose another password: Password not long enough.")
    expect(page.tab.get_by_label("New password")).to_be_focused()
    page.expect_refusals(400)


def test_the_password_can_be_shown_until_it_is_sent(page: DevicesPage, newcomer: User) -> None:
    # Given
    page.open()
    password = page.tab.get_by_label("Password", exact=True)
    password.fill(PASSWORD)
    expect(password).to_have_attribute("type", "password")

    # When
    page.tab.get_by_role("checkbox", name="Show the password").check()

    # Then
    expect(password).to_have_attribute("type", "text")
    expect(password).to_have_value(PASSWORD)
    # And it is hidden again once it is sent
    page.fill_in(newcomer.email, "Wrong-password-1")
    expect(page.tab.get_by_role("alert")).to_have_text("Incorrect email or password.")
    expect(password).to_have_attribute("type", "password")
    expect(page.tab.get_by_role("checkbox", name="Show the password")).not_to_be_checked()
    page.expect_refusals(400)
