"""Device names and IP addresses, made safe to show."""

import ipaddress
import unicodedata

from devices.settings import LastIpVisibility

MAX_NAME_LENGTH = 256

# Explicit directional embeddings, overrides and isolates (UAX #9, table 3), which can reorder the text around a name.
# Directional marks are not among them, because names in right-to-left scripts need them.
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PREFIX_LENGTH = {4: 24, 6: 48}


def displayable_name(text: str | None) -> str | None:
    """Return a device name as one line of at most 256 characters, or None if nothing visible remains.

    Removes control characters, lone surrogates and bidirectional overrides, and folds white space. Keeps joiners and
    variation selectors, which emoji and many scripts need.
    """
    kept = "".join(
        char
        for char in text or ""
        if char.isspace() or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in _BIDIRECTIONAL)
    )
    line = " ".join(kept.split())[:MAX_NAME_LENGTH].rstrip()
    # Format, unassigned and private-use characters have no glyph of their own.
    return line if any(unicodedata.category(char) not in {"Cf", "Cn", "Co"} for char in line) else None


def visible_address(text: str | None, visibility: LastIpVisibility) -> str | None:
    """Return as much of an IP address as `visibility` allows, or None.

    None stands for a hidden address, for one with a zone index, and for text that is not an IP address.

    `masked` gives the /24 network of an IPv4 address, also of one that is mapped (RFC 4291 section 2.5.5.2) or has a
    6to4 network (RFC 3056), whose /48 would contain all of it. Of another IPv6 address it gives the /48 network, the
    size of a typical site (RFC 6177 section 2).
    """
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    # A zone index (RFC 4007 section 11) has a meaning on its own host only.
    if visibility == "hidden" or getattr(address, "scope_id", None):
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    if visibility == "full":
        return str(address)
    address = getattr(address, "sixtofour", None) or address
    prefix = _PREFIX_LENGTH[address.version]
    host_bits = address.max_prefixlen - prefix
    return f"{type(address)(int(address) >> host_bits << host_bits)}/{prefix}"
