"""The authorization request: read and checked once, carried in the URL as Cognito does, finished with a code or tokens."""

import base64
import binascii
import re
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

import msgspec

from poolhouse import discretion
from poolhouse.asgi import encode_pairs
from poolhouse.errors import Arg, OAuthError, PageError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.configuration.snapshots import Client, UserPool
from poolhouse.pool.outcomes import Grant, Redeemed, Remembered, SignedIn
from poolhouse.pool.settings.client_settings import SYSTEM_SCOPES
from poolhouse.pool.sign_in import authorization_codes
from poolhouse.pool.sign_in.authorization_responses import RESPONSE_MODES, AuthorizationResponse, ResponseMode
from poolhouse.pool.tokens import tokens, user_sessions
from poolhouse.pool.triggers.invocation import REFUSALS
from poolhouse.pool.users import sso_sessions
from poolhouse.storage import authorization_codes as stored_codes
from poolhouse.storage import sso_sessions as stored_sso_sessions
from poolhouse.storage import user_sessions as stored_user_sessions
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors

Pairs = Sequence[tuple[str, str]]

# RFC 6749 §3.1: parameters must not repeat. Those that decide something are checked; unknown ones are nobody's business.
_ONCE = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    "prompt",
    "max_age",
    "resource",
    "identity_provider",
)
_FLOW_OF_RESPONSE_TYPE = {"code": "code", "token": "implicit"}
OIDC_FLOW_OF_RESPONSE_TYPE = {**_FLOW_OF_RESPONSE_TYPE, "id_token": "implicit", "id_token token": "implicit"}
_MAX_AGE = re.compile(r"[0-9]{1,10}")  # 300 years; longer numbers cost work and say nothing
_CHALLENGE_LENGTH = 43  # RFC 7636 §4.2: base64url of a SHA-256


class ReturnPath(msgspec.Struct, frozen=True):
    """Where a client is told, and how. redirect_uri: verified.  issuer: told along (RFC 9207), or empty."""

    redirect_uri: str
    state: str | None
    response_mode: ResponseMode
    issuer: str

    def response(self, parameters: dict[str, str]) -> AuthorizationResponse:
        told = dict(parameters)
        if self.state is not None:
            told["state"] = self.state
        if self.issuer:
            told["iss"] = self.issuer
        return AuthorizationResponse(self.redirect_uri, told, self.response_mode)

    def refusal(self, error: str, template: str = "", *args: Arg, detail: str = "") -> OAuthError:
        return OAuthError(
            error,
            template,
            *args,
            redirect_uri=self.redirect_uri,
            state=self.state,
            response_mode=self.response_mode,
            issuer=self.issuer,
            detail=detail,
        )


class AuthorizationRequest(msgspec.Struct, frozen=True):
    """A checked request.

    parameters: as they came, for links to the next page.  scopes: what is granted.  max_age: seconds.
    """

    client: Client
    response_type: str
    back: ReturnPath
    scopes: tuple[str, ...]
    parameters: dict[str, str]
    nonce: str = ""
    code_challenge: str = ""
    resource: str = ""
    prompts: frozenset[str] = frozenset()
    max_age: int | None = None
    identity_provider: str = ""
    login_hint: str = ""

    def query(self) -> str:
        """The request as a query string, for /login and the pages around it."""
        return encode_pairs(self.parameters.items())

    def is_met_by(self, session: Remembered, now: float) -> bool:
        """Whether a living session answers this request without a new sign-in (endpoints.md §3.4)."""
        if "login" in self.prompts:
            return False
        if self.identity_provider and self.identity_provider != session.identity_provider:
            return False
        age = now - session.auth_time
        if age >= self.client.user_pool.sessions.sso_seconds(self.client.id):
            return False
        return self.max_age is None or age <= self.max_age

    def refusal(self, error: str, template: str = "", *args: Arg, detail: str = "") -> OAuthError:
        """An error that the client may be told. template, args: its description.  detail: for the log."""
        return self.back.refusal(error, template, *args, detail=detail)


