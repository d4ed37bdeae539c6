"""The certificate by which SAML providers know the requests of a pool. The key is made at the first question, and stays.

Certificates last ten years, and there is a new one of the same key each year (DOC). Later ones are not stored: they follow from
the key and the day it was made, so that every server answers with the same.
"""

from poolhouse.crypto import certificates
from poolhouse.crypto.signatures import RS256
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.storage import saml_certificates as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.saml_certificates import SAMLCertificateRow
from poolhouse.wire import exceptions as errors

_SIGNING = "signing"
RENEWED_AFTER_MS = 365 * 86_400_000  # DOC: yearly


def context(user_pool_id: str, purpose: str) -> str:
    """What a private key is sealed for."""
    return f"saml_certificates/{user_pool_id}/{purpose}"


async def signing_certificate(call: PoolCall) -> str:
    """The newest, as base64 DER. Raises ResourceNotFoundException."""
    user_pool_id = call.user_pool.id
    row = await stored.get(call.db, user_pool_id, _SIGNING) or await _made(call, user_pool_id)
    renewals = max(0, call.now_ms - row.created_at) // RENEWED_AFTER_MS
    if not renewals:
        return row.certificate
    private_key = call.keyring.open(row.private_key, context(user_pool_id, _SIGNING))
    return certificates.self_signed(private_key, user_pool_id, (row.created_at + renewals * RENEWED_AFTER_MS) / 1000)


async def _made(call: PoolCall, user_pool_id: str) -> SAMLCertificateRow:
    """Of several who ask at once, the first decides. Raises ResourceNotFoundException when the pool was deleted meanwhile."""
    private_key = await call.house.key_stock.take(RS256)
    row = SAMLCertificateRow(
        user_pool_id=user_pool_id,
        purpose=_SIGNING,
        private_key=call.keyring.seal(private_key, context(user_pool_id, _SIGNING)),
        certificate=certificates.self_signed(private_key, user_pool_id, call.now),
        created_at=call.now_ms,
    )

    async def work(tx: Transaction) -> SAMLCertificateRow | None:
        await stored.insert(tx, row)
        return await stored.get(tx, user_pool_id, _SIGNING)

    found = await call.write(work)
    if found is None:
        raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, user_pool_id)
    return found
