"""The demo user's devices: enough for a second list page, and spread over the last year.

Their addresses are from the ranges that RFC 5737 and RFC 3849 reserve for documentation.
"""

from dataclasses import dataclass

_HOUR, _DAY = 3600, 86400


@dataclass(frozen=True, slots=True)
class DemoDevice:
    """A device; `first_seen` and `last_seen` are seconds ago."""

    name: str | None
    address: str
    first_seen: int
    last_seen: int
    remembered: bool = True


# The device that the demo user is signed in on.
CURRENT = DemoDevice("Chrome on Windows", "2001:db8:85a3::8a2e:370:7334", 0, 0)

_NAMED = (
    DemoDevice("花子のスマートフォン 📱", "198.51.100.23", 40 * _DAY, 20 * 60),
    DemoDevice("Firefox on Linux", "192.0.2.17", 300 * _DAY, 3 * _HOUR),
    DemoDevice("Library computer", "203.0.113.99", 2 * _DAY, 2 * _DAY, remembered=False),
    DemoDevice(None, "203.0.113.7", 90 * _DAY, 60 * _DAY),  # apps may leave out the name
)

# Sign-in libraries for browsers use navigator.userAgent as the device's name. {0} is the version of the engine.
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1"
_BROWSERS = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {_SAFARI} Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36 Edg/{{0}}.0.0.0",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Safari/605.1.15",
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_CHROME} Safari/537.36",
)
_NETWORKS = ("192.0.2.{0}", "2001:db8:{0:x}::{0:x}", "198.51.100.{0}", "203.0.113.{0}")
_ENGINE, _DAYS_OF_AN_ENGINE = 157, 28
_MANY = 60
_SHORTEST, _LONGEST = 6 * _HOUR, 364 * _DAY


def devices() -> list[DemoDevice]:
    """Return all devices but the current one, the first seen first."""
    browsers = (_browser(number) for number in range(_MANY))
    return sorted((*_NAMED, *browsers), key=lambda device: device.first_seen, reverse=True)


def _browser(number: int) -> DemoDevice:
    # The times grow by a constant factor, so that most devices are recent and a few are old.
    last_seen = int(_SHORTEST * (_LONGEST / _SHORTEST) ** (number / (_MANY - 1)))
    engine = _ENGINE - last_seen // (_DAYS_OF_AN_ENGINE * _DAY)
    return DemoDevice(
        _BROWSERS[number % len(_BROWSERS)].format(engine),
        _NETWORKS[number % len(_NETWORKS)].format(number + 20),
        last_seen + (number * 37 % 90) * _DAY,
        last_seen,
    )