async def read(call: PoolCall, pairs: Pairs) -> tuple[ClientCall, AuthorizationRequest]:
    """Check a request in the order of endpoints.md §3.7. The call is that of its client from then on.

    Raises PageError until client and redirect URI are verified, OAuthError with `redirect_uri` after that.
    """
    parameters: dict[str, str] = {}
    for name, value in pairs:
        parameters.setdefault(name, value)
    repeated = _repeated(pairs)
    client = await _client(call, parameters, repeated)
    by_client = call.as_client(client)
    redirect_uri = _redirect_uri(client, parameters, repeated)
    pool, flows, response_type = client.user_pool, _FLOW_OF_RESPONSE_TYPE, parameters.get("response_type", "")
    if pool.is_oidc:
        flows, response_type = OIDC_FLOW_OF_RESPONSE_TYPE, " ".join(sorted(response_type.split()))
    back = ReturnPath(
        redirect_uri,
        parameters.get("state"),
        _response_mode(pool, parameters, response_type),
        pool.issuer if pool.is_oidc else "",
    )

    def refuse(error: str, detail: str, template: str = "") -> OAuthError:
        return back.refusal(error, template, detail=detail)

    if repeated:
        raise refuse("invalid_request", f"sent more than once: {', '.join(sorted(repeated))}")
    if pool.is_oidc:
        _check_oidc(back, parameters, response_type)
    if response_type not in flows:
        sent = "" if response_type else "(none) "
        raise refuse("invalid_request", f"response_type {sent}is none of {', '.join(flows)}")
    if flows[response_type] not in client.oauth_flows:
        flow = flows[response_type]
        raise refuse("unauthorized_client", f"AllowedOAuthFlows of {_named(client)} lacks {flow}")
    scopes = _scopes(client, parameters.get("scope", ""))
    if scopes is None:
        # OBS mlops-club/awscdk-minecraft#40: the code stands in the description.
        sent = discretion.names(parameters.get("scope", "").split(), SYSTEM_SCOPES | client.user_pool.resource_scopes)
        detail = f"scope {sent!r}: {_named(client)} holds {' '.join(client.scopes)}"
        raise refuse("invalid_request", detail, "invalid_scope")
    if "id_token" in response_type and "openid" not in scopes:
        raise refuse("invalid_scope", "an ID token is asked for, without the scope openid")
    challenge, method = parameters.get("code_challenge", ""), parameters.get("code_challenge_method", "")
    if (challenge or method) and (method != "S256" or not _is_challenge(challenge)):
        raise refuse("invalid_request", "code_challenge is not base64url of a SHA-256, or the method is not S256")
    max_age = parameters.get("max_age")
    if max_age is not None and not _MAX_AGE.fullmatch(max_age):
        raise refuse("invalid_request", "max_age is no number of seconds")
    resource = parameters.get("resource", "")
    if resource and not _is_resource(resource):
        raise refuse("invalid_request", "resource is no https address")
    prompts = frozenset(parameters.get("prompt", "").split())
    if "none" in prompts and len(prompts) > 1:
        raise refuse("invalid_request", "prompt none goes with no other")  # OIDC Core §3.1.2.1
    return by_client, AuthorizationRequest(
        client=client,
        response_type=response_type,
        back=back,
        scopes=scopes,
        parameters=parameters,
        nonce=parameters.get("nonce", ""),
        code_challenge=challenge,
        resource=resource,
        prompts=prompts,
        max_age=None if max_age is None else int(max_age),
        identity_provider=parameters.get("identity_provider", ""),
        login_hint=parameters.get("login_hint", ""),
    )


def _response_mode(pool: UserPool, parameters: dict[str, str], response_type: str) -> ResponseMode:
    """How the client is told, errors too: as it asked, if it could; else as its response type has it."""
    has_token = response_type in (OIDC_FLOW_OF_RESPONSE_TYPE if pool.is_oidc else _FLOW_OF_RESPONSE_TYPE).keys() - {
        "code"
    }
    default: ResponseMode = "fragment" if has_token else "query"
    if not pool.is_oidc:
        return default
    asked = parameters.get("response_mode") or _inside_request_object(parameters.get("request", "")).get(
        "response_mode"
    )
    if has_token and asked == "query":  # OAuth 2.0 Multiple Response Type Encoding Practices
        return default
    return next((mode for mode in RESPONSE_MODES if mode == asked), default)


