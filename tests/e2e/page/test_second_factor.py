"""Signing in with a second factor: its code, and the choice between several.

The local cloud asks for the codes of authenticator apps only. Where a test needs another challenge, it translates that
one on its way to the browser and back; session, code and tokens stay Cognito's.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.support.authenticator import Authenticator
from tests.support.devices_page import DevicesPage, content_of
from tests.support.users import User

_AT_COGNITO = "AWSCognitoIdentityProviderService.RespondToAuthChallenge"
_APP = "SOFTWARE_TOKEN_MFA"


@pytest.fixture
def app(newcomer: User) -> Authenticator:
    return Authenticator(newcomer.cognito, newcomer.token)


@pytest.fixture
def translate(page: DevicesPage, session: dict[str, Any]) -> Callable[..., None]:
    """Return a function that gives the page another challenge instead of the code of an authenticator app."""

    def install(name: str, parameters: dict[str, str], code_name: str = "") -> None:
        def pass_on(route: Route) -> None:
            if route.request.headers.get("x-amz-target") != _AT_COGNITO:
                route.continue_()
                return
            asked = content_of(route.request)
            if asked["ChallengeName"] == name:
                asked["ChallengeName"] = _APP
                code = asked["ChallengeResponses"].pop(code_name)
                asked["ChallengeResponses"]["SOFTWARE_TOKEN_MFA_CODE"] = code
            response = route.fetch(post_data=json.dumps(asked))
            content = response.json()
            if content.get("ChallengeName") == _APP:
                content |= {"ChallengeName": name}
                content["ChallengeParameters"] |= parameters
            route.fulfill(response=response, json=content)

        page.tab.route(f"{session['cognito_endpoint']}/", pass_on)

    return install


def enter(page: DevicesPage, code: str) -> None:
    page.tab.get_by_label("Code", exact=True).fill(code)
    page.tab.get_by_role("button", name="Continue").click()


def expect_code_form(page: DevicesPage, hint: str = "Your authenticator app shows a code for this account.") -> None:
    expect(page.tab.get_by_role("heading", name="Enter your code")).to_be_visible()
    expect(page.tab.get_by_label("Code", exact=True)).to_be_focused()
    expect(page.tab.get_by_text(hint)).to_be_visible()
    expect(page.tab.get_by_text("See the devices that your account remembers")).to_be_hidden()


def test_a_remembered_device_replaces_the_code(page: DevicesPage, newcomer: User, app: Authenticator) -> None:
    # When a user with an authenticator app signs in
    page.open()
    page.fill_in(newcomer.email)

    # Then the page asks for the code, which apps show in two groups
    expect_code_form(page)
    enter(page, f"{app.code()[:3]} {app.code()[3:]}")
    page.await_devices()
    page.expect_names(["Chrome on Linux"])

    # When the user signs in again on the same device, then the page does not ask for a code
    page.sign_out()
    page.sign_in(newcomer.email)
    page.expect_names(["Chrome on Linux"])

    # When the user forgets the device, then the page asks for a code again, and the browser is a new device
    page.forget("Chrome on Linux")
    page.sign_out()
    page.fill_in(newcomer.email)
    expect_code_form(page)
    enter(page, app.code())
    page.await_devices()
    page.expect_names(["Chrome on Linux"])


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("wrong", ["000000", " "], ids=["digits", "blank"])
def test_the_user_can_correct_a_wrong_code(page: DevicesPage, newcomer: User, app: Authenticator, wrong: str) -> None:
    page.open()
    page.fill_in(newcomer.email)
    expect_code_form(page)

    enter(page, wrong if app.code() != wrong else "111111")

    expect(page.tab.get_by_role("alert")).to_have_text("This code is not correct. Enter a new one.")
    expect(page.tab.get_by_label("Code", exact=True)).to_be_focused()
    page.expect_refusals(*[400] * bool(wrong.strip()))
    enter(page, app.code())
    page.await_devices()


@pytest.mark.usefixtures("app")
def test_the_user_can_start_again(page: DevicesPage, newcomer: User, user: Callable[..., User]) -> None:
    page.open()
    page.fill_in(newcomer.email)
    expect_code_form(page)

    page.tab.get_by_role("button", name="Start again").click()

    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()
    expect(page.tab.get_by_label("Password", exact=True)).to_have_value("")
    page.fill_in(user("Phone").email)
    page.await_devices()
    page.expect_names(["Chrome on Linux", "Phone"])


def test_a_response_after_the_user_has_started_again_signs_nobody_in(
    page: DevicesPage, newcomer: User, app: Authenticator, session: dict[str, Any]
) -> None:
    # Given a user whose code Cognito has not confirmed yet
    page.open()
    page.fill_in(newcomer.email)
    expect_code_form(page)
    held = page.hold(f"{session['cognito_endpoint']}/")
    enter(page, app.code())
    page.wait_for(lambda: held)

    # When the user starts again, and then Cognito responds
    page.tab.get_by_role("button", name="Start again").click()
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()
    held[0].continue_()
    page.tab.wait_for_timeout(500)

    # Then
    expect(page.tab.get_by_label("Email", exact=True)).to_be_visible()
    assert not page.tokens()


@pytest.mark.usefixtures("app")
def test_a_sign_in_that_took_too_long_starts_again(page: DevicesPage, newcomer: User, session: dict[str, Any]) -> None:
    # Given a session that Cognito does not know any more
    page.open()
    page.fill_in(newcomer.email)
    expect_code_form(page)

    def expire(route: Route) -> None:
        route.continue_(post_data=json.dumps(content_of(route.request) | {"Session": "expired" * 10}))

    page.tab.route(f"{session['cognito_endpoint']}/", expire)

    # When
    enter(page, "123456")

    # Then
    notice = page.tab.get_by_text("Your sign-in took too long, or failed too often. Start again.")
    expect(notice).to_be_visible()
    expect(page.tab.get_by_label("Email", exact=True)).to_be_focused()
    page.expect_refusals(400)


@pytest.mark.parametrize(
    ("challenge", "parameters", "hint"),
    [
        (
            "SMS_MFA",
            {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******4567"},
            "We sent a code to +*******4567.",
        ),
        (
            "EMAIL_OTP",
            {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"},
            "We sent a code to a***@e***.",
        ),
    ],
    ids=["SMS", "email"],
)
def test_a_code_can_come_by_message(
    page: DevicesPage,
    newcomer: User,
    app: Authenticator,
    translate: Callable[..., None],
    challenge: str,
    parameters: dict[str, str],
    hint: str,
) -> None:
    translate(challenge, parameters, f"{challenge}_CODE")
    page.open()

    page.fill_in(newcomer.email)

    expect_code_form(page, hint)
    enter(page, app.code())
    page.await_devices()
    page.expect_names(["Chrome on Linux"])


@pytest.mark.usefixtures("app")
def test_the_user_chooses_a_second_factor(
    page: DevicesPage, newcomer: User, session: dict[str, Any], translate: Callable[..., None]
) -> None:
    # Given
    translate("SELECT_MFA_TYPE", {"MFAS_CAN_CHOOSE": '["SMS_MFA","SOFTWARE_TOKEN_MFA"]'})
    page.open()

    # When
    page.fill_in(newcomer.email)

    # Then
    expect(page.tab.get_by_role("heading", name="Confirm that it is you")).to_be_focused()
    expect(page.tab.get_by_role("radio")).to_have_count(2)
    page.tab.get_by_role("button", name="Continue").click()
    expect(page.tab.get_by_role("button", name="Continue")).to_be_enabled()

    # When the user chooses, and Cognito asks for the code of the chosen factor
    chosen = []

    def ask_for_code(route: Route) -> None:
        chosen.append(content_of(route.request)["ChallengeResponses"]["ANSWER"])
        content = {"ChallengeName": _APP, "Session": "s" * 20, "ChallengeParameters": {}}
        route.fulfill(json=content, headers={"Access-Control-Allow-Origin": "*"})

    page.tab.route(f"{session['cognito_endpoint']}/", ask_for_code)
    page.tab.get_by_label("With my authenticator app").check()
    page.tab.get_by_role("button", name="Continue").click()

    # Then
    expect_code_form(page)
    assert chosen == [_APP]


@pytest.mark.parametrize(
    ("challenge", "parameters", "message"),
    [
        ("CUSTOM_CHALLENGE", {}, "Your account uses a sign-in method that this page does not support."),
        (
            "MFA_SETUP",
            {"MFAS_CAN_SETUP": '["SMS_MFA"]'},
            "Your account uses a sign-in method that this page does not support.",
        ),
        (
            "NEW_PASSWORD_REQUIRED",
            {"requiredAttributes": '["userAttributes.name"]'},
            "Your account lacks some facts about you. Add them in the app that you come from.",
        ),
    ],
    ids=["custom", "set-up", "attributes"],
)
@pytest.mark.usefixtures("app")
def test_the_page_says_what_it_does_not_support(
    page: DevicesPage,
    newcomer: User,
    translate: Callable[..., None],
    challenge: str,
    parameters: dict[str, str],
    message: str,
) -> None:
    translate(challenge, parameters)
    page.open()

    page.fill_in(newcomer.email)

    expect(page.tab.get_by_role("alert")).to_have_text(message)
