"""Writes src/poolhouse/pool/threat_protection/common_passwords.txt: passwords that people choose and guessers try first.

It copies no corpus. What people do is general knowledge: words that are near (names, seasons, teams, the word password itself),
written with a capital, with digits or a year behind, with digits that look like letters; walks over the keyboard; numbers. The
words are in common_words.txt, the combinations are made here.

python tools/generate_common_passwords.py            write the file
python tools/generate_common_passwords.py --check    exit 1 when the file is not what would be written
"""

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

FILE = Path(__file__).parent.parent / "src/poolhouse/pool/threat_protection/common_passwords.txt"
MOST_BYTES = 200_000
YEARS = range(1985, 2031)
# Three lists, each below a line that says what is done with it.
FIRST, WORDS, MORE = (
    part.partition("\n")[2].split() for part in (Path(__file__).parent / "common_words.txt").read_text().split("\n\n")
)


ENDINGS = (
    "1",
    "12",
    "123",
    "1234",
    "12345",
    "!",
    "1!",
    "123!",
    "@123",
    "01",
    "69",
    "007",
    "99",
    "00",
    "11",
    "22",
    "21",
    "13",
    "7",
)
STRONG_ENDINGS = (
    "1!",
    "12!",
    "123!",
    "1234!",
    "@1",
    "@12",
    "@123",
    "@1234",
    "#1",
    "#123",
    "$1",
    "!1",
    "!123",
    "_1",
    "_123",
    ".1",
    "1@",
    "1#",
    "1$",
    "123$",
    "123#",
    "123@",
    "?1",
)
LEET = str.maketrans({"a": "@", "o": "0", "e": "3", "i": "1", "s": "$"})
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "0p")


def numbers() -> Iterator[str]:
    """The same digit again and again, and counting up and down."""
    for digit, length in product("0123456789", range(4, 13)):
        yield digit * length
    for start, length in product(range(10), range(4, 11)):
        yield "".join(str((start + step) % 10) for step in range(length))
        yield "".join(str((start - step) % 10) for step in range(length))


def walks() -> Iterator[str]:
    """Along a row of the keyboard, there and back; down its columns, with and without the shift key."""
    for row in ROWS:
        for length in range(4, len(row) + 1):
            for start in range(len(row) - length + 1):
                part = row[start : start + length]
                yield from (
                    part,
                    part[::-1],
                    part.capitalize(),
                    part + "1",
                    part + "123",
                    part.capitalize() + "1!",
                    part.capitalize() + "123!",
                )
    for first, second in product(COLUMNS, COLUMNS):
        yield from (first + second, first + second.upper(), first.upper() + second, first[::-1] + second[::-1])


def words() -> Iterator[str]:
    for word in FIRST:
        for form in (word, word.capitalize(), word.upper(), word.translate(LEET), word.translate(LEET).capitalize()):
            yield form
            yield from (form + ending for ending in (*ENDINGS, *STRONG_ENDINGS))
        for year in YEARS:
            yield from (f"{word.capitalize()}{year}", f"{word.capitalize()}{year}!", f"{word.capitalize()}@{year}")
    for word in WORDS:
        yield from (word, word.capitalize(), word.translate(LEET))
        yield from (word + ending for ending in ENDINGS[:6])
        yield from (
            word.capitalize() + ending
            for ending in ("1", "123", "1!", "12!", "123!", "@123", "@1", "#1", "2024!", "2025!", "2026!")
        )


def passwords() -> list[str]:
    return sorted({*numbers(), *walks(), *words(), *MORE})


def main() -> None:
    text = "".join(f"{each}\n" for each in passwords())
    if len(text) > MOST_BYTES:
        sys.exit(f"{len(text)} bytes are more than {MOST_BYTES}")
    if "--check" in sys.argv[1:]:
        sys.exit(
            0 if FILE.read_text("ascii") == text else f"{FILE} is not what tools/generate_common_passwords.py writes"
        )
    FILE.write_text(text, "ascii")
    sys.stdout.write(f"{len(text.splitlines())} passwords, {len(text)} bytes\n")


if __name__ == "__main__":
    main()
