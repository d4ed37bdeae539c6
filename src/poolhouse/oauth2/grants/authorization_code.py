"""grant_type=authorization_code (endpoints.md §4.3)."""

from collections.abc import Mapping

from poolhouse.errors import OAuthError
from poolhouse.pool.call import Call
from poolhouse.pool.configuration.snapshots import Client
from poolhouse.pool.sign_in import authorization_codes
from poolhouse.pool.tokens.tokens import TokenSet


async def grant(call: Call, client: Client, form: Mapping[str, str]) -> TokenSet:
    if "code" not in client.oauth_flows:
        raise OAuthError("unauthorized_client", detail="AllowedOAuthFlows of the client lacks code")
    if not form.get("code"):
        raise OAuthError("invalid_request", detail="no code")
    return await authorization_codes.redeem(
        call, client, form["code"], form.get("redirect_uri", ""), form.get("code_verifier", "")
    )
