"""The browser of the tests, which not every machine has."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from tools.perf import browser


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Run the browser with further options while the block runs.

    Skip the test if there is no browser, unless BROWSER=required.
    """
    try:
        browser.executable()
    except browser.NoBrowserError as error:
        if os.environ.get("BROWSER") == "required":
            raise
        pytest.skip(str(error))
    with browser.chromium(*options) as started:
        yield started
