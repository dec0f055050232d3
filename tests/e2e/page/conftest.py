"""A real browser: Chromium, as the machine has it."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.devices_page import DevicesPage

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Root may not use Chromium's sandbox, and nothing may call home.
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_VIEWPORT: Any = {"width": 1100, "height": 900}


# For these tests alone: while Playwright runs, no other test of this process could run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Skip what needs a browser where there is none, unless BROWSER=required."""
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        message = f"There is no browser: none of {', '.join(_NAMES)} is installed."
        assert os.environ.get("BROWSER") != "required", message
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, session: dict[str, Any]) -> Iterator[Callable[..., DevicesPage]]:
    """Return a function that gives a further browser, with nothing stored, a tab for the page.

    In the end no browser may have complained about anything that the test did not ask for.
    """
    pages = []

    def start(url: str = session["page_url"], **options: Any) -> DevicesPage:
        context = browser.new_context(**{"locale": "en-US", "viewport": _VIEWPORT, **options})
        pages.append(DevicesPage(context.new_page(), url))
        return pages[-1]

    yield start
    for page in pages:
        page.tab.context.close()
    assert [page.complaints for page in pages] == [[] for _ in pages]


@pytest.fixture
def page(visit: Callable[..., DevicesPage]) -> DevicesPage:
    """The page in a browser of its own."""
    return visit()
