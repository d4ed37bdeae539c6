"""The certificates of a pool for SAML: one that signs its requests, one that providers encrypt for. Made at the first question."""

from typing import Literal

from poolhouse.crypto import certificates
from poolhouse.crypto.signatures import RS256
from poolhouse.pool.call import PoolCall
from poolhouse.storage import saml_certificates as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.saml_certificates import SAMLCertificateRow

Purpose = Literal["signing", "encryption"]


def context(user_pool_id: str, purpose: str) -> str:
    """What a private key is sealed for."""
    return f"saml_certificates/{user_pool_id}/{purpose}"


async def certificate(call: PoolCall, purpose: Purpose) -> str:
    """Base64 DER."""
    user_pool_id = call.user_pool.id
    found = await stored.get(call.db, user_pool_id, purpose)
    if found is not None:
        return found.certificate
    private_key = await call.house.key_stock.take(RS256)
    row = SAMLCertificateRow(
        user_pool_id=user_pool_id,
        purpose=purpose,
        private_key=call.keyring.seal(private_key, context(user_pool_id, purpose)),
        certificate=certificates.self_signed(private_key, user_pool_id, call.now),
        created_at=call.now_ms,
    )

    async def work(tx: Transaction) -> SAMLCertificateRow:
        await stored.insert(tx, row)
        # Of several who ask at once, the first decides.
        return await stored.get(tx, user_pool_id, purpose) or row

    return (await call.write(work)).certificate
