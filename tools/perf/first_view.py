"""Measures the page's first view in Chromium: the sign-in form, and then the first device.

Chromium's own events count requests and bytes, so a preflight, which a page cannot see, is counted too.
https://chromedevtools.github.io/devtools-protocol/tot/Network/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

_PATIENCE_MILLISECONDS = 60_000
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
class Network:
    """A network as Chromium emulates it.

    Attributes
    ----------
    latency : float
        Least milliseconds from a request to the headers of its response.
    download, upload : float
        Bytes per second.
    """

    name: str
    latency: float
    download: float
    upload: float


# Lighthouse's mobile preset: 150 ms, 1.6 Mbit/s and 750 kbit/s. Chromium delays requests, not packets. To make up for
# that, Lighthouse multiplies the latency by 3.75 and the throughput by 0.9. DevTools has the same preset.
# https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
# https://github.com/GoogleChrome/lighthouse/blob/main/core/config/constants.js
SLOW_4G = Network("Slow 4G", latency=150 * 3.75, download=1.6 * 1024 * 1024 / 8 * 0.9, upload=750 * 1024 / 8 * 0.9)


@dataclass(frozen=True)
class Budget:
    """What the first view may take; `bytes` are those on the wire, compressed and with headers."""

    form_requests: int
    form_bytes: int
    api_requests: int


BUDGET = Budget(form_requests=6, form_bytes=90_000, api_requests=1)


@dataclass(frozen=True)
class Traffic:
    """Requests, the preflights besides these, and the bytes of all their responses."""

    requests: int
    preflights: int
    bytes: int

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.requests + other.requests, self.preflights + other.preflights, self.bytes + other.bytes)


@dataclass(frozen=True)
class FirstView:
    """A first view.

    Attributes
    ----------
    form, form_ms : Traffic, float
        All that the page loads without a user's doing, and the milliseconds from the navigation until the form can be
        used.
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
        The page's URL. Page and API have one origin, as those that `make deploy-page` deploys.
    email, password : str
        A user who has a remembered device and no second factor.
    network : Network, optional
        By default the network of this machine.
    """
    context = browser.new_context()
    try:
        tab = context.new_page()
        recorder = _Recorder(tab, network)
        tab.add_init_script(_MARKS)
        tab.goto(url, wait_until="networkidle", timeout=_PATIENCE_MILLISECONDS)
        tab.locator("#email").fill(email)
        tab.locator("#password").fill(password)
        tab.locator("#credentials-form [type=submit]").click()
        tab.locator("#devices .card").first.wait_for(timeout=_PATIENCE_MILLISECONDS)
        recorder.wait(tab)
        return _view(recorder.requests, url, tab.evaluate("performance.timeOrigin"), tab.evaluate(_WHEN))
    finally:
        context.close()


@dataclass
class _Request:
    url: str
    sent: float  # milliseconds since 1970
    is_preflight: bool
    bytes: int | None = None  # None until the end of the response


class _Recorder:
    def __init__(self, tab: Page, network: Network | None) -> None:
        self._by_id: dict[str, _Request] = {}
        chromium = tab.context.new_cdp_session(tab)
        chromium.on("Network.requestWillBeSent", self._start)
        chromium.on("Network.loadingFinished", self._end)
        chromium.send("Network.enable")
        if network:
            conditions = {
                "offline": False,
                "latency": network.latency,
                "downloadThroughput": network.download,
                "uploadThroughput": network.upload,
            }
            chromium.send("Network.emulateNetworkConditions", conditions)

    @property
    def requests(self) -> list[_Request]:
        return list(self._by_id.values())

    def wait(self, tab: Page) -> None:
        """Wait until all responses have ended, but not long: one whose body the page does not read never ends."""
        for _ in range(100):
            if all(request.bytes is not None for request in self.requests):
                return
            tab.wait_for_timeout(20)

    def _start(self, event: dict[str, Any]) -> None:
        is_preflight = event["initiator"]["type"] == "preflight"
        request = _Request(event["request"]["url"], event["wallTime"] * 1000, is_preflight)
        self._by_id[event["requestId"]] = request

    def _end(self, event: dict[str, Any]) -> None:
        self._by_id[event["requestId"]].bytes = int(event["encodedDataLength"])


def _view(requests: Sequence[_Request], url: str, origin: float, marks: Mapping[str, float]) -> FirstView:
    sent, device = origin + marks["sent"], origin + marks["device"]
    later: dict[str, list[_Request]] = {"cognito": [], "api": [], "files": []}
    for request in requests:
        if sent <= request.sent <= device:
            # The page's security policy allows no origin but its own and Cognito's.
            own = "api" if request.url.startswith(f"{url}v1/") else "files"
            later[own if request.url.startswith(url) else "cognito"].append(request)
    return FirstView(
        form=_traffic([request for request in requests if request.sent < sent]),
        form_ms=marks["form"],
        device_ms=marks["device"] - marks["sent"],
        **{name: _traffic(found) for name, found in later.items()},
    )


def _traffic(requests: Sequence[_Request]) -> Traffic:
    preflights = sum(request.is_preflight for request in requests)
    return Traffic(len(requests) - preflights, preflights, sum(request.bytes or 0 for request in requests))
