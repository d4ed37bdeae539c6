"""SQL for the certificates that a pool shows to SAML providers."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class SAMLCertificateRow(msgspec.Struct, frozen=True):
    """purpose: signing.  private_key: sealed.  certificate: base64 DER.  created_at: epoch ms."""

    user_pool_id: str
    purpose: str
    private_key: bytes
    certificate: str
    created_at: int


_COLUMNS = ", ".join(SAMLCertificateRow.__struct_fields__)


async def get(db: Reader, user_pool_id: str, purpose: str) -> SAMLCertificateRow | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM saml_certificates WHERE user_pool_id = $1 AND purpose = $2", user_pool_id, purpose
    )
    return None if row is None else SAMLCertificateRow(*row)


async def insert(tx: Transaction, row: SAMLCertificateRow) -> bool:
    """False when there is one already, or the pool is gone."""
    inserted = await tx.execute(
        f"INSERT INTO saml_certificates ({_COLUMNS}) SELECT $1, $2, $3, $4, $5 "
        "FROM user_pools WHERE user_pools.user_pool_id = $1 ON CONFLICT DO NOTHING",
        *msgspec.structs.astuple(row),
    )
    return inserted == 1
