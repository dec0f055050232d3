"""The machine's own Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tools.perf.errors import BenchError

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


class NoBrowserError(BenchError):
    """No browser is installed."""

    def __init__(self) -> None:
        super().__init__(f"There is no browser: none of {', '.join(_NAMES)} is installed.")


def executable() -> str:
    """Return the path of the browser.

    Raises
    ------
    NoBrowserError
        None is installed.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise NoBrowserError
    return found


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Run the browser with further options while the block runs.

    Raises
    ------
    NoBrowserError
        None is installed.
    """
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_OPTIONS, *options])
        yield browser
        browser.close()
