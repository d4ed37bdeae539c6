"""GET {issuer}/.well-known/openid-configuration (endpoints.md §12.1)."""

import msgspec

from poolhouse.asgi import Request, Response
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.sign_in import authorization_requests
from poolhouse.pool.sign_in.authorization_responses import RESPONSE_MODES
from poolhouse.well_known.jwks import HEADERS

# As OpenID Connect Discovery 1.0, RFC 8414 and RFC 9207 have them.
_OIDC_MEMBERS: dict[str, object] = {
    "authorization_response_iss_parameter_supported": True,
    "claims_parameter_supported": False,
    "grant_types_supported": [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "implicit",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ],
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "response_modes_supported": [*RESPONSE_MODES],
    "response_types_supported": [*authorization_requests.OIDC_FLOW_OF_RESPONSE_TYPE],
}
_CLAIMS = {"aud", "auth_time", "exp", "iat", "iss", "jti", "nonce", "sub", "cognito:groups", "cognito:username"}


async def get_openid_configuration(call: PoolCall, _request: Request) -> Response:
    is_strict = call.settings.strict_discovery
    issuer_url = f"{call.settings.public_url}/{call.user_pool.id}"
    body = document(call.user_pool, issuer_url, is_strict=is_strict)
    return Response(200, msgspec.json.encode(body), HEADERS.copy())


def document(pool: UserPool, issuer_url: str, *, is_strict: bool) -> dict[str, object]:
    """Cognito's members in alphabetical order.

    issuer_url: where the documents are really served, which is not the issuer where that is an AWS string.
    is_strict: leave out code_challenge_methods_supported, without which some clients refuse to use PKCE.
    """
    members: dict[str, object] = {
        "id_token_signing_alg_values_supported": [pool.id_token_key.algorithm.name],
        "issuer": pool.issuer,
        "jwks_uri": f"{issuer_url}/.well-known/jwks.json",
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    if pool.site is None:
        # OBS openiddict-core#1586: a pool without a domain names paths under its issuer.
        members |= {
            "authorization_endpoint": f"{pool.issuer}/authorize",
            "token_endpoint": f"{pool.issuer}/token",
            "userinfo_endpoint": f"{pool.issuer}/userInfo",
        }
    else:
        members |= {
            "authorization_endpoint": f"{pool.site}/oauth2/authorize",
            "end_session_endpoint": f"{pool.site}/logout",
            "revocation_endpoint": f"{pool.site}/oauth2/revoke",
            "token_endpoint": f"{pool.site}/oauth2/token",
            "userinfo_endpoint": f"{pool.site}/oauth2/userInfo",
        }
    if pool.is_oidc:
        members |= _OIDC_MEMBERS | {"claims_supported": sorted(_CLAIMS | pool.schema.keys())}
    if not is_strict or pool.is_oidc:
        members["code_challenge_methods_supported"] = ["S256"]
    return dict(sorted(members.items()))
