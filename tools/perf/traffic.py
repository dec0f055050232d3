"""The requests that Chromium sends for a page, and their bytes, on a network that it emulates.

Chromium's own events report them, so a preflight, which a page cannot see, is counted too.
https://chromedevtools.github.io/devtools-protocol/tot/Network/
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from playwright.sync_api import Page


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


@dataclass
class Request:
    """A request that Chromium has sent.

    Attributes
    ----------
    sent : float
        Milliseconds since 1970.
    bytes : int or None
        Bytes of the response on the wire, compressed and with headers; None until it has ended.
    """

    url: str
    sent: float
    is_preflight: bool
    bytes: int | None = None


class Recorder:
    """Records what a tab requests from now on, on an emulated network if there is one."""

    def __init__(self, tab: Page, network: Network | None) -> None:
        self._by_id: dict[str, Request] = {}
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
    def requests(self) -> list[Request]:
        """The requests so far, in the order of their start."""
        return list(self._by_id.values())

    def wait(self, tab: Page) -> None:
        """Wait until all responses have ended, two seconds at most.

        A response whose body the page does not read never ends.
        """
        for _ in range(100):
            if all(request.bytes is not None for request in self.requests):
                return
            tab.wait_for_timeout(20)

    def _start(self, event: dict[str, Any]) -> None:
        is_preflight = event["initiator"]["type"] == "preflight"
        request = Request(event["request"]["url"], event["wallTime"] * 1000, is_preflight)
        self._by_id[event["requestId"]] = request

    def _end(self, event: dict[str, Any]) -> None:
        self._by_id[event["requestId"]].bytes = int(event["encodedDataLength"])


@dataclass(frozen=True)
class Traffic:
    """The numbers of requests and of preflights, and the bytes of all their responses."""

    requests: int
    preflights: int
    bytes: int

    @classmethod
    def of(cls, requests: Sequence[Request]) -> Self:
        """Return the traffic of requests."""
        preflights = sum(request.is_preflight for request in requests)
        return cls(len(requests) - preflights, preflights, sum(request.bytes or 0 for request in requests))

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.requests + other.requests, self.preflights + other.preflights, self.bytes + other.bytes)
