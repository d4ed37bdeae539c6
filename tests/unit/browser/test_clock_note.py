"""browser/clock_note.py: the sentence about a moved clock (first-hour D6)."""

import pytest

from poolhouse.browser.clock_note import clock_note


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, ""),
        (0.2, ""),
        (-0.2, ""),
        (1, "The clock of this server is 1 s ahead."),
        (-90, "The clock of this server is 1 min 30 s behind."),
        (86_401, "The clock of this server is 1 d 1 s ahead."),
        (3_600 * 25, "The clock of this server is 1 d 1 h ahead."),
    ],
)
def test_sentence(seconds, said):
    assert clock_note(seconds) == said
