"""GET and POST /oauth2/userInfo (endpoints.md §5). Every value is a string, booleans too, but in the profile `oidc`."""

from collections.abc import Mapping

from poolhouse.asgi import Request, Response
from poolhouse.errors import CognitoError, OAuthError
from poolhouse.oauth2 import answers
from poolhouse.pool import texts
from poolhouse.pool.access_token import AccessToken
from poolhouse.pool.call import PoolCall
from poolhouse.pool.tokens import claims, tokens


async def userinfo(call: PoolCall, request: Request) -> Response:
    try:
        access_token = await _verify(call, _bearer_token(request))
    except OAuthError as refusal:
        challenge = f'Bearer error="{refusal.error}", error_description="{refusal.description}"'
        return answers.error(call, refusal, ("www-authenticate", challenge))
    user = access_token.user
    released = claims.released_attributes(user, access_token.client.readable, access_token.scopes)
    told: Mapping[str, object] = released
    if call.user_pool.is_oidc:  # OIDC Core §5.1 has their types, and §5.3.2 leaves out what is empty
        told = claims.typed({name: value for name, value in released.items() if value})
    return answers.json({"sub": user.sub, **told, "username": user.username})


def _bearer_token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    if request.method == "POST" and not scheme:
        try:
            token = request.form.get("access_token", "")  # RFC 6750 §2.2
        except ValueError as error:
            raise OAuthError("invalid_request", texts.USERINFO_BAD_REQUEST) from error
        if token:
            return token
    raise OAuthError("invalid_request", texts.USERINFO_BAD_REQUEST)


async def _verify(call: PoolCall, token: str) -> AccessToken:
    try:
        access_token = await tokens.verify_access_token(call, token, scope=None)
    except tokens.NotAnAccessToken as error:
        raise OAuthError("invalid_token", texts.USERINFO_WITHOUT_OPENID, status=401) from error
    except CognitoError as error:
        raise OAuthError("invalid_token", texts.USERINFO_DEAD_TOKEN, status=401, detail=str(error)) from error
    if access_token.user_pool.id != call.user_pool.id:
        raise OAuthError("invalid_token", texts.USERINFO_DEAD_TOKEN, status=401, detail="token of another pool")
    if "openid" not in access_token.scopes:
        raise OAuthError("invalid_token", texts.USERINFO_WITHOUT_OPENID, status=401)
    return access_token
