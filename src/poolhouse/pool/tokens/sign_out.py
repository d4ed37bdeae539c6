"""Ending all sign-ins of a user. One of them ends with its refresh token (refresh_tokens.py)."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.users import users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User


async def sign_out_everywhere(call: PoolCall, user: User) -> None:
    """Revoke every refresh token of the user and every access token issued until now; browser cookies stay (DOC)."""

    async def write(tx: Transaction) -> None:
        current = await users.reload(tx, user)
        await users.update(tx, call, current, users.signed_out(call, current))

    await call.write(write)
