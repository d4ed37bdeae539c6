"""grant_type=authorization_code (endpoints.md §4.3)."""

from collections.abc import Mapping

from poolhouse.errors import OAuthError
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import authorization_codes
from poolhouse.pool.tokens.tokens import TokenSet


async def grant(call: ClientCall, form: Mapping[str, str]) -> TokenSet:
    if "code" not in call.client.oauth_flows:
        raise OAuthError("unauthorized_client", detail="AllowedOAuthFlows of the client lacks code")
    if not form.get("code"):
        raise OAuthError("invalid_request", detail="no code")
    return await authorization_codes.redeem(
        call, form["code"], form.get("redirect_uri", ""), form.get("code_verifier", "")
    )
