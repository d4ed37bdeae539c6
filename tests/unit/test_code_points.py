"""code_points: the table against Unicode's own data, and the composed form."""

import unicodedata

import pytest

from poolhouse.code_points import MOST_COMPOSED, composed, has_unseen

# Default_Ignorable_Code_Point of DerivedCoreProperties.txt, Unicode 16.0; unicodedata does not have it.
DEFAULT_IGNORABLE = [
    *(range(0xAD, 0xAE), range(0x34F, 0x350), range(0x61C, 0x61D), range(0x115F, 0x1161), range(0x17B4, 0x17B6)),
    *(
        range(0x180B, 0x1810),
        range(0x200B, 0x2010),
        range(0x202A, 0x202F),
        range(0x2060, 0x2070),
        range(0x3164, 0x3165),
    ),
    *(range(0xFE00, 0xFE10), range(0xFEFF, 0xFF00), range(0xFFA0, 0xFFA1), range(0xFFF0, 0xFFF9)),
    *(range(0x1BCA0, 0x1BCA4), range(0x1D173, 0x1D17B), range(0xE0000, 0xE1000)),
]
CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_unseen_is_what_unicode_says():
    """attack-0.1 no. 30. A code point that this Python's Unicode has not assigned yet may be in the table of a newer one."""
    ignorable = {point for run in DEFAULT_IGNORABLE for point in run}
    for point in range(0x110000):
        category = unicodedata.category(chr(point))
        expected = category in CATEGORIES or point in ignorable
        if category != "Cn" or expected:
            assert has_unseen(chr(point)) is expected, hex(point)


def test_directions_are_unseen():
    assert all(map(has_unseen, BIDIRECTIONAL))


@pytest.mark.parametrize("text", ["", "Zoë", "山田　太郎", "عبد", "ﾊﾝｶｸ", "ｆｕｌｌ", "a b"])
def test_letters_are_seen(text):
    assert not has_unseen(text)


def test_composed_is_nfc_and_not_more():
    assert composed("e\u0301") == "é"
    assert composed("ﬁ ｅ") == "ﬁ ｅ"
    assert composed("plain") == "plain"


def test_what_takes_long_to_compose_is_left():
    slow = "a" + "\u0300\u0316" * MOST_COMPOSED
    assert composed(slow) is slow
