"""Names in all scripts and with all emoji: what people write stays, what nobody sees goes.

The module `regex` has Unicode's properties, and the module `emoji` every emoji.
"""

import unicodedata

import emoji
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from devices.sanitize import displayable_name

SHIN_WITH_POINTS = "\u05e9\u05c1\u05bc\u05b8"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
KISS = "\U0001f469\U0001f3fb\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3ff"
KEYCAP = "1\ufe0f\u20e3"
BENGALI = "\u09b0\u200d\u09cd\u09af\u09be\u09ac"  # RA, the joiner, the virama: the shape of RAB
SINHALA = "\u0d9a\u0dca\u200d\u0dbb\u0dd3\u0da9\u0dcf"
SEPARATE = "\u0915\u094d\u200c\u0937"  # KA and SSA, which would be one conjunct
PERSIAN = "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645"
HIJRI = "\u0647\u200d.\u0642"  # the joiner gives the initial shape
JAPANESE = "\u845b\U000e0100\u57ce"  # a variant of an ideograph, as in family names
MONGOLIAN = "\u1830\u1820\u1837\u180e\u1820 \u182d\u180b"
WHOLE = {
    "Arabic": "\u0627\u0644\u0652\u0639\u064e\u0631\u064e\u0628\u0650\u064a\u0651\u064e\u0629",
    "Bengali": BENGALI,
    "Chinese": "\u6211\u7684\u624b\u673a",
    "Devanagari": "\u092e\u0947\u0930\u093e \u092b\u093c\u094b\u0928 \u0936\u094d\u0930\u0940 \u0915\u0941\u0901",
    "German": "Ger\u00e4t von M\u00fcller \u2013 \u201eB\u00fcro\u201c",
    "Hebrew": f"{SHIN_WITH_POINTS}\u05dc\u05d5\u05b9\u05dd",
    "Khmer": "\u179f\u17d2\u178f\u17d2\u179a\u17b8",
    "Korean": "\ud55c\uad6d",
    "Japanese": JAPANESE,
    "Mongolian": MONGOLIAN,
    "Myanmar": "\u1019\u103c\u1014\u103a\u1019\u102c",
    "Persian": PERSIAN,
    "Persian abbreviation": HIJRI,
    "separate consonants": SEPARATE,
    "Sinhala": SINHALA,
    "Tamil": "\u0ba4\u0bae\u0bbf\u0bb4\u0bcd",
    "Thai": "\u0e19\u0e49\u0e33\u0e01\u0e37\u0e4a",
    "Tibetan": "\u0f56\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f66",
    "Vietnamese": "Nguy\u1ec5n Th\u1ecb Y\u1ebfn",
    "replacement": "\ufffd",
}
# What a word or an emoji loses, and what is left of it.
STRAYS = [
    ("\u0916\u094d\u200d\u200d\u0916", "\u0916\u094d\u200d\u0916"),  # a second joiner
    ("\u0915\u094d\u200c", "\u0915\u094d"),  # nothing to separate
    ("\u0915\u200d\u0916", "\u0915\u0916"),
    ("\u0915\u200c\u094d\u0916", "\u0915\u094d\u0916"),
    ("\u0646\u200c", "\u0646"),
    ("\u0646\u200cx", "\u0646x"),
    ("a\u200db\u200cc", "abc"),
    ("\u4e00\u200d\u4e00", "\u4e00\u4e00"),
    ("1\u200d2!\u200d!", "12!!"),
    ("\U0001f468\u200d", "\U0001f468"),
    ("\U0001f468\u200da", "\U0001f468a"),
    ("\U0001f468\u200d\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ("\U0001f468\u200c\U0001f469", "\U0001f468\U0001f469"),
    ("\U0001f468 \u200d \U0001f469", "\U0001f468 \U0001f469"),
    ("\U0001f468\ufe0f\ufe0f", "\U0001f468\ufe0f"),
    ("1\ufe0f 1\ufe0fa", "1 1a"),
    ("a\ufe0f\ufe00\U000e0100\u180b", "a"),
    ("\u4e00\ufe0f\u180b", "\u4e00"),
    ("\u4e00\U000e0100\U000e0101", "\u4e00\U000e0100"),
    ("\u1830\U000e0100", "\u1830"),
    ("\U0001f3f4\U000e0075\U000e0073\U000e0074\U000e0078\U000e007f", "\U0001f3f4"),  # no font has a flag of Texas
    ("a\U000e0067\U000e0062\U000e007f", "a"),
    ("\u0301a \u0301\u20e3 b", "a b"),  # marks without a character
    ("a\u034f\u0301", "a\u0301"),  # what is removed does not part a mark from its character
]
SEQUENCES = [FAMILY, RAINBOW, SCOTLAND, KISS, KEYCAP, "\U0001f1eb\U0001f1f7", BENGALI[:4], SINHALA[:4], SEPARATE,
             PERSIAN[2:5], JAPANESE[:2], SHIN_WITH_POINTS, "\u1112\u1161\u11ab", "\ud558\u11ab", "\U0001f44d\U0001f3fd",
             "\u261d\ufe0f\U0001f3fd", "e\u0302\u0301", "\u1840\u180b"]  # fmt: skip


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", WHOLE.values(), ids=WHOLE.keys())
def test_a_name_stays_as_it_was_written(name: str, form: str) -> None:
    written = unicodedata.normalize("NFD" if form == "NFD" else "NFC", name)

    assert displayable_name(written) == written


def test_every_emoji_stays_whole() -> None:
    assert len(emoji.EMOJI_DATA) > 5000
    for each in emoji.EMOJI_DATA:
        assert displayable_name(f"{each}{each} a{each}") == f"{each}{each} a{each}"


@pytest.mark.parametrize(("text", "shown"), STRAYS)
def test_joiners_selectors_tags_and_marks_go_where_nothing_needs_them(text: str, shown: str) -> None:
    assert displayable_name(text) == shown


@pytest.mark.parametrize("base", ["a", "\u0915", "\u05d0", "\u4e00", "\U0001f468", "1", "\U0001f1eb\U0001f1f7"])
def test_a_character_keeps_four_marks(base: str) -> None:
    assert displayable_name(base + "\u0301" * 250 + base) == base + "\u0301" * 4 + base
    assert displayable_name(base + "\u0301\u0323\u20dd\u0902\u0324b") == base + "\u0301\u0323\u20dd\u0902b"


def test_joiners_and_selectors_do_not_add_to_the_marks_of_a_character() -> None:
    assert displayable_name("\u0915" + "\u094d\u200d" * 9) == "\u0915" + "\u094d\u200d" * 4
    assert displayable_name("\u0915" + "\u0902" * 4 + "\u200d\u094d") == "\u0915" + "\u0902" * 4
    assert displayable_name("\u4e00\U000e0100" + "\u0301" * 5) == "\u4e00\U000e0100" + "\u0301" * 3
    assert displayable_name("\U0001f44d" + "\u20e0" * 2 + "\U0001f3fd") == "\U0001f44d" + "\u20e0" * 2 + "\U0001f3fd"


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_a_name_is_not_cut_within_a_sequence(sequence: str) -> None:
    for before in range(256 - len(sequence) - 1, 258):
        start = "x" * before
        whole = before + len(sequence) <= 256
        assert displayable_name(f"{start}{sequence}yz" * 2) == (
            f"{start}{sequence}yz"[:256] if whole else start[:256]
        )  # fmt: skip


@pytest.mark.parametrize(
    "endless",
    [
        "\U0001f468\u200d",
        "\u0915\u094d\u200d",
        "\u0915\u094d",
        "\u0646\u200c",
        "\u1100",
        "\u1161",
        "\u2764\ufe0f\u200d",
    ],
)
def test_a_sequence_without_an_end_is_cut(endless: str) -> None:
    shown = displayable_name(endless * 256)

    assert shown is not None
    assert 224 < len(shown) <= 256
    assert displayable_name(shown) == shown


SYMBOL = r"[\p{S}\p{P}\p{Cn}\u2139]"
ARABIC = r"[\p{Bidi_Class=AL}&&\p{L}]\p{M}*"
NEEDED = rf"""
      (?<={SYMBOL}[\ufe0e\ufe0f]?\p{{Emoji_Modifier}}?\p{{M}}*)\u200d(?={SYMBOL})
    | (?<=\p{{Canonical_Combining_Class=Virama}})\u200d
    | (?<=\p{{Canonical_Combining_Class=Virama}})\u200c(?=\p{{L}})
    | (?<=\p{{L}}\p{{M}}*)\u200d(?=\p{{Canonical_Combining_Class=Virama}})
    | (?<={ARABIC})\u200d
    | (?<={ARABIC})\u200c(?={ARABIC})
    | (?<={SYMBOL})[\ufe0e\ufe0f]
    | (?<=[0-9\#*])[\ufe0e\ufe0f](?=\u20e3)
    | (?<=[\p{{Ideographic}}\uf900-\ufaff\p{{Cn}}])[\ufe00-\ufe02\U000e0100-\U000e01ef]
    | (?<=[\p{{Script=Mongolian}}&&\p{{L}}])[\u180b-\u180f]
"""
FRAGMENTS = [
    *SEQUENCES,
    *WHOLE.values(),
    *(text for text, _ in STRAYS),
    *"a1 \u2003\n\u200d\u200c\ufe0f\U000e0100\u0301\u094d\u20e3\u200b\u2800\u202e\ue000\u0378\ufffe\ud800",
    *"\u0661\u4e00\u0915\u0646\u1830\u1100\u1161\U0001f468\U0001f3fd\U0001f1eb\U0001f3f4\U000e0067",
]
texts = st.lists(st.sampled_from(FRAGMENTS) | st.characters(exclude_categories=()), max_size=40).map("".join)


def plain(text: str) -> str:
    """Return the letters, digits, punctuation and symbols that Python knows, without blanks."""
    known = "".join(each for each in text if unicodedata.category(each) != "Cn")
    seen = r"[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800\ufffc\U00013441\U00013442\U0001d159]]"
    return "".join(regex.findall(seen, known, regex.VERSION1))


@given(texts)
def test_a_name_has_all_that_is_visible_and_nothing_else(text: str) -> None:
    shown = displayable_name(text) or ""

    assert displayable_name(shown or None) == (shown or None)
    assert len(shown) <= 256
    assert shown.split() == [word for word in shown.split(" ") if word]
    needless = regex.sub(NEEDED, "", shown.replace(SCOTLAND, "x"), flags=regex.VERSION1 | regex.VERBOSE)
    assert not regex.search(r"[\p{Cc}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]", needless, regex.VERSION1)
    assert not regex.search(r"(?:\p{M}[\u200c\u200d]?){5}|(?:^|\s)\p{M}", shown)
    if len(shown) < 224:  # it was not cut
        assert plain(shown) == plain(text)
    else:
        assert plain(text).startswith(plain(shown))
