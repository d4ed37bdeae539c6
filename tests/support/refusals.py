"""What a test expects of a call that has to fail."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError


@contextmanager
def refused(code: str, message: str | None = None) -> Iterator[pytest.ExceptionInfo[ClientError]]:
    """The call inside fails with exactly this exception, by its bare name without "Exception", and text."""
    with pytest.raises(ClientError) as refusal:
        yield refusal
    error = refusal.value.response["Error"]
    assert error["Code"].removesuffix("Exception") == code, error
    if message is not None:
        assert error["Message"] == message


def attributes(**values: str) -> list[dict[str, str]]:
    """UserAttributes of a request; custom__x is custom:x."""
    return [{"Name": name.replace("__", ":"), "Value": value} for name, value in values.items()]


def values(found: list[dict[str, Any]]) -> dict[str, str]:
    """Attributes of an answer as a dictionary."""
    return {entry["Name"]: entry["Value"] for entry in found}


def secret_hash(secret: str, username: str, client_id: str) -> str:
    digest = hmac.digest(secret.encode(), (username + client_id).encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()
