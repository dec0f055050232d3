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

# Names that people and apps have chosen, and one device without a name: apps may leave it out.
_NAMED = (
    DemoDevice("花子のスマートフォン 📱", "198.51.100.23", 40 * _DAY, 20 * 60),
    DemoDevice("Firefox on Linux", "192.0.2.17", 300 * _DAY, 3 * _HOUR),
    DemoDevice("هاتف سارة", "2001:db8:51::7", 12 * _HOUR, 5 * _HOUR),
    DemoDevice("Library computer", "203.0.113.99", 2 * _DAY, 2 * _DAY, remembered=False),
    DemoDevice("👩🏽‍💻🏡", "203.0.113.12", 200 * _DAY, 9 * _DAY),
    DemoDevice("Dana's iPad", "198.51.100.64", 250 * _DAY, 30 * _DAY),
    DemoDevice(None, "203.0.113.7", 90 * _DAY, 60 * _DAY),
)

# What sign-in libraries write as the name. {0} is the version of the engine.
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"
_CHROME = f"{_BLINK} Chrome/{{0}}.0.0.0"
_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)"
_BRANDS = "Chromium/{0}.0.7204.93;Not)A;Brand/8.0.0.0"
_WRITTEN = (
    # Amplify 6 in Chromium writes client hints
    f"Windows 19.0.0 x86 Windows Google Chrome/{{0}}.0.7204.93;{_BRANDS}",
    f"macOS 15.5.0 arm macOS Google Chrome/{{0}}.0.7204.93;{_BRANDS}",
    f"Android 15.0.0 Pixel 8 Android {_BRANDS};Google Chrome/{{0}}.0.7204.93",
    f"Windows 10.0.0 x86 Windows Microsoft Edge/{{0}}.0.3296.68;{_BRANDS}",
    f"Android 14.0.0 SM-S918B Android {_BRANDS};Samsung Internet/28.0.5.9",
    # other browsers, and older libraries, navigator.userAgent
    f"{_WINDOWS} {_CHROME} Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {_WEBKIT} Version/26.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Version/26.1 Safari/605.1.15",
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_CHROME} Safari/537.36",
    # also within apps
    f"{_IPHONE} {_WEBKIT} Mobile/22F76 Instagram 312.0.0.21.118 (iPhone14,5; iOS 18_5; en_US; scale=3.00; 1170x2532)",
    f"{_IPHONE} {_WEBKIT} GSA/370.0.762543316 Mobile/15E148 Safari/604.1",
    f"{_WINDOWS} {_BLINK} Slack/4.44.63 Chrome/{{0}}.0.7204.93 Electron/37.2.0 Safari/537.36",
    # apps for Flutter, React Native (amazon-cognito-identity-js), Android and iOS
    "Dart-device",
    "react-native",
    "SM-A546B",
    "iPhone15,2",
)
_NETWORKS = ("192.0.2.{0}", "2001:db8:{0:x}::{0:x}", "198.51.100.{0}", "203.0.113.{0}")
_ENGINE, _DAYS_OF_AN_ENGINE = 157, 28
_MANY = 60
_SHORTEST, _LONGEST = 6 * _HOUR, 364 * _DAY


def devices() -> list[DemoDevice]:
    """Return all devices but the current one, the first seen first."""
    unnamed = (_unnamed(number) for number in range(_MANY))
    return sorted((*_NAMED, *unnamed), key=lambda device: device.first_seen, reverse=True)


def _unnamed(number: int) -> DemoDevice:
    # The times grow by a constant factor, so that most devices are recent and a few are old.
    last_seen = int(_SHORTEST * (_LONGEST / _SHORTEST) ** (number / (_MANY - 1)))
    engine = _ENGINE - last_seen // (_DAYS_OF_AN_ENGINE * _DAY)
    return DemoDevice(
        _WRITTEN[number % len(_WRITTEN)].format(engine),
        _NETWORKS[number % len(_NETWORKS)].format(number + 20),
        last_seen + (number * 37 % 90) * _DAY,
        last_seen,
    )
