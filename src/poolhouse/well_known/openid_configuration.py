"""GET {issuer}/.well-known/openid-configuration (endpoints.md §12.1)."""

import msgspec

from poolhouse.asgi import Request, Response
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.well_known.jwks import HEADERS


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
    if not is_strict:
        members["code_challenge_methods_supported"] = ["S256"]
    return dict(sorted(members.items()))
