"""What Unicode says of the text that becomes a name or an address: its composed form, and which code points nobody sees."""

import re
import unicodedata
from functools import cache

# The general categories Cc, Cf, Cs, Co, Zl and Zp, and Default_Ignorable_Code_Point (Hangul fillers, variation selectors, tags
# ...), in hexadecimal. All bidirectional controls are among them. tests/unit/test_code_points.py derives the same anew.
_UNSEEN = (
    "0-1f 7f-9f ad 34f 600-605 61c 6dd 70f 890-891 8e2 115f-1160 17b4-17b5 180b-180f 200b-200f 2028-202e 2060-206f 3164 "
    "d800-f8ff fe00-fe0f feff ffa0 fff0-fffb 110bd 110cd 13430-1343f 1bca0-1bca3 1d173-1d17a e0000-e0fff f0000-ffffd "
    "100000-10fffd"
)
# Composing takes the square of the length for a text made to be slow: 8 s for 64,000 accents, half a millisecond for these.
MOST_COMPOSED = 512


@cache
def _unseen() -> re.Pattern[str]:
    """Made at the first name that is not ASCII: it takes two milliseconds, which no start should wait for."""
    ranges = (run.partition("-") for run in _UNSEEN.split())
    return re.compile(
        f"[{''.join(f'{chr(int(first, 16))}-{chr(int(last or first, 16))}' for first, _, last in ranges)}]"
    )


def has_unseen(text: str) -> bool:
    """Whether a code point is in it that shows nothing, or turns the direction of what stands beside it."""
    return not text.isprintable() if text.isascii() else _unseen().search(text) is not None


def composed(text: str) -> str:
    """Unicode's form NFC, so that an accented letter is the same however it was typed; a text of great length stays as it is."""
    return text if text.isascii() or len(text) > MOST_COMPOSED else unicodedata.normalize("NFC", text)
