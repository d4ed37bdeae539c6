"""Where the endpoints of an OIDC provider are, as it says itself in its discovery document (federation.md A3)."""

from collections.abc import Mapping

import msgspec

from poolhouse.outbound import NotReached, TooLong, fetch
from poolhouse.pool.call import Call
from poolhouse.pool.settings import provider_details

_MOST_BYTES = 1_048_576  # ours
_PATH = "/.well-known/openid-configuration"
# Detail → member of the document.
_ENDPOINTS = {
    "authorize_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "attributes_url": "userinfo_endpoint",
    "jwks_uri": "jwks_uri",
}


async def missing_endpoints(call: Call, details: Mapping[str, str]) -> dict[str, str]:
    """Those that the details lack. None where the provider does not answer well: it may do so when somebody signs in (DOC)."""
    wanted = {key: member for key, member in _ENDPOINTS.items() if key not in details}
    if not wanted:
        return {}
    allows_local = call.settings.mode == "dev"
    try:
        body = await fetch(details["oidc_issuer"] + _PATH, most_bytes=_MOST_BYTES, allows_local=allows_local)
        document = msgspec.json.decode(body, type=dict[str, object])
    except (NotReached, TooLong, msgspec.DecodeError) as error:
        call.note = f"the issuer has no discovery document: {str(error) or type(error).__name__}"
        return {}
    found = {key: document[member] for key, member in wanted.items() if member in document}
    if document.get("issuer") != details["oidc_issuer"]:
        call.note = "the discovery document is another issuer's"
        return {}
    good = {
        key: value
        for key, value in found.items()
        if isinstance(value, str) and provider_details.is_url(value, allows_local=allows_local)
    }
    if good.keys() != found.keys():
        call.note = "the discovery document has endpoints that are no addresses of https"
        return {}
    return good
