"""Pictures of the page that the demo user sees. `make screenshots` writes them to docs/."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage

_WIDE = {"width": 960, "height": 720}
_NARROW = {"width": 375, "height": 720}


@pytest.fixture(scope="module")
def signed_in() -> dict[str, Any]:
    """Return what a browser stores after a sign-in. All pictures share it, so that they show the same device."""
    return {}


@pytest.mark.parametrize(
    ("name", "scheme", "viewport"),
    [("light", "light", _WIDE), ("dark", "dark", _WIDE), ("narrow", "light", _NARROW)],
    ids=["light", "dark", "narrow"],
)
def test_the_page_fits(
    visit: Callable[..., DevicesPage],
    session: dict[str, Any],
    signed_in: dict[str, Any],
    tmp_path: Path,
    name: str,
    scheme: str,
    viewport: dict[str, int],
) -> None:
    # Given
    page = visit(color_scheme=scheme, viewport=viewport, reduced_motion="reduce", **signed_in)

    # When
    if signed_in:
        page.open()
        page.await_devices()
    else:
        page.sign_in(session["username"])
        signed_in["storage_state"] = page.tab.context.storage_state()

    # Then a whole card fits on the screen, and the picture has the colours of its scheme
    expect(page.cards.first).to_be_in_viewport(ratio=1)
    assert page.tab.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    picture = Path(os.environ.get("SCREENSHOTS") or tmp_path) / f"page-{name}.png"
    page.tab.evaluate("document.activeElement.blur()")
    page.tab.screenshot(path=picture)
    assert picture.stat().st_size > 10_000
