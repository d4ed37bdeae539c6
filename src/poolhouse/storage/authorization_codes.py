"""SQL for authorization codes: kept as hashes, consumed by one atomic `take`."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.users import WHILE_STANDING, User, standing


class AuthorizationCodeRow(msgspec.Struct, frozen=True):
    """expires_at: epoch ms.

    token_epoch: of the user when the code was drawn; it is over when the user's own has moved on.
    """

    user_pool_id: str
    code_hash: bytes
    sub: str
    token_epoch: int
    grant_data: str
    expires_at: int


_COLUMNS = ", ".join(AuthorizationCodeRow.__struct_fields__)
# $1, $2 and $4 are both the row's own and what the user is compared with.
_INSERT = (
    "INSERT INTO authorization_codes (user_pool_id, sub, token_epoch, code_hash, grant_data, expires_at) "
    f"SELECT $1, $2, $4, $6, $7, $8 {WHILE_STANDING}"
)


async def insert(tx: Transaction, row: AuthorizationCodeRow, user: User) -> bool:
    """A new code. user: as looked at when the sign-in was decided; False when that is no longer true."""
    return await tx.execute(_INSERT, *standing(user), row.code_hash, row.grant_data, row.expires_at) == 1


async def get(db: Reader, user_pool_id: str, code_hash: bytes) -> AuthorizationCodeRow | None:
    """The code, without consuming it."""
    row = await db.one(
        f"SELECT {_COLUMNS} FROM authorization_codes WHERE user_pool_id = $1 AND code_hash = $2",
        user_pool_id,
        code_hash,
    )
    return None if row is None else AuthorizationCodeRow(*row)


async def take(tx: Transaction, user_pool_id: str, code_hash: bytes) -> bool:
    """Consume the code: True for exactly one caller."""
    removed = await tx.execute(
        "DELETE FROM authorization_codes WHERE user_pool_id = $1 AND code_hash = $2", user_pool_id, code_hash
    )
    return removed == 1
