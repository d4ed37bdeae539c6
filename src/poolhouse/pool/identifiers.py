"""The forms of generated identifiers (user-pools-api.md §3.1), drawn from the randomness of the call."""

import string
from collections.abc import Callable

ALPHANUMERIC = string.ascii_letters + string.digits
LOWERCASE_ALPHANUMERIC = string.ascii_lowercase + string.digits


def random_text(random: Callable[[int], bytes], alphabet: str, length: int) -> str:
    """`length` characters, each drawn evenly: bytes past the last whole multiple of the alphabet are thrown away."""
    most = 256 - 256 % len(alphabet)
    text = ""
    while len(text) < length:
        text += "".join(alphabet[byte % len(alphabet)] for byte in random(length) if byte < most)
    return text[:length]
