"""Owns SECRET_HASH, with which a client proves that it knows its secret without sending it."""

import base64
import hmac
from collections.abc import Iterable


def secret_hash(secret: str, username: str, client_id: str) -> str:
    """Base64(HMAC-SHA256(secret, username ‖ client id)). username: as this very call sent it."""
    return base64.b64encode(hmac.digest(secret.encode(), (username + client_id).encode(), "sha256")).decode()


def matches(given: str, secrets: Iterable[str], username: str, client_id: str) -> bool:
    """Whether `given` was made with one of the secrets; the time does not tell which or how nearly."""
    text = given.encode("utf-8", "replace")
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(secret_hash(secret, username, client_id).encode(), text)
    return found
