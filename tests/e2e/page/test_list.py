"""The list of devices, and the messages that take its place."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from local.deployment import client
from tests.support.devices_page import LIST, NO_CONNECTION, DevicesPage
from tests.support.user_pools import attributes, devices_of
from tests.support.users import User


def test_the_devices_of_all_list_pages_are_shown(page: DevicesPage, session: dict[str, Any]) -> None:
    # When the demo user signs in, who has more devices than a list page holds
    page.sign_in(session["username"])

    # Then the cards are those that an administrator sees, and the browser requested two list pages
    first, second = page.asked("GET", r"/devices.*")
    assert (urlsplit(first.url).query, urlsplit(second.url).query[:10]) == ("", "nextToken=")
    shown = [link.get_attribute("href") or "" for link in page.cards.get_by_role("link").all()]
    cognito = client("cognito-idp", session["cognito_endpoint"])
    devices = devices_of(cognito, session["user_pool_id"], session["username"])
    remembered = [
        device["DeviceKey"] for device in devices if attributes(device)["dev:device_remembered_status"] == "remembered"
    ]
    assert len(remembered) > 60
    assert sorted(shown) == sorted(f"#device={key}" for key in remembered)
    expect(page.count).to_have_text(f"{len(remembered)} devices")


def test_this_device_is_first_and_the_others_follow_by_last_use(page: DevicesPage, session: dict[str, Any]) -> None:
    page.sign_in(session["username"])

    badges = page.cards.get_by_text("This device")
    assert [badge.is_visible() for badge in badges.all()].index(True) == 0
    assert sum(badge.is_visible() for badge in badges.all()) == 1
    times = [each.get_attribute("datetime") or "" for each in page.tab.locator(".last-seen").all() if each.is_visible()]
    assert times[1:] == sorted(times[1:], reverse=True)


def test_the_times_of_a_device_are_in_words(page: DevicesPage, session: dict[str, Any]) -> None:
    page.sign_in(session["username"])

    card = page.card("Firefox on Linux").first
    # The time changes while the tests run; its words change after hours only.
    facts = r"Last seen\s+[34] hours ago\s+First seen\s+9 months ago"
    expect(card).to_contain_text(re.compile(facts), use_inner_text=True)
    seen = card.locator(".last-seen")
    exact = datetime.fromisoformat(seen.get_attribute("datetime") or "")
    spoken = exact.astimezone(UTC).strftime("%B %-d, %Y at %-I:%M:%S %p")
    assert (seen.get_attribute("title") or "").replace("\u202f", " ") == spoken


def test_the_last_use_is_never_before_the_first(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given a device that has signed in once. Cognito gives the time of a sign-in in whole seconds
    owner = user("Phone")
    (key,) = owner.keys
    device = owner.cognito.get_device(AccessToken=owner.token, DeviceKey=key)["Device"]
    page.tab.clock.set_fixed_time(device["DeviceLastAuthenticatedDate"].timestamp() + 300)

    # When the list is shown five minutes later, less than a second after the full minute
    page.sign_in(owner.email)

    # Then
    card = page.card("Phone")
    expect(card.locator(".last-seen")).to_have_text("5 minutes ago")
    expect(card.locator(".first-seen")).to_have_text("5 minutes ago")


def test_missing_facts_of_a_device_are_shown_as_unknown(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given an API that knows neither the last use nor the network
    def without_facts(route: Route) -> None:
        response = route.fetch()
        devices = [each | {"lastIpUsed": None, "createdAt": "soon"} for each in response.json()["devices"]]
        route.fulfill(response=response, json={"devices": devices, "nextToken": None})

    page.tab.route(LIST, without_facts)

    page.sign_in(user(None).email)

    page.expect_names(["Chrome on Linux", "Unnamed device"])
    card = page.card("Unnamed device")
    expect(card).to_contain_text(re.compile(r"First seen\s+unknown"), use_inner_text=True)


def test_a_list_that_is_loading_says_so(page: DevicesPage, session: dict[str, Any]) -> None:
    # Given a second list page that is still outstanding
    held = page.hold(re.compile(r"/devices\?nextToken="))
    page.open()

    # When
    page.fill_in(session["username"])

    # Then
    expect(page.tab.get_by_text("Loading devices … 60 so far")).to_be_visible()
    expect(page.cards).to_have_count(0)
    held[0].continue_()
    page.await_devices()


def test_an_empty_list_tells_the_user_what_to_do(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given a user whose only device is this browser, which is not remembered
    page.sign_in(user().email)
    page.stop_remembering("Chrome on Linux")
    expect(page.news).to_contain_text("no longer remembered")

    # When
    page.tab.reload()

    # Then
    page.await_devices()
    expect(page.tab.get_by_role("heading", name="No remembered devices")).to_be_visible()
    expect(page.tab.get_by_text("The device that you are using is not remembered.")).to_be_visible()
    expect(page.cards).to_have_count(0)


def test_the_user_can_retry_after_a_lost_connection(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    page.tab.route(LIST, lambda route: route.abort())
    page.sign_in(user("Phone").email)
    alert = page.tab.get_by_role("alert").filter(visible=True)
    expect(alert).to_contain_text(NO_CONNECTION)
    expect(page.tab.get_by_role("heading", name="No remembered devices")).to_be_hidden()
    page.expect_complaints("Failed to load resource: net::ERR_FAILED")

    # When
    page.tab.unroute(LIST)
    page.tab.get_by_role("button", name="Try again").click()

    # Then the list is shown, and the focus is on its heading
    page.await_devices()
    expect(page.heading).to_be_focused()
    expect(alert).to_have_count(0)
    page.expect_names(["Chrome on Linux", "Phone"])


def test_an_incomplete_list_shows_the_pages_that_arrived(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given list pages of one device, and a proxy that responds to the request for the second one with CORS headers
    page.tab.route(re.compile(r"/devices$"), lambda route: route.continue_(url=f"{route.request.url}?limit=1"))
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/html"}
    response = {"status": 503, "headers": headers, "body": "<h1>Busy</h1>"}
    page.tab.route(re.compile(r"/devices\?nextToken="), lambda route: route.fulfill(**response))

    # When
    page.sign_in(user("Phone", "Laptop").email)

    # Then
    alert = page.tab.get_by_role("alert").filter(visible=True)
    expect(alert).to_contain_text("These are not all of your devices. Something went wrong on our side.")
    page.expect_names(["Phone"])
    page.expect_refusals(503)

    # And the message stays when a device is forgotten
    page.forget("Phone")
    expect(page.cards).to_have_count(0)
    expect(page.tab.get_by_role("heading", name="No remembered devices")).to_be_hidden()
    expect(alert).to_contain_text("These are not all of your devices.")
    expect(page.tab.get_by_text("The device that you are using is not remembered.")).to_be_hidden()
