"""SQL for authorization codes: kept as hashes, consumed by one atomic `take`."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.users import JOINED_USER_COLUMNS, WHILE_STANDING, User, from_row, standing


class AuthorizationCodeRow(msgspec.Struct, frozen=True):
    """expires_at: epoch ms.

    token_epoch: of the user when the code was drawn; it is over when the user's own has moved on.
    redeemed_as: origin_jti of the tokens that it was redeemed for, where that is kept.
    """

    user_pool_id: str
    code_hash: bytes
    sub: str
    token_epoch: int
    grant_data: str
    expires_at: int
    redeemed_as: str | None = None


_JOINED = ", ".join(f"c.{name}" for name in AuthorizationCodeRow.__struct_fields__)
_WIDTH = len(AuthorizationCodeRow.__struct_fields__)
_GET = (
    f"SELECT {_JOINED}, {JOINED_USER_COLUMNS} FROM authorization_codes c "
    "LEFT JOIN users u ON u.user_pool_id = c.user_pool_id AND u.sub = c.sub "
    "WHERE c.user_pool_id = $1 AND c.code_hash = $2"
)
# $1, $2 and $4 are both the row's own and what the user is compared with.
_INSERT = (
    "INSERT INTO authorization_codes (user_pool_id, sub, token_epoch, code_hash, grant_data, expires_at) "
    f"SELECT $1, $2, $4, $7, $8, $9 {WHILE_STANDING}"
)


async def insert(tx: Transaction, row: AuthorizationCodeRow, user: User) -> bool:
    """A new code. user: as looked at when the sign-in was decided; False when that is no longer true."""
    return await tx.execute(_INSERT, *standing(user), row.code_hash, row.grant_data, row.expires_at) == 1


async def get_with_user(
    db: Reader, user_pool_id: str, code_hash: bytes
) -> tuple[AuthorizationCodeRow, User | None] | None:
    """The code, without consuming it, and its user, who may be gone."""
    row = await db.one(_GET, user_pool_id, code_hash)
    if row is None:
        return None
    user = row[_WIDTH:]
    return AuthorizationCodeRow(*row[:_WIDTH]), None if user[0] is None else from_row(user)


async def take(tx: Transaction, user_pool_id: str, code_hash: bytes) -> bool:
    """Consume the code: True for exactly one caller."""
    removed = await tx.execute(
        "DELETE FROM authorization_codes WHERE user_pool_id = $1 AND code_hash = $2", user_pool_id, code_hash
    )
    return removed == 1


async def redeem_as(tx: Transaction, user_pool_id: str, code_hash: bytes, origin_jti: str) -> bool:
    """Consume the code, and remember for what until it expires: True for exactly one caller."""
    changed = await tx.execute(
        "UPDATE authorization_codes SET redeemed_as = $1 WHERE user_pool_id = $2 AND code_hash = $3 AND redeemed_as IS NULL",
        origin_jti,
        user_pool_id,
        code_hash,
    )
    return changed == 1
