"""Signing in to the user pool, and signing out."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User

# Fills localStorage, except for about 2,000 characters. A token has about 1,100.
_FILL = """() => {
  let number = 0;
  for (const size of [1000000, 1000]) {
    try { for (;;) localStorage.setItem(`filler-${++number}`, "x".repeat(size)); } catch { /* it is full */ }
  }
  localStorage.removeItem(`filler-${number - 1}`);
  localStorage.removeItem(`filler-${number - 2}`);
}"""


def test_the_browser_becomes_a_device_of_the_user(page: DevicesPage, user: Callable[..., User]) -> None:
    page.sign_in(user("Old phone").email)

    page.expect_names(["Chrome on Linux", "Old phone"])
    expect(page.card("Chrome on Linux").get_by_text("This device")).to_be_visible()
    expect(page.card("Old phone").get_by_text("This device")).to_be_hidden()


def test_amplify_calculates_with_bigint(page: DevicesPage, newcomer: User) -> None:
    # Given a browser that counts how often the page makes a BigInt
    page.tab.add_init_script("self.made = 0; const own = BigInt; self.BigInt = (of) => (self.made++, own(of));")

    page.sign_in(newcomer.email)

    # Then it made three for each of five powers: A, two for S, and for the new device another A and the verifier
    assert page.tab.evaluate("self.made") == 15


@pytest.mark.parametrize(
    ("missing", "message", "complaints"),
    [
        ("config.json", "This page cannot start: config.json cannot be read (404).", []),
        ("assets/app-*.js", "This page did not load completely. Reload it.", ["config.json was preloaded"]),
    ],
    ids=["config", "script"],
)
def test_a_page_with_a_missing_file_says_so(
    page: DevicesPage, missing: str, message: str, complaints: list[str]
) -> None:
    page.tab.route(f"**/{missing}", lambda route: route.fulfill(status=404, body="Not found"))

    page.tab.goto(page.url)

    expect(page.tab.get_by_role("alert").filter(visible=True)).to_have_text(message)
    page.expect_refusals(404)
    page.expect_complaints(*complaints)


def test_a_page_that_may_not_store_anything_says_so(page: DevicesPage) -> None:
    # Given a browser whose user has blocked cookies and site data
    blocked = "{ get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); } }"
    for name in ("localStorage", "sessionStorage"):
        page.tab.add_init_script(f"Object.defineProperty(window, '{name}', {blocked})")

    page.tab.goto(page.url)

    expect(page.tab.get_by_role("alert").filter(visible=True)).to_have_text(
        "This page cannot start: your browser does not let it store anything. "
        "Allow cookies and site data for it, and reload it."
    )


def test_nothing_of_a_sign_in_stays_if_the_browser_cannot_store_all_of_it(
    page: DevicesPage, user: Callable[..., User]
) -> None:
    # Given a browser whose storage has space for one token, but not for all
    email = user("Old phone").email
    page.open()
    page.tab.evaluate(_FILL)

    # When
    page.fill_in(email)

    # Then
    expect(page.tab.get_by_role("alert")).to_have_text(
        "Your browser cannot store your sign-in. Free some of its storage, and try again."
    )
    assert [key for key in page.stored() if not key.startswith("filler")] == []
    # And the user can sign in once there is space
    page.tab.evaluate("localStorage.clear()")
    page.fill_in(email)
    page.await_devices()


def test_nothing_is_reported_missing_while_the_page_loads(page: DevicesPage) -> None:
    page.tab.clock.install()
    page.open()

    page.tab.clock.run_for(10_000)

    expect(page.tab.get_by_role("alert").filter(visible=True)).to_have_count(0)


def test_the_page_names_the_signed_in_user(page: DevicesPage, user: Callable[..., User]) -> None:
    owner = user()

    page.sign_in(owner.email)

    expect(page.tab.get_by_role("banner")).to_contain_text(f"Signed in as {owner.email}")


def test_the_user_can_correct_a_wrong_password(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    email = user().email
    page.open()
    held = page.hold("http://127.0.0.1:*/")

    # When
    page.fill_in(email, "Wrong-password-1")

    # Then
    expect(page.tab.get_by_role("button", name="Signing in …")).to_be_disabled()
    page.wait_for(lambda: held)
    held[0].continue_()
    expect(page.tab.get_by_role("alert")).to_have_text("Incorrect email or password.")
    expect(page.tab.get_by_label("Password", exact=True)).to_be_focused()
    page.expect_refusals(400)
    page.fill_in(email)
    page.await_devices()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Password attempts exceeded", "Too many attempts. Wait a little, and try again."),
        ("User is disabled.", "Your account is disabled. Ask those who manage it."),
        (
            "Temporary password has expired and must be reset by an administrator.",
            "Your temporary password has expired. Ask those who manage your account for a new one.",
        ),
    ],
    ids=["attempts", "disabled", "temporary"],
)
def test_the_page_says_why_a_correct_password_is_refused(
    page: DevicesPage, session: dict[str, Any], text: str, message: str
) -> None:
    # Given the texts of Amazon Cognito, which has one exception for all of them
    error = {"__type": "NotAuthorizedException", "message": text}
    response = {"status": 400, "json": error, "headers": {"Access-Control-Allow-Origin": "*"}}
    page.tab.route(f"{session['cognito_endpoint']}/", lambda route: route.fulfill(**response))
    page.open()

    page.fill_in(session["username"])

    expect(page.tab.get_by_role("alert")).to_have_text(message)
    page.expect_refusals(400)


def test_a_form_that_missed_another_sign_in_says_so(
    page: DevicesPage, visit: Callable[..., DevicesPage], user: Callable[..., User]
) -> None:
    # Given a session that began elsewhere in the browser, without an event
    first, second = user(), user()
    page.sign_in(first.email)
    other = visit()
    other.open()
    other.tab.evaluate("stored => Object.assign(localStorage, stored)", page.stored())

    # When
    other.fill_in(second.email)

    # Then
    message = "Someone has signed in with this browser already. Reload the page."
    expect(other.tab.get_by_role("alert")).to_have_text(message)
    assert other.tokens() == page.tokens()


def test_an_unknown_user_gets_the_message_of_a_wrong_password(page: DevicesPage) -> None:
    page.open()

    page.fill_in("nobody@example.com")

    expect(page.tab.get_by_role("alert")).to_have_text("Incorrect email or password.")
    page.expect_refusals(400)


def test_a_reload_keeps_the_user_signed_in(page: DevicesPage, user: Callable[..., User]) -> None:
    page.sign_in(user("Old phone").email)

    page.tab.reload()

    page.await_devices()
    page.expect_names(["Chrome on Linux", "Old phone"])


def test_the_same_browser_stays_the_same_device(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given a user who has signed in and out in this browser
    owner = user("Old phone")
    page.sign_in(owner.email)
    page.tab.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.tab.get_by_role("heading", name="Sign in")).to_be_visible()

    # When
    page.sign_in(owner.email)

    # Then
    page.expect_names(["Chrome on Linux", "Old phone"])


def test_a_sign_out_removes_the_user_and_the_tokens(
    page: DevicesPage, user: Callable[..., User], session: dict[str, Any]
) -> None:
    # Given
    page.sign_in(user("Old phone").email)
    tokens = page.tokens()
    assert len(tokens) == 3
    page.hold(f"{session['cognito_endpoint']}/")

    # When the user signs out, and Cognito does not respond
    page.tab.get_by_role("button", name="Sign out", exact=True).click()

    # Then the browser stores no token from the first moment on
    expect(page.tab.get_by_text("Signing out …")).to_be_visible()
    assert not set(tokens) & set(page.stored().values())
    # And the page shows the sign-in form, even after a reload
    email = page.tab.get_by_label("Email", exact=True)
    expect(email).to_be_focused()
    expect(email).to_have_value("")
    expect(page.cards).to_have_count(0)
    page.tab.reload()
    expect(email).to_be_visible()
    assert not page.tokens()


def test_a_sign_out_without_a_connection_waits_for_one(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    page.sign_in(user("Old phone").email)
    page.tab.context.set_offline(True)

    # When
    page.tab.get_by_role("button", name="Sign out", exact=True).click()

    # Then
    expect(page.tab.locator("body")).to_have_text(
        "You are signed out. You are offline: the page continues once you are online."
    )
    assert not page.tokens()
    page.tab.context.set_offline(False)
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()
    page.complaints.clear()  # the browser's, about the requests that revoke the tokens


def test_a_sign_out_ends_the_session_at_cognito_too(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given the tokens of a session
    page.sign_in(user("Old phone").email)
    stored = page.stored()

    # When
    page.tab.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()

    # Then Cognito refuses them
    page.tab.evaluate("stored => Object.assign(localStorage, stored)", stored)
    page.tab.reload()
    expect(page.tab.get_by_text("Your session has ended. Sign in again.")).to_be_visible()
    page.expect_refusals(401, 400)
