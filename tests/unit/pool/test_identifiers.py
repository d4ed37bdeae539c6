"""Generated identifiers."""

from collections import Counter

from poolhouse.pool.identifiers import ALPHANUMERIC, LOWERCASE_ALPHANUMERIC, random_text


def test_length_and_alphabet() -> None:
    text = random_text(bytes, ALPHANUMERIC, 9)
    assert text == "a" * 9


def test_every_character_is_equally_likely() -> None:
    # Each byte value once: whatever is left after the throw-away is a whole number of alphabets.
    counts = Counter(random_text(lambda _: bytes(range(256)), LOWERCASE_ALPHANUMERIC, 252))
    assert counts == dict.fromkeys(LOWERCASE_ALPHANUMERIC, 7)


def test_bytes_past_the_last_whole_alphabet_are_drawn_again() -> None:
    draws = iter([b"\xff\xff", b"\x00\x01", b"\x02\x03"])
    assert random_text(lambda _: next(draws), "ab", 2) == "bb"
    draws = iter([b"\xff\xfe", b"\x00\x01"])
    assert random_text(lambda _: next(draws), "abc", 2) == "ca"
