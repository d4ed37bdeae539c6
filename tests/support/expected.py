"""Expected refusals in the words of the configuration operations: whole exception names, and the two that every test needs."""

from contextlib import AbstractContextManager
from typing import Any

from tests.support import refusals


def refused(code: str, message: str | None = None) -> AbstractContextManager[Any]:
    """The block must be refused with this error; message: its exact text, None when the text is not promised."""
    return refusals.refused(code.removesuffix("Exception"), message)


def refused_parameter(message: str | None = None) -> AbstractContextManager[Any]:
    return refused("InvalidParameterException", message)


def refused_pool(user_pool_id: str) -> AbstractContextManager[Any]:
    return refused("ResourceNotFoundException", f"User pool {user_pool_id} does not exist.")
