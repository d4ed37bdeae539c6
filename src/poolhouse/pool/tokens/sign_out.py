"""Ending sign-ins: of one refresh token, or all of a user."""

from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.configuration.snapshots import Client
from poolhouse.pool.tokens import refresh_tokens
from poolhouse.pool.users import users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


async def sign_out_everywhere(call: PoolCall, user: User) -> None:
    """Revoke every refresh token of the user and every access token issued until now; browser cookies stay (DOC)."""

    async def write(tx: Transaction) -> None:
        current = await users.reload(tx, user)
        await users.update(tx, call, current, users.signed_out(call, current))

    await call.write(write)


def check_client_secret(client: Client, client_secret: str | None, refusal: type[CognitoError]) -> None:
    """The raw secret of RevokeToken and GetTokensFromRefreshToken, compared with every active one in constant time.

    refusal: what the operation declares for it; raised unless the secret is right.
    """
    if not client.has_secret and not client_secret:
        return
    if not client.is_secret(client_secret or ""):
        raise refusal(texts.UNAUTHORIZED_CLIENT)


async def revoke_token(call: ClientCall, token: str) -> None:
    """RevokeToken: end the sign-in behind a refresh token of this client.

    Raises UnsupportedOperationException (revocation is off), UnsupportedTokenTypeException (an access or ID token),
    UnauthorizedException (a token of another client).
    """
    if not call.client.is_revocation_enabled:
        raise errors.UnsupportedOperationException(texts.TOKEN_REVOCATION_DISABLED)
    if is_jwt(token):
        raise errors.UnsupportedTokenTypeException(texts.UNSUPPORTED_TOKEN_TYPE)
    if not await refresh_tokens.revoke(call, token):
        raise errors.UnauthorizedException(texts.UNAUTHORIZED_CLIENT)


def is_jwt(token: str) -> bool:
    """Three parts: an access or ID token; a refresh token has five (endpoints.md §13.6)."""
    return token.count(".") == 2
