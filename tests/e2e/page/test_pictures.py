"""Pictures of the page that the demo user sees. `make screenshots` writes them to docs/images/."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.support.devices_page import DevicesPage

_WIDE = {"width": 960, "height": 720}
_NARROW = {"width": 375, "height": 720}


@pytest.fixture(scope="module")
def signed_in() -> dict[str, Any]:
    """Return what a browser stores after a sign-in. All pictures share it, so that they show the same device."""
    return {}


def show_list(page: DevicesPage) -> None:
    # A whole card is visible without scrolling
    expect(page.cards.first).to_be_in_viewport(ratio=1)


def show_details(page: DevicesPage) -> None:
    page.open_details("Dana's iPad")
    expect(page.dialog).to_be_in_viewport(ratio=1)


def show_progress(page: DevicesPage) -> None:
    # The demo user keeps the devices: none of these requests reaches the API.
    held: list[Route] = []

    def respond(route: Route) -> None:
        if len(held) < 20:
            route.fulfill(status=204, headers={"Access-Control-Allow-Origin": "*"})
        held.append(route)

    page.tab.route("**/devices/*", respond)
    page.tab.get_by_role("button", name="Forget all others").click()
    page.dialog.get_by_role("button", name="Forget ").click()
    page.wait_for(lambda: len(held) > 20)
    expect(page.dialog.get_by_role("progressbar")).to_have_js_property("value", 20)


@pytest.mark.parametrize(
    ("name", "scheme", "viewport", "show"),
    [
        ("light", "light", _WIDE, show_list),
        ("dark", "dark", _WIDE, show_list),
        ("narrow", "light", _NARROW, show_list),
        ("details", "light", _WIDE, show_details),
        ("forgetting", "dark", _NARROW, show_progress),
    ],
    ids=["light", "dark", "narrow", "details", "forgetting"],
)
def test_the_page_fits(
    visit: Callable[..., DevicesPage],
    session: dict[str, Any],
    signed_in: dict[str, Any],
    tmp_path: Path,
    name: str,
    scheme: str,
    viewport: dict[str, int],
    show: Callable[[DevicesPage], None],
) -> None:
    # Given
    page = visit(color_scheme=scheme, viewport=viewport, reduced_motion="reduce", **signed_in)
    if signed_in:
        page.open()
        page.await_devices()
    else:
        page.sign_in(session["username"])
        signed_in["storage_state"] = page.tab.context.storage_state()

    # When
    show(page)

    # Then
    assert page.tab.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    picture = Path(os.environ.get("SCREENSHOTS") or tmp_path) / f"page-{name}.png"
    page.tab.evaluate("document.activeElement.blur()")
    page.tab.screenshot(path=picture)
    assert picture.stat().st_size > 10_000
