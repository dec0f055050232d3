"""The page in a real browser, operated as a user does."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, Request, Route, expect

from local.demo import PASSWORD

# Tests wait for the expected state, so that they are slower on a busy machine but do not fail.
PATIENCE = 20  # seconds
expect.set_options(timeout=PATIENCE * 1000)

# Amplify warns of each Cognito that is not at AWS.
_CUSTOM_ENDPOINT = "You are using a custom Amazon Amazon Cognito User Pool endpoint"
# The message about a request that gets no response
NO_CONNECTION = "This page cannot reach the service. Try again in a moment."
# The URL of a list page
LIST = re.compile(r"/devices(\?|$)")

_STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d+) ")


def content_of(request: Request) -> dict[str, Any]:
    """Return the JSON that a request sends."""
    content: dict[str, Any] = json.loads(request.post_data or "")
    return content


@dataclass
class DevicesPage:
    """The page in a tab of a browser.

    Attributes
    ----------
    tab : Page
    url : str
        The page's address.
    config : dict
        What a test has put in place of the page's `config.json`.
    complaints : list of str
        Errors and warnings of the browser that no test has removed.
    requests : list of Request
        Requests of the tab.
    """

    tab: Page
    url: str
    config: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tab.on("console", self._note)
        self.tab.on("request", self._note_request)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("dialog", self._note_dialog)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and _CUSTOM_ENDPOINT not in message.text:
            self.complaints.append(message.text)

    def _note_request(self, request: Request) -> None:
        self.requests.append(request)

    def _note_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"alert: {dialog.message}")
        dialog.dismiss()

    def refusals(self) -> list[int]:
        """Remove the responses of 400 and above from the complaints; return their statuses."""
        found = [(text, match[1]) for text in self.complaints if (match := _STATUS.match(text))]
        for text, _ in found:
            self.complaints.remove(text)
        return [int(status) for _, status in found]

    def expect_refusals(self, *statuses: int) -> None:
        """Wait for one response of 400 or above per status, check that they have these statuses, and remove them."""
        self.wait_for(lambda: len(list(filter(_STATUS.match, self.complaints))) >= len(statuses))
        assert self.refusals() == list(statuses)

    def expect_complaints(self, *parts: str) -> None:
        """Wait for one complaint per text, check that each contains its text, and remove them."""
        self.wait_for(lambda: len(self.complaints) >= len(parts))
        assert len(self.complaints) == len(parts), self.complaints
        for text, part in zip(self.complaints, parts, strict=True):
            assert part in text
        self.complaints.clear()

    def hold(self, url: str | re.Pattern[str], later: Callable[[Route], None] = Route.continue_) -> list[Route]:
        """Hold the next request to a URL, and return the list that receives it. By default, continue later ones."""
        return self._route(url, first=lambda _: None, later=later)

    def let_pass_once(self, url: str) -> None:
        """Continue the next request to a URL, and abort later ones."""
        self._route(url, first=Route.continue_, later=Route.abort)

    def _route(
        self, url: str | re.Pattern[str], first: Callable[[Route], None], later: Callable[[Route], None]
    ) -> list[Route]:
        came: list[Route] = []

        def choose(route: Route) -> None:
            if came:
                later(route)
            else:
                came.append(route)
                first(route)

        self.tab.route(url, choose)
        return came

    def wait_for(self, happened: Callable[[], object]) -> None:
        """Wait until a condition is true; Playwright's own waiting does not see the lists of this class."""
        for _ in range(PATIENCE * 20):
            if happened():
                return
            self.tab.wait_for_timeout(50)
        raise AssertionError(f"The condition was not true within {PATIENCE} seconds.")

    def stored(self) -> dict[str, str]:
        """Return the browser's local storage of the page."""
        found: dict[str, str] = self.tab.evaluate("({...localStorage})")
        return found

    def tokens(self) -> list[str]:
        """Return the tokens that the page has stored in the browser."""
        return [value for key, value in self.stored().items() if key.lower().endswith("token")]

    def asked(self, method: str, path: str) -> list[Request]:
        """Return the tab's requests to the API whose path and query match the whole pattern."""
        pattern = re.compile(rf"http://127\.0\.0\.1:\d+/.*/v1{path}")
        return [each for each in self.requests if each.method == method and pattern.fullmatch(each.url)]

    def open(self) -> None:
        """Open the page, and wait until it shows the sign-in form or the signed-in user."""
        self.tab.goto(self.url)
        expect(self.tab.get_by_role("heading", level=1)).to_be_visible()

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Open the page, sign in, and wait for the list or for the message in its place."""
        self.open()
        self.fill_in(email, password)
        expect(self.heading).to_be_focused()
        self.await_devices()

    def sign_out(self) -> None:
        """Sign out, and wait for the sign-in form."""
        self.tab.get_by_role("button", name="Sign out", exact=True).click()
        expect(self.tab.get_by_label("Email", exact=True)).to_be_focused()

    def fill_in(self, email: str, password: str = PASSWORD) -> None:
        self.tab.get_by_label("Email", exact=True).fill(email)
        self.tab.get_by_label("Password", exact=True).fill(password)
        self.tab.get_by_role("button", name="Sign in").click()

    def await_devices(self) -> None:
        """Wait for the list or for the message in its place."""
        expect(self.heading).to_be_visible()
        expect(self.tab.locator("#loading")).to_be_empty()

    @property
    def heading(self) -> Locator:
        return self.tab.get_by_role("heading", name="Your devices")

    @property
    def cards(self) -> Locator:
        return self.tab.get_by_role("listitem")

    def card(self, name: str) -> Locator:
        """Return the card of the device with exactly this name."""
        return self.cards.filter(has=self.tab.get_by_role("heading", name=name, exact=True))

    @property
    def names(self) -> Locator:
        """The names of the devices in the list."""
        return self.cards.get_by_role("heading")

    def group(self, name: str) -> Locator:
        """Return a group of the list, such as "This device"."""
        return self.tab.get_by_role("region", name=re.compile(rf"^{name}"))

    def open_details(self, name: str) -> Locator:
        """Open the details of a device, and return the dialog."""
        self.card(name).get_by_role("link").click()
        return self.await_details()

    def await_details(self) -> Locator:
        """Wait until the dialog shows a device's details, and return the dialog."""
        expect(self.dialog.get_by_text("Technical details")).to_be_visible()
        return self.dialog

    def stop_remembering(self, name: str) -> None:
        """Stop remembering a device, without waiting for the response."""
        self.open_details(name).get_by_role("button", name="Stop remembering").click()

    def remember_again(self, name: str) -> None:
        self.card(name).get_by_role("button", name=f"Remember again: {name}", exact=True).click()

    def forget(self, name: str) -> None:
        """Forget the device with this name."""
        self.start_to_forget(name)
        expect(self.card(name)).to_have_count(0)

    def start_to_forget(self, name: str) -> None:
        """Forget a device and confirm it, without waiting for the response."""
        self.ask_to_forget(name)
        self.dialog.get_by_role("button", name="Forget it").click()

    def ask_to_forget(self, name: str) -> None:
        """Open the question whether to forget a device."""
        self.card(name).get_by_role("button", name=f"Forget {name}", exact=True).click()

    def expect_names(self, names: list[str]) -> None:
        """Wait for a list of exactly these names in this order."""
        expect(self.names).to_have_text(names, use_inner_text=True)
        assert self.names.all_inner_texts() == names  # to_have_text ignores white space and characters of zero width

    @property
    def count(self) -> Locator:
        """How many devices the list shows."""
        return self.tab.locator("#count")

    @property
    def news(self) -> Locator:
        """The message about a change."""
        return self.tab.locator("#news")

    @property
    def dialog(self) -> Locator:
        return self.tab.get_by_role("dialog")
