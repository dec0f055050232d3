"""The browser of the tests, which not every machine has."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from tests.support.optional import skipping
from tools.perf import browser


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Run the browser with further options while the block runs.

    Skip the test if there is no browser, unless BROWSER=required.
    """
    with skipping(browser.NoBrowserError, "BROWSER"):
        browser.executable()
    with browser.chromium(*options) as started:
        yield started
