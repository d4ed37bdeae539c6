"""SECRET_HASH of the public operations (user-pools-api.md §4.1)."""

from poolhouse.crypto import secret_hash as crypto
from poolhouse.pool import texts
from poolhouse.pool.configuration.snapshots import Client
from poolhouse.wire import exceptions as errors


def check(client: Client, username: str, secret_hash: str | None, *, is_sign_in: bool = False) -> None:
    """Refuse a call that does not prove the client's secret.

    username: as it was sent.  is_sign_in: the InitiateAuth family words a missing hash differently.
    Raises NotAuthorizedException (HASH).
    """
    if not client.has_secret:
        if secret_hash:
            detail = "SECRET_HASH was sent, and the client has no secret"
            raise errors.NotAuthorizedException(texts.UNABLE_TO_VERIFY_SECRET_HASH, client.id, detail=detail)
        return
    if not secret_hash and is_sign_in:
        raise errors.NotAuthorizedException(texts.SECRET_HASH_NOT_RECEIVED, client.id)
    if not crypto.matches(secret_hash or "", client.secrets, username, client.id):
        detail = "SECRET_HASH is not base64(HMAC-SHA256(client secret, username as sent + client id))"
        raise errors.NotAuthorizedException(texts.UNABLE_TO_VERIFY_SECRET_HASH, client.id, detail=detail)


def fits(client: Client, username: str, secret_hash: str | None) -> bool:
    """Whether the hash was made with a secret of the client for this username."""
    return crypto.matches(secret_hash or "", client.secrets, username, client.id)
