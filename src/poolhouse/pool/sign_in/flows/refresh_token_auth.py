"""REFRESH_TOKEN_AUTH and GetTokensFromRefreshToken (user-pools-api.md §6.6)."""

from poolhouse.pool import secret_hash
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.tokens import refresh_tokens, tokens
from poolhouse.pool.tokens.tokens import TokenSet


async def begin(call: ClientCall, parameters: Parameters) -> TokenSet:
    """New tokens for call.client, without any step of a sign-in. SECRET_HASH is over the username or the sub of the token's user.

    Raises NotAuthorizedException, RefreshTokenReuseException.
    """
    refresh_token, hashed_secret = required(parameters, "REFRESH_TOKEN"), parameters.get("SECRET_HASH")
    if call.client.has_secret or hashed_secret:
        user = (await refresh_tokens.find(call, refresh_token)).user
        is_by_sub = secret_hash.fits(call.client, user.sub, hashed_secret)
        secret_hash.check(call.client, user.sub if is_by_sub else user.username, hashed_secret, is_sign_in=True)
    return await tokens.refresh(call, refresh_token, parameters.get("DEVICE_KEY"))
