"""Measures the page's first view in Chromium: the sign-in form, and then the first device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser

from tools.perf.traffic import Network, Recorder, Request, Traffic

_TIMEOUT_MILLISECONDS = 60_000
# Marks the first frame that has the form, or a device, and the moment at which the user sends the form.
_MARKS = """
const marked = new Set();
const look = () => {
  for (const [name, selector] of [["form", "#credentials-form"], ["device", "#devices .card"]]) {
    if (marked.has(name) || !document.querySelector(selector)?.checkVisibility()) continue;
    marked.add(name);
    requestAnimationFrame(() => performance.mark(name));
  }
};
new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
addEventListener("submit", () => performance.mark("sent"), true);
"""
_WHEN = "Object.fromEntries(performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime]))"


@dataclass(frozen=True)
class Budget:
    """The most that the first view may take; `form_bytes` are on the wire, compressed and with headers."""

    form_requests: int
    form_bytes: int
    api_requests: int


BUDGET = Budget(form_requests=6, form_bytes=90_000, api_requests=1)


@dataclass(frozen=True)
class FirstView:
    """A first view.

    Attributes
    ----------
    form : Traffic
        All that the page loads before the user does something.
    form_ms : float
        Milliseconds from the navigation until the form can be used.
    cognito, api, files : Traffic
        What the page requests from the sign-in to the first device: of Cognito, of the API, and of its own files.
    device_ms : float
        Milliseconds from the moment at which the user sent the form until the first device is shown.
    """

    form: Traffic
    form_ms: float
    cognito: Traffic
    api: Traffic
    files: Traffic
    device_ms: float


def measure(browser: Browser, url: str, email: str, password: str, network: Network | None = None) -> FirstView:
    """Open the page in a new browser profile, sign a user in, and wait for the first device.

    Parameters
    ----------
    browser : Browser
    url : str
        The page's URL, with a slash at its end. Page and API have one origin, as those that `make deploy-page` deploys.
    email, password : str
        A user who has a remembered device and no second factor.
    network : Network, optional
        By default the network of this machine.
    """
    context = browser.new_context()
    try:
        tab = context.new_page()
        recorder = Recorder(tab, network)
        tab.add_init_script(_MARKS)
        tab.goto(url, wait_until="networkidle", timeout=_TIMEOUT_MILLISECONDS)
        tab.locator("#email").fill(email)
        tab.locator("#password").fill(password)
        tab.locator("#credentials-form [type=submit]").click()
        tab.locator("#devices .card").first.wait_for(timeout=_TIMEOUT_MILLISECONDS)
        recorder.wait(tab)
        return _view(recorder.requests, url, tab.evaluate("performance.timeOrigin"), tab.evaluate(_WHEN))
    finally:
        context.close()


def _view(requests: Sequence[Request], url: str, origin: float, marks: Mapping[str, float]) -> FirstView:
    sent, device = origin + marks["sent"], origin + marks["device"]
    later: dict[str, list[Request]] = {"cognito": [], "api": [], "files": []}
    for request in requests:
        if sent <= request.sent <= device:
            # The page's security policy allows no origin but its own and Cognito's.
            own = "api" if request.url.startswith(f"{url}v1/") else "files"
            later[own if request.url.startswith(url) else "cognito"].append(request)
    return FirstView(
        form=Traffic.of([request for request in requests if request.sent < sent]),
        form_ms=marks["form"],
        device_ms=marks["device"] - marks["sent"],
        **{name: Traffic.of(found) for name, found in later.items()},
    )
