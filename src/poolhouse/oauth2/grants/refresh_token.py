"""grant_type=refresh_token (endpoints.md §4.4). Tokens of the hosted pages and of InitiateAuth alike."""

from collections.abc import Mapping

from poolhouse.errors import CognitoError, OAuthError
from poolhouse.pool.call import ClientCall
from poolhouse.pool.tokens import tokens
from poolhouse.pool.tokens.tokens import TokenSet
from poolhouse.pool.triggers.invocation import REFUSALS


async def grant(call: ClientCall, form: Mapping[str, str]) -> TokenSet:
    if not form.get("refresh_token"):
        raise OAuthError("invalid_request", detail="no refresh_token")
    try:
        return await tokens.refresh(call, form["refresh_token"], knows_devices=False)
    except REFUSALS:
        raise
    except CognitoError as error:
        raise OAuthError("invalid_grant", detail=str(error)) from error
