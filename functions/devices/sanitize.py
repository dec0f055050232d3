"""What a page may see of a name and of an address."""

import ipaddress
import unicodedata

from devices.settings import LastIpVisibility

MAX_NAME_LENGTH = 256

# Explicit directional embeddings, overrides and isolates (UAX #9, table 3): they can reorder text around the name.
# The directional marks stay: names in right-to-left scripts need them.
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PREFIX_LENGTH = {4: 24, 6: 48}


def displayable(text: str | None) -> str | None:
    """Return `text` fit to show in one line of at most 256 characters, or None if nothing of it is.

    Control characters, lone surrogates and bidirectional overrides go, white space is folded; the joiners and
    variation selectors that emoji and many scripts are made of stay.
    """
    kept = "".join(
        char
        for char in text or ""
        if char.isspace() or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in _BIDIRECTIONAL)
    )
    shown = " ".join(kept.split())[:MAX_NAME_LENGTH].rstrip()
    # Formatting, private and unassigned characters alone show nothing.
    return shown if any(unicodedata.category(char) not in {"Cf", "Cn", "Co"} for char in shown) else None


def visible_address(text: str | None, visibility: LastIpVisibility) -> str | None:
    """Return as much of an IP address as `visibility` allows, or None; text that is no IP address is None.

    `masked` gives the /24 network of an IPv4 address and the /48 of an IPv6 address, the size of a typical site
    (RFC 6177 section 2).
    """
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    # A zone (RFC 4007 section 11) means something on its own host alone.
    if visibility == "hidden" or getattr(address, "scope_id", None):
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    if visibility == "full":
        return str(address)
    prefix = _PREFIX_LENGTH[address.version]
    host_bits = address.max_prefixlen - prefix
    return f"{type(address)(int(address) >> host_bits << host_bits)}/{prefix}"
