"""Names made safe to show, and addresses shortened to what the setting allows."""

import ipaddress
from typing import get_args

import pytest

from devices.sanitize import displayable_name, visible_address
from devices.settings import LastIpVisibility


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, None),
        ("", None),
        (" \t\u00a0\u2003", None),
        ("\x00\x1b\x7f\x9f", None),
        ("\u202e\u2066", None),
        ("Dart-device", "Dart-device"),
        ("XBOX XX", "XBOX XX"),
        ("  My\t\tphone\r\nat \u00a0 home\u2028", "My phone at home"),
        ("My\x00 ph\x1bone\x9f", "My phone"),
        ("a\u202eb\u202ac\u202bd\u202ce\u202df\u2066g\u2067h\u2068i\u2069j", "abcdefghij"),
        ("a \u202e b", "a b"),
        ("a\ud800b", "ab"),
        ("\u00ad\U000e0041\ufffe\ue000", None),
        ("\u05d0\u200f!", "\u05d0!"),  # RIGHT-TO-LEFT MARK
        ("<b>&amp;\"'</b>", "<b>&amp;\"'</b>"),  # the browser must escape any text
        ("x" * 256, "x" * 256),
        ("x" * 257, "x" * 256),
        ("\x00" * 300 + "x", "x"),
        ("x" * 255 + " y", "x" * 255),
    ],
)
def test_displayable_name_removes_invisible_characters_and_shortens(text: str | None, shown: str | None) -> None:
    assert displayable_name(text) == shown


@pytest.mark.parametrize(
    ("text", "masked", "full"),
    [
        (None, None, None),
        ("", None, None),
        ("192.0.2.1", "192.0.2.0/24", "192.0.2.1"),
        ("203.0.113.255", "203.0.113.0/24", "203.0.113.255"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48", "2001:db8:1:2:3:4:5:6"),
        ("2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::/48", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.0/24", "192.0.2.1"),
        ("2002:c000:221::1", "192.0.2.0/24", "2002:c000:221::1"),
        ("fe80::1%eth0", None, None),
        ("192.0.2.1:443", None, None),
        ("192.0.2.0/24", None, None),
        ("192.0.2.1, 198.51.100.1", None, None),
        ("192.0.2.01", None, None),
        (" 192.0.2.1", None, None),
        ("3221225985", None, None),
        ("localhost", None, None),
        ("<script>", None, None),
    ],
)
def test_visible_address_depends_on_the_visibility_setting(
    text: str | None, masked: str | None, full: str | None
) -> None:
    assert visible_address(text, "masked") == masked
    assert visible_address(text, "full") == full
    assert visible_address(text, "hidden") is None


@pytest.mark.parametrize(
    "embedding",
    [
        "{dotted}",
        "::ffff:{dotted}",  # mapped (RFC 4291 section 2.5.5.2)
        "::{dotted}",  # compatible (RFC 4291 section 2.5.5.1)
        "::ffff:0:{dotted}",  # translated (RFC 2765 section 2.1)
        "2002:{hexadecimal}::1",  # 6to4 (RFC 3056 section 2)
        "2001:0:{hexadecimal}:0:1234:c633:6401",  # the server of Teredo (RFC 4380 section 4)
        "2001:0:c633:6401:0:1234:{inverted}",  # the client of Teredo
        "64:ff9b::{dotted}",  # NAT64 (RFC 6052 section 2.1)
        "64:ff9b:1:{hexadecimal}::",  # a local NAT64 (RFC 8215), with a prefix of 48 bits
        "2001:db8:{hexadecimal}::",  # a NAT64 of the network's own, with a prefix of 32 bits (RFC 6052 section 2.2)
        "2001:db8::5efe:{dotted}",  # ISATAP (RFC 5214 section 6.1)
    ],
)
def test_a_masked_address_does_not_tell_hosts_of_one_ipv4_network_apart(embedding: str) -> None:
    def masked(host: int) -> str | None:
        number = int(ipaddress.ip_address("192.0.2.0")) + host
        inverted = number ^ 0xFFFFFFFF
        address = embedding.format(
            dotted=ipaddress.IPv4Address(number),
            hexadecimal=f"{number >> 16:x}:{number & 0xFFFF:x}",
            inverted=f"{inverted >> 16:x}:{inverted & 0xFFFF:x}",
        )
        return visible_address(address, "masked")

    assert {masked(host) for host in range(256)} == {masked(0)}
    assert masked(0) is not None


def test_the_table_above_covers_every_visibility() -> None:
    assert get_args(LastIpVisibility.__value__) == ("masked", "full", "hidden")
