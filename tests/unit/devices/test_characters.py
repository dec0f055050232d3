"""The kinds of characters, compared with Unicode's properties as the module `regex` has them.

`regex` knows a later version of Unicode than Python, so characters that Python does not know yet are left out.
"""

import unicodedata
from functools import cache

import pytest
import regex

from devices.characters import kind_of

# Without the planes that have no characters, and with the first of those for private use.
EVERY = "".join(map(chr, [*range(0x40000), *range(0xE0000, 0xF0010)]))
KNOWN = "".join(each for each in EVERY if unicodedata.category(each) != "Cn")
IGNORABLE = r"\p{Default_Ignorable_Code_Point}"
# Visible by their properties, although nobody sees them. None of these is visible in any font that shows them.
BLANK = (
    {"\u2800", "\U00013441", "\U00013442", "\U0001d159"}  # Braille, hieroglyphs, a note without a head
    | {"\ufff9", "\ufffa", "\ufffb", "\ufffc"}  # annotations, and the place of an object
    | set(map(chr, range(0x13430, 0x13440)))  # controls of hieroglyphs
)


def having(properties: str, among: str = EVERY) -> set[str]:
    """Return the characters that match a set of `regex`, such as `[\\p{L}--[a-z]]`."""
    return set(regex.findall(properties, among, regex.VERSION1))


@cache
def _kinds() -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for each in EVERY:
        kinds.setdefault(kind_of(each), set()).add(each)
    return kinds


def of(*kinds: str) -> set[str]:
    """Return the characters of these kinds."""
    return {each for kind in kinds for each in _kinds()[kind]}


def test_no_character_without_a_glyph_is_visible() -> None:
    unseen = having(rf"[\p{{Cc}}\p{{Cs}}\p{{Co}}{IGNORABLE}]") - having(r"\s")

    assert of("") >= unseen - of(*"jneif")
    assert of(*"jneif") <= unseen


def test_no_character_with_a_glyph_is_removed() -> None:
    seen = having(rf"[[\p{{L}}\p{{M}}\p{{N}}\p{{P}}\p{{S}}\p{{Cf}}]--{IGNORABLE}]", KNOWN)

    assert of("") & seen == BLANK


@pytest.mark.parametrize(
    ("kinds", "least", "most"),
    [
        ("mvkeif", rf"[\p{{M}}--{IGNORABLE}]", r"[\p{M}\u180e]"),
        ("v", r"\p{Canonical_Combining_Class=Virama}", r"\p{Canonical_Combining_Class=Virama}"),
        ("eif", r"[\p{Variation_Selector}--[\ufe03-\ufe0d]]", r"[\p{Variation_Selector}\u180e]"),
        ("D", r"[\p{Emoji}&&\p{ASCII}]", r"[\p{Emoji}&&\p{ASCII}]"),
        ("G", r"[\p{Script=Mongolian}&&\p{L}]", r"[\p{Script=Mongolian}\p{Cn}]"),
        ("I", r"\p{Unified_Ideograph}", r"[\p{Ideographic}\p{Cn}\ufa6e\ufa6f]"),
        ("H", r"[\p{Hangul_Syllable_Type=L}--\u115f]", r"\p{Hangul_Syllable_Type=L}"),
        ("J", r"[[\p{Hangul_Syllable_Type=V}\p{Hangul_Syllable_Type=T}]--\u1160]", r"[\p{Hangul}\p{Cn}]"),
        ("T", r"\p{Emoji_Modifier}", r"\p{Emoji_Modifier}"),
        ("P", r"\p{Extended_Pictographic}", r"[\p{S}\p{P}\p{N}\p{Cn}\u2139]"),
        ("A", r"[\p{Joining_Type=D}&&[\p{Script=Arabic}\p{Script=Syriac}]&&\p{L}]", r"[\p{Bidi_Class=AL}&&\p{L}]"),
    ],
)
def test_a_kind_has_the_characters_with_its_properties(kinds: str, least: str, most: str) -> None:
    assert having(least, KNOWN) <= of(*kinds) <= having(most)


@pytest.mark.parametrize("new", ["\U0001fae9", "\U000323b0"])
def test_an_emoji_or_ideograph_of_a_later_unicode_is_visible(new: str) -> None:
    assert unicodedata.category(new) == "Cn"
    assert kind_of(new) in "PI"