def _inside_request_object(request_object: str) -> dict[str, object]:
    """What an unsigned request object says; good for nothing but the way in which it is refused."""
    try:
        payload = base64.urlsafe_b64decode(request_object.split(".")[1] + "===")
        return msgspec.json.decode(payload, type=dict[str, object])
    except (IndexError, ValueError, binascii.Error, msgspec.DecodeError, RecursionError):
        return {}


def _check_oidc(back: ReturnPath, parameters: dict[str, str], response_type: str) -> None:
    """What the profile `oidc` looks at beside everything else. Raises OAuthError."""
    if "request" in parameters:
        raise back.refusal("request_not_supported")
    if "request_uri" in parameters:
        raise back.refusal("request_uri_not_supported")
    mode = parameters.get("response_mode", back.response_mode)
    if mode != back.response_mode:
        raise back.refusal("invalid_request", detail="response_mode is unknown, or query where a token is asked for")
    if "id_token" in response_type and not parameters.get("nonce"):
        raise back.refusal("invalid_request", detail="an ID token is asked for, without a nonce")  # OIDC Core §3.2.2.1


def _repeated(pairs: Pairs) -> frozenset[str]:
    names = [name for name, _ in pairs]
    return frozenset(name for name in _ONCE if names.count(name) > 1)


async def _client(call: PoolCall, parameters: dict[str, str], repeated: frozenset[str]) -> Client:
    client_id = parameters.get("client_id", "")
    if not client_id:
        raise PageError(texts.PAGE_PARAMETER_MISSING, "client_id")
    client = None if "client_id" in repeated else await call.configuration.find_client(client_id, call.user_pool.id)
    if client is None:
        detail = f"no client {discretion.client_id(client_id)} in pool {call.user_pool.settings.Name}, whose pages were called"
        raise PageError(texts.PAGE_CLIENT_DOES_NOT_EXIST, detail=detail)
    if not client.is_oauth_enabled or not client.oauth_flows:
        detail = f"{_named(client)} has no AllowedOAuthFlows, or AllowedOAuthFlowsUserPoolClient is off"
        raise _error_page("invalid_request", client, detail)  # OBS amazon-cognito-auth-js#121
    if not client.scopes:
        raise _error_page(
            "invalid_scope", client, f"{_named(client)} has no AllowedOAuthScopes"
        )  # OBS social-app-django#538
    if client.identity_providers and "COGNITO" not in client.identity_providers:
        detail = f"{_named(client)} supports none but {', '.join(client.identity_providers)}"
        raise _error_page(texts.PAGE_PROVIDERS_NOT_BUILT, client, detail)
    return client


def _redirect_uri(client: Client, parameters: dict[str, str], repeated: frozenset[str]) -> str:
    """The exact registered URI (RFC 9700 §2.1); the default only where one identity provider leaves no choice (DOC)."""
    redirect_uri = parameters.get("redirect_uri", "")
    if not redirect_uri:
        default = client.settings.DefaultRedirectURI or (
            client.callback_urls[0] if len(client.callback_urls) == 1 else None
        )
        if default is None or len(client.identity_providers) > 1:
            # OBS amplify-js#2423: the address bar shows /error with the query as it came.
            raise PageError(texts.PAGE_PARAMETER_MISSING, "redirect_uri", moves_to=encode_pairs(parameters.items()))
        return default
    if redirect_uri not in client.callback_urls or "redirect_uri" in repeated:
        known = len(client.callback_urls)
        detail = f"redirect_uri {discretion.address(redirect_uri)} is not among the {known} of {_named(client)}"
        raise _error_page("redirect_mismatch", client, detail)  # OBS
    return redirect_uri


def error_query(error: str, client: Client) -> str:
    """The query of /error."""
    return urlencode({"error": error, "client_id": client.id})


def _error_page(template: str, client: Client, detail: str) -> PageError:
    return PageError(template, moves_to=error_query(template, client), detail=detail)


def _named(client: Client) -> str:
    return f"client {client.settings.ClientName or client.id}"


