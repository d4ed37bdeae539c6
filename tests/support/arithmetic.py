"""The arithmetic of crypto/batches.py for who is alone: without an event loop, at once."""

from collections.abc import Coroutine
from typing import Any

from poolhouse.crypto import jwt
from poolhouse.crypto.modexp import modexp


async def power(base: int, exponent: int) -> int:
    return modexp(base, exponent)


def done(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of work that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it has waited")


def signed(key: jwt.SigningKey, claims: dict[str, Any]) -> str:
    data = key.signing_input(claims)
    return jwt.compact(data, key.sign(data))
