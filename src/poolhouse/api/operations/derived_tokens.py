"""GetClientToken and GetDerivedToken: tokens for machines and services."""

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.tokens import client_tokens, derived_tokens, refresh_tokens
from poolhouse.pool.tokens.derived_tokens import Held, Wish
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


async def get_client_token(call: ClientCall, request: shapes.GetClientTokenRequest) -> shapes.GetClientTokenResponse:
    issued = await client_tokens.issue(call, request.Secret, request.Scopes or (), request.ClientMetadata)
    return shapes.GetClientTokenResponse(
        ClientAuthenticationResult=shapes.ClientAuthenticationResultType(
            AccessToken=issued.access_token, ExpiresIn=issued.expires_in, TokenType="Bearer"
        )
    )


async def get_derived_token(call: ClientCall, request: shapes.GetDerivedTokenRequest) -> shapes.GetDerivedTokenResponse:
    # By IAM credentials or by the client's own; a signature was verified where one was sent.
    if not call.is_signed or request.ClientSecret:
        refresh_tokens.check_client_secret(call.client, request.ClientSecret, errors.NotAuthorizedException)
    subject = Held(request.SubjectToken, request.SubjectTokenType, request.SubjectTokenProviderName or "")
    kind: derived_tokens.TokenKind = "ID_TOKEN" if request.RequestedTokenType == "ID_TOKEN" else "ACCESS_TOKEN"
    audience, resource = next(iter(request.Audiences or ()), ""), next(iter(request.Resources or ()), "")
    wish = Wish(kind, request.Scopes or (), audience, resource)
    derived = await derived_tokens.derive(call, subject, _actor(request), wish)
    return shapes.GetDerivedTokenResponse(
        IssuedToken=derived.token,
        IssuedTokenType=derived.kind,
        TokenType="Bearer" if derived.kind == "ACCESS_TOKEN" else "N_A",
        ExpiresIn=derived.expires_in,
        Scopes=list(derived.scopes),
    )


def _actor(request: shapes.GetDerivedTokenRequest) -> Held | None:
    if request.ActorToken is None:
        return None
    if request.ActorTokenType is None:
        raise errors.InvalidParameterException(texts.ACTOR_TOKEN_TYPE_MISSING)
    return Held(request.ActorToken, request.ActorTokenType, request.ActorTokenProviderName or "")