def _scopes(client: Client, requested: str) -> tuple[str, ...] | None:
    """What is granted, or None when something was asked for that the client does not hold (endpoints.md §3.3)."""
    names = [name for name in dict.fromkeys(requested.split()) if name != "offline_access"]
    if not names:
        return client.live_scopes
    if not frozenset(names) <= frozenset(client.scopes):
        return None
    return tuple(name for name in names if name in client.live_scopes)


def _is_challenge(challenge: str) -> bool:
    return len(challenge) == _CHALLENGE_LENGTH and challenge.replace("-", "a").replace("_", "a").isalnum()


def _is_resource(resource: str) -> bool:
    """https, http on localhost, or a custom scheme; no fragment (RFC 8707 §2)."""
    try:
        url = urlsplit(resource)
    except ValueError:
        return False
    if not url.scheme or "#" in resource or not resource.isprintable() or " " in resource:
        return False
    if url.scheme == "http":
        return url.hostname in {"localhost", "127.0.0.1", "::1"}
    return bool(url.netloc or url.scheme != "https")


class Finished(msgspec.Struct, frozen=True):
    """response: what the client is told, with the code or the tokens.  cookie: value of the new SSO cookie, or None."""

    response: AuthorizationResponse
    cookie: str | None = None


async def finish(call: ClientCall, request: AuthorizationRequest, proven: SignedIn | Remembered) -> Finished:
    """Issue what was asked for. A sign-in also begins a new SSO session, in the same write.

    Raises OAuthError with `redirect_uri` when a single-use value of the sign-in was taken before, or the user has changed since.
    """
    cookie, session_row = sso_sessions.draw(call, proven) if isinstance(proven, SignedIn) else (None, None)
    tracked = await _tracked_session(call, proven, is_new=session_row is not None)
    grant = Grant(
        scopes=request.scopes,
        auth_time=proven.auth_time,
        source="oauth",
        nonce=request.nonce,
        resource=request.resource,
        event_id=proven.event_id if isinstance(proven, SignedIn) else "",
        sso_session_id=tracked,
        has_access_token=request.response_type != "id_token",
    )
    is_code = request.response_type == "code"
    code, code_row = authorization_codes.draw(call, request, proven.user, grant) if is_code else ("", None)

    async def write(tx: Transaction) -> None:
        await tokens.settle(tx, call, proven)
        if session_row is not None:
            tokens.require_standing(await stored_sso_sessions.insert(tx, session_row, proven.user))
            await user_sessions.begin_in_browser(tx, call, session_row, tracked)
        if code_row is not None:
            tokens.require_standing(await stored_codes.insert(tx, code_row, proven.user))

    try:
        await call.write(write)
    except errors.NotAuthorizedException as error:
        raise request.refusal("access_denied", detail=error.detail or str(error)) from error
    if is_code:
        return Finished(request.back.response({"code": code}), cookie)
    redeemed = Redeemed(proven.user, proven.auth_time)
    return Finished(await _with_tokens(call, request, redeemed, grant), cookie)


async def _tracked_session(call: ClientCall, proven: SignedIn | Remembered, *, is_new: bool) -> str:
    """The id of the browser's session in the account that the pool keeps; empty where it keeps none."""
    if not call.user_pool.sessions.is_tracked:
        return ""
    if is_new or isinstance(proven, SignedIn):
        return user_sessions.new_id(call, "sso")
    return await stored_user_sessions.find_by_cookie(call.db, call.user_pool.id, proven.session_hash)


async def _with_tokens(
    call: ClientCall, request: AuthorizationRequest, redeemed: Redeemed, grant: Grant
) -> AuthorizationResponse:
    """Implicit grant: no refresh token leaves the server, but its row is what revokes these tokens."""
    try:
        issued = await tokens.issue(call, redeemed, grant)
    except errors.NotAuthorizedException as error:
        raise request.refusal("access_denied", detail=error.detail) from error
    except REFUSALS as error:  # endpoints.md §3.7
        raise request.refusal("invalid_request", *error.args) from error
    told = {} if issued.id_token is None else {"id_token": issued.id_token}
    if grant.has_access_token:
        told |= {"access_token": issued.access_token, "expires_in": str(issued.expires_in), "token_type": "Bearer"}
    return request.back.response(told)
