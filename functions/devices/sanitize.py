"""Device names and IP addresses, made safe to show."""

import ipaddress
import re
from itertools import accumulate, pairwise

from devices.characters import REMOVED, kind_of
from devices.settings import LastIpVisibility

MAX_NAME_LENGTH = 256
# More combining marks on one character would reach into the lines above and below.
_MAX_MARKS = 4
# Joiners could connect all of a name otherwise, and a name is not cut within a sequence. The longest emoji has 10.
_MAX_SEQUENCE = 32
_PREFIX_LENGTH = {4: 24, 6: 48}

# Flags are two regional indicators or, for England, Scotland and Wales, a black flag and tags. Any other character is
# a token of its own.
_FLAG = "F"
_TOKENS = "[\U0001f1e6-\U0001f1ff]{{2}}|\U0001f3f4(?:{})\U000e007f|.".format(
    "|".join("".join(chr(0xE0000 + ord(tag)) for tag in region) for region in ("gbeng", "gbsct", "gbwls"))
)
_EDGE = " "  # the kind of what is before and after a word
_JOINERS = "jn"
# Where a kind in lower case is needed: the kind of the character that it belongs to, that of the character before it,
# its own, and that of the character after it. Elsewhere it is removed.
_NEEDED = r"""(?x)
    [^\ ].[mvk].           # a combining mark on a character
    | .Pe. | .Dek          # the style of an emoji or of a keycap
    | .Ii. | .Gf.          # the variant of an ideograph or of a Mongolian letter
    | P[^j]jP              # emoji that are one
    | Lvj. | LvnL          # consonants of Indic scripts, joined or separate (UAX #31, section 2.3)
    | L[^jn]jv             # the same, with the joiner first as in Bengali
    | A[^jn]j. | A[^jn]nA  # joined and separate letters of scripts like Arabic (UAX #31, section 2.3)
"""
# Pairs of kinds whose second one continues the sequence of the first one: conjuncts, Hangul syllables, skin tones.
_CONTINUED = frozenset({"vL", "HH", "HJ", "JJ", "LJ", "PT", "eT"})


def displayable_name(text: str | None) -> str | None:
    """Return a device name as one line of at most 256 characters, or None if nothing visible remains.

    Removes what no reader sees: control characters, bidirectional overrides, blank glyphs, combining marks beyond the
    fourth, and joiners and variation selectors where neither an emoji nor a script needs them. Folds white space.
    Never cuts within a sequence of characters that are shown as one.
    """
    text = text or ""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:MAX_NAME_LENGTH].rstrip() or None
    words = [word for word in map(_sequences, text.split()) if word]
    sequences = [sequence for word in words for sequence in (" ", *word)][1:]
    lengths = accumulate(map(len, sequences))
    kept = (sequence for sequence, length in zip(sequences, lengths, strict=True) if length <= MAX_NAME_LENGTH)
    return "".join(kept).rstrip() or None


def _sequences(word: str) -> list[str]:
    """Return the part of a word that stays, divided into sequences that must not be cut."""
    tokens = [(token, kind_of(token) if len(token) == 1 else _FLAG) for token in re.findall(_TOKENS, word)]
    shown = [(token, kind) for token, kind in tokens if kind != REMOVED]
    sequences: list[str] = []
    owner = before = _EDGE
    marks = 0
    for (token, kind), (_, after) in pairwise([*shown, ("", _EDGE)]):
        size = len(sequences[-1]) if sequences else 0
        if kind.islower():
            if not _is_needed(owner + before + kind + after, marks, size):
                continue
            continues = True
            marks += kind not in _JOINERS
        else:
            continues = before in _JOINERS or (before + kind in _CONTINUED and size < _MAX_SEQUENCE)
            if not (continues and kind == "T"):
                owner, marks = kind, 0
        if continues:
            sequences[-1] += token
        else:
            sequences.append(token)
        before = kind
    return sequences


def _is_needed(place: str, marks: int, size: int) -> bool:
    """Return whether a kind in lower case stays.

    Parameters
    ----------
    place : str
        The four kinds that `_NEEDED` describes.
    marks : int
        How many marks and selectors the character has.
    size : int
        The length of the sequence.
    """
    is_joiner = place[2] in _JOINERS
    if is_joiner and size >= _MAX_SEQUENCE:
        return False
    # A virama after the joiner would be another mark.
    if marks == _MAX_MARKS and (not is_joiner or place[3] == "v"):
        return False
    return bool(re.fullmatch(_NEEDED, place))


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
