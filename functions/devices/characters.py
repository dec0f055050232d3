"""The kinds of characters in a name. A kind is one letter, so that a pattern can describe a sequence of kinds.

The table has what `unicodedata` lacks. tests/unit/devices/test_characters.py compares it with Unicode's properties.
"""

import unicodedata
from bisect import bisect
from functools import lru_cache

REMOVED = ""
_VIRAMA = 9  # the canonical combining class of what joins consonants in Indic scripts

# Kind -> code points in hexadecimal, and ranges of them. A kind in lower case belongs to the character before it.
_TABLE = {
    REMOVED: (
        # Default_Ignorable_Code_Point (UAX #44), except for j, n and the three selectors: characters without a glyph.
        "AD 34F 61C 115F-1160 17B4-17B5 200B 200E-200F 202A-202E 2060-206F 3164 FE03-FE0D FEFF FFA0 FFF0-FFF8"
        " 1BCA0-1BCA3 1D173-1D17A E0000-E00FF E01F0-E0FFF"
        # Blank glyphs, marks of annotated or replaced text, and controls of hieroglyphs.
        " 2800 FFF9-FFFC 13430-1343F 13441-13442 1D159"
    ),
    "j": "200D",  # zero width joiner
    "n": "200C",  # zero width non-joiner
    "e": "FE0E-FE0F",  # selectors of the text or the emoji style
    "i": "FE00-FE02 E0100-E01EF",  # selectors of an ideograph's variant
    "f": "180B-180F",  # selectors of a Mongolian letter's variant
    "k": "20E3",  # the combining keycap
    "D": "23 2A 30-39",  # what can become a keycap
    "G": "1820-1884 1887-18A8 18AA",  # Mongolian letters
    "I": "3400-4DBF 4E00-9FFF F900-FAFF 20000-2FFFD 30000-3FFFD",  # ideographs
    "H": "1100-115E A960-A97C",  # initial consonants of Hangul syllables
    "J": "1161-11FF D7B0-D7FB",  # their vowels and final consonants
    "T": "1F3FB-1F3FF",  # skin tones
    # The blocks of symbols that contain the emoji, and will contain those of later versions of Unicode.
    "P": (
        "A9 AE 203C 2049 2122 2139 2190-21FF 2300-23FF 24C2 25A0-27BF 2934-2935 2B00-2BFF 3030 303D 3297 3299"
        " 1F000-1F1E5 1F200-1F3FA 1F400-1FFFD"
    ),
}
_RANGES = sorted(
    (int(first, 16), int(last or first, 16), kind)
    for kind, ranges in _TABLE.items()
    for first, _, last in (each.partition("-") for each in ranges.split())
)
_FIRST = [first for first, _, _ in _RANGES]
# Control characters, surrogates, private use and unassigned code points. Pages use private ones for their icons.
_WITHOUT_MEANING = frozenset({"Cc", "Cs", "Co", "Cn"})


@lru_cache(1024)
def kind_of(character: str) -> str:
    """Return the kind of a character that is not white space.

    Returns
    -------
    str
        REMOVED or another key of the table; else `m` for a combining mark, `v` for a virama, `A` for a letter of a
        script that joins letters as Arabic does, `L` for another letter, `O` for another visible character.
    """
    first, last, kind = _RANGES[bisect(_FIRST, ord(character)) - 1]
    if first <= ord(character) <= last:
        return kind
    category = unicodedata.category(character)
    if category in _WITHOUT_MEANING:
        return REMOVED
    if category.startswith("M"):
        return "v" if unicodedata.combining(character) == _VIRAMA else "m"
    if category.startswith("L"):
        return "A" if unicodedata.bidirectional(character) == "AL" else "L"
    return "O"
