"""Owns identifiers made from random bytes."""


def uuid4(random: bytes) -> str:
    """A UUID of version 4 (RFC 9562 §5.4) from 16 random bytes, without the cost of a UUID object."""
    digits = random.hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[random[8] & 3]}{digits[17:20]}-{digits[20:]}"
