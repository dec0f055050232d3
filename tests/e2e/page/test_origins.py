"""Pages on other origins that the local cloud's API allows: this machine's address, and an app's development server."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User

_READ = """async ([url, token]) => {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  return [response.status, await response.json()];
}"""


def test_the_page_works_at_the_address_of_this_machine(
    visit: Callable[..., DevicesPage], session: dict[str, Any], user: Callable[..., User]
) -> None:
    page = visit(session["page_url"].replace("localhost", "127.0.0.1"))

    page.sign_in(user("Phone").email)

    expect(page.card("Phone")).to_be_visible()


def test_an_app_on_a_development_server_reads_the_response(browser: Browser, session: dict[str, Any]) -> None:
    # Given an app that Vite serves
    tab = browser.new_page()
    tab.route("http://localhost:5173/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    tab.goto("http://localhost:5173/")

    # When
    status, device = tab.evaluate(_READ, [f"{session['api_url']}/devices/current", session["access_token"]])
    tab.close()

    # Then
    assert (status, device["deviceKey"]) == (200, session["device_keys"][0])
