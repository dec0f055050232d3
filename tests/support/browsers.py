"""The machine's own Chromium."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

# The shell takes half the processor time, because it renders no window around the page.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Chromium's sandbox does not work for root. The other options stop background requests.
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that a test makes up has no address, so Chromium would keep it from this machine's local cloud.
    "--disable-features=LocalNetworkAccessChecks",
]


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Run the browser with further options while the block runs.

    Skip the test if there is no browser, unless BROWSER=required.
    """
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        message = f"There is no browser: none of {', '.join(_NAMES)} is installed."
        assert os.environ.get("BROWSER") != "required", message
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*_OPTIONS, *options])
        yield browser
        browser.close()
