"""grant_type=urn:ietf:params:oauth:grant-type:token-exchange: GetDerivedToken at the token endpoint (RFC 8693, endpoints.md §4.6)."""

from collections.abc import Mapping

from poolhouse.errors import OAuthError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.tokens import derived_tokens
from poolhouse.pool.tokens.derived_tokens import Held, Wish
from poolhouse.pool.tokens.tokens import TokenSet
from poolhouse.wire import exceptions as errors

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
# Of what the core refuses; everything else is a flow that the client may not use, or a token of another provider.
_CODES = {texts.AUDIENCE_AND_RESOURCE: "invalid_request", texts.RESOURCE_SERVER_DOES_NOT_EXIST: "invalid_target"}
_TYPE = "urn:ietf:params:oauth:token-type:"
_KINDS = {f"{_TYPE}access_token": "ACCESS_TOKEN", f"{_TYPE}id_token": "ID_TOKEN", f"{_TYPE}saml2": "SAML2"}


async def grant(call: ClientCall, form: Mapping[str, str]) -> TokenSet:
    subject = _held(form, "subject")
    if subject is None:
        raise OAuthError("invalid_request", detail="no subject_token")
    requested = _KINDS.get(form.get("requested_token_type") or f"{_TYPE}access_token")
    if requested not in ("ACCESS_TOKEN", "ID_TOKEN"):
        raise OAuthError("invalid_request", detail="requested_token_type is neither access_token nor id_token")
    kind: derived_tokens.TokenKind = "ID_TOKEN" if requested == "ID_TOKEN" else "ACCESS_TOKEN"
    wish = Wish(kind, form.get("scope", "").split(), form.get("audience", ""), form.get("resource", ""))
    try:
        derived = await derived_tokens.derive(call, subject, _held(form, "actor"), wish)
    except (errors.NotAuthorizedException, errors.UserNotFoundException) as error:
        raise OAuthError("invalid_grant", detail=error.detail or str(error)) from error
    except errors.InvalidParameterException as error:
        code = _CODES.get(error.template or "", "unauthorized_client")
        raise OAuthError(code, detail=str(error)) from error
    # RFC 8693 §2.2.1: `access_token` carries whatever was issued.
    return TokenSet(
        derived.token,
        derived.expires_in,
        issued_token_type=next(name for name, each in _KINDS.items() if each == derived.kind),
        scope=" ".join(derived.scopes),
    )


def _held(form: Mapping[str, str], whose: str) -> Held | None:
    token = form.get(f"{whose}_token", "")
    if not token:
        return None
    kind = _KINDS.get(form.get(f"{whose}_token_type", ""))
    if kind is None:
        raise OAuthError("invalid_request", detail=f"no {whose}_token_type")
    return Held(token, kind)
