"""The box "For the developer" on error pages of `dev`: what was sent, what is registered, the command that mends it.

The public text stays Cognito's. `serve` never makes a box: what a client has registered is nobody's business there.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping

import msgspec

from poolhouse.asgi import Request, Response, encode_pairs, parse_pairs
from poolhouse.browser import flow
from poolhouse.browser.words import words
from poolhouse.errors import CognitoError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.configuration.snapshots import Client, UserPool
from poolhouse.pool.settings import client_settings, clients
from poolhouse.wire import shapes

SENT_COOKIE = "poolhouse-sent"
_SENT_TTL_SECONDS = 600
_MOST_SENT = 3_000  # characters; browsers drop a cookie of more than 4,096 bytes
_SHOWN = ("client_id", "redirect_uri", "logout_uri", "response_type", "scope", "identity_provider")
_MOST_CLIENTS = 10  # that are named where one is not known
_FLOW_OF_RESPONSE_TYPE = {"code": "code", "token": "implicit"}
_USUAL_SCOPES = ["openid", "email", "profile"]


class Fact(msgspec.Struct, frozen=True):
    label: str
    values: tuple[str, ...]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What the box says. command: for a shell, with the sentence before it.  address: where the client's pages are."""

    says: str
    facts: tuple[Fact, ...] = ()
    command: str = ""
    command_does: str = ""
    address: str = ""


async def note(call: Call, error: Text | None, sent: Mapping[str, str]) -> Note | None:
    """What a developer wants to know about an error of a pool domain; None in `serve`, or where there is nothing to say.

    error: what the page says.  sent: the parameters of the request that was refused, as far as they are known.
    """
    if call.settings.mode != "dev" or error is None or not isinstance(call, PoolCall):
        return None
    client_id = sent.get("client_id", "")
    if not client_id:
        return _without_client(call, sent)
    client = await call.configuration.find_client(client_id)
    if client is None:
        return await _unknown_client(call, sent)
    if client.user_pool.id != call.user_pool.id:
        return _client_of_another_pool(call, client, sent)
    return _of_client(call, client, error, sent)


def _without_client(call: PoolCall, sent: Mapping[str, str]) -> Note:
    return Note(
        says="A page of a user pool is opened for one app client: the address needs client_id, response_type and "
        "redirect_uri.",
        facts=_sent(sent),
        command=_command(call, call.user_pool, "list-user-pool-clients", UserPoolId=call.user_pool.id),
        command_does="The clients of this pool:",
    )


async def _unknown_client(call: PoolCall, sent: Mapping[str, str]) -> Note:
    page, rest = await clients.list_page(call, _MOST_CLIENTS, None)
    ids = (*(client.ClientId or "" for client in page), *(["and more"] if rest else []))
    return Note(
        says="No app client of this server has this id.",
        facts=(*_sent(sent), Fact("Clients of this pool", ids)),
        command=_command(call, call.user_pool, "list-user-pool-clients", UserPoolId=call.user_pool.id),
        command_does=f"The clients of the pool at this address, {_named(call.user_pool)}:",
    )


def _client_of_another_pool(call: PoolCall, client: Client, sent: Mapping[str, str]) -> Note:
    """The address belongs to one pool and the client to another, as when a new pool is tried at the demo pool's address."""
    pool = client.user_pool
    says = f"The client belongs to the user pool {_named(pool)}; this is the address of {_named(call.user_pool)}."
    if pool.site is not None:
        return Note(says=says, facts=_sent(sent), address=_sign_in_address(client))
    return Note(
        says=f"{says} Its own pool has no domain yet, and therefore no pages.",
        facts=_sent(sent),
        command=_command(call, pool, "create-user-pool-domain", UserPoolId=pool.id, Domain=_new_prefix(pool)),
        command_does="Give it a domain:",
    )


def _of_client(call: Call, client: Client, error: Text, sent: Mapping[str, str]) -> Note:
    if not client.is_oauth_enabled or not client.oauth_flows or not client.scopes:
        return _not_for_oauth(call, client, sent)
    if "logout_uri" in sent:
        return _logout_mismatch(call, client, sent)
    redirect_uri = sent.get("redirect_uri")
    if error.template == "redirect_mismatch" or (redirect_uri is not None and redirect_uri not in client.callback_urls):
        return _redirect_mismatch(call, client, sent)
    if error.template == "unauthorized_client":
        return _flow_missing(call, client, sent)
    if error.template == texts.PAGE_LOGIN_OPTION_NOT_AVAILABLE:
        says = "The identity provider that was asked for is not one of the client's."
        return _about(client, says, sent, Fact("Registered providers", client.identity_providers))
    if error.template == texts.PAGE_PROVIDERS_NOT_BUILT:
        says = "Until it is, add COGNITO to the client's providers."
        return _about(client, says, sent, Fact("Registered providers", client.identity_providers))
    if error == Text(texts.PAGE_PARAMETER_MISSING, ("redirect_uri",)):
        says = "redirect_uri may only be left out where the client has one callback, or a default, and one provider."
        return _about(client, says, sent, Fact("Registered callbacks", client.callback_urls))
    return _about(
        client, "The client is set up for these pages.", sent, Fact("Registered callbacks", client.callback_urls)
    )


def _about(client: Client, says: str, sent: Mapping[str, str], registered: Fact) -> Note:
    return Note(says=says, facts=(*_sent(sent), registered), address=_sign_in_address(client))


def _not_for_oauth(call: Call, client: Client, sent: Mapping[str, str]) -> Note:
    """A client for the SDKs alone, as the CLI makes it where nothing is said."""
    settings = client.settings
    redirect_uri = sent.get("redirect_uri", "")
    callbacks = list(client.callback_urls)
    if redirect_uri and _objection(redirect_uri) is None and redirect_uri not in callbacks:
        callbacks.append(redirect_uri)
    changed = {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": sorted(client.oauth_flows)
        or [_FLOW_OF_RESPONSE_TYPE.get(sent.get("response_type", ""), "code")],
        "AllowedOAuthScopes": list(client.scopes) or _USUAL_SCOPES,
        "SupportedIdentityProviders": list(client.identity_providers) or ["COGNITO"],
        "CallbackURLs": callbacks or ["http://localhost:3000/"],
    }
    return Note(
        says="The client is not set up for the hosted pages: it needs AllowedOAuthFlowsUserPoolClient, flows, scopes and "
        "a callback.",
        facts=(
            *_sent(sent),
            Fact("AllowedOAuthFlowsUserPoolClient", (json.dumps(bool(settings.AllowedOAuthFlowsUserPoolClient)),)),
            Fact("AllowedOAuthFlows", tuple(sorted(client.oauth_flows))),
            Fact("AllowedOAuthScopes", client.scopes),
            Fact("Registered callbacks", client.callback_urls),
        ),
        command=_update_command(call, client, changed),
        command_does="Set it up; every setting is named, because the API resets what is left out:",
    )


def _redirect_mismatch(call: Call, client: Client, sent: Mapping[str, str]) -> Note:
    redirect_uri = sent.get("redirect_uri", "")
    says = "The redirect_uri is not one of the client's callbacks; they are compared letter by letter."
    near = next((url for url in client.callback_urls if _alike(url) == _alike(redirect_uri)), None)
    if near is not None:
        says += f" It is nearly {near}: look at the slash at the end, the letters' case and localhost or 127.0.0.1."
    return _add_url(call, client, sent, says, "redirect_uri", "CallbackURLs", "Registered callbacks")


def _logout_mismatch(call: Call, client: Client, sent: Mapping[str, str]) -> Note:
    says = (
        "The logout_uri is not one of the client's sign-out addresses; they are compared letter by letter. The user is signed "
        "out all the same. No redirect_uri is needed here, whatever the page says in Cognito's words."
    )
    return _add_url(call, client, sent, says, "logout_uri", "LogoutURLs", "Registered sign-out addresses")


def _add_url(  # noqa: PLR0913  which parameter is missing in which list, and how it is told
    call: Call, client: Client, sent: Mapping[str, str], says: str, parameter: str, member: str, label: str
) -> Note:
    registered: list[str] = getattr(client.settings, member) or []
    url = sent.get(parameter, "")
    objection = _objection(url) if url else None
    can_add = bool(url) and objection is None and url not in registered
    return Note(
        says=f"{says} It cannot be registered either: {objection}" if objection else says,
        facts=(*_sent(sent), Fact(label, tuple(registered))),
        command=_update_command(call, client, {member: [*registered, url]}) if can_add else "",
        command_does="Register it; every setting is named, because the API resets what is left out:",
        address=_sign_in_address(client),
    )


def _flow_missing(call: Call, client: Client, sent: Mapping[str, str]) -> Note:
    flow = _FLOW_OF_RESPONSE_TYPE.get(sent.get("response_type", ""), "")
    can_add = flow and flow not in client.oauth_flows and "client_credentials" not in client.oauth_flows
    flows = [*sorted(client.oauth_flows), flow]
    return Note(
        says="The client does not have the flow of this response_type.",
        facts=(*_sent(sent), Fact("AllowedOAuthFlows", tuple(sorted(client.oauth_flows)))),
        command=_update_command(call, client, {"AllowedOAuthFlows": flows}) if can_add else "",
        command_does="Allow it; every setting is named, because the API resets what is left out:",
        address=_sign_in_address(client),
    )


# ------------------------------------------------------------------------------------------------ parts


def _named(pool: UserPool) -> str:
    return f"“{pool.settings.Name}” ({pool.id})"


def _sent(sent: Mapping[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(f"Sent {name}", (sent[name],)) for name in _SHOWN if name in sent)


def _alike(url: str) -> str:
    return url.lower().rstrip("/").replace("127.0.0.1", "localhost")


def _objection(url: str) -> str | None:
    """Why this address cannot be a callback, as the API would say; None when it can."""
    try:
        client_settings.check_redirect_url(url)
    except CognitoError as error:
        return words(error.text)
    return None if url.isprintable() else "It has characters that cannot be seen."


def _sign_in_address(client: Client) -> str:
    """Where the client's own sign-in page is; empty where it has none."""
    query = flow.sign_in_query(client)
    return f"{client.user_pool.site}/login?{query}" if query and client.user_pool.site is not None else ""


def _new_prefix(pool: UserPool) -> str:
    """A domain prefix for a pool that has none: its name as far as it can be one, else the random part of its id."""
    words = re.sub(r"[^a-z0-9]+", "-", (pool.settings.Name or "").lower()).strip("-")
    return words[:40].strip("-") or f"pool-{pool.name.lower()}"


def _update_command(call: Call, client: Client, changed: Mapping[str, object]) -> str:
    """UpdateUserPoolClient with these members changed. It resets what is left out, so all that is set is named."""
    names = shapes.UpdateUserPoolClientRequest.__struct_fields__
    kept = {name: value for name in names if (value := getattr(client.settings, name, None)) is not None}
    members = {**kept, **changed, "UserPoolId": client.user_pool.id, "ClientId": client.id}
    return _command(call, client.user_pool, "update-user-pool-client", **members)


def _command(call: Call, pool: UserPool, operation: str, **members: object) -> str:
    """A command of the AWS CLI, quoted for a POSIX shell.

    One JSON argument, because the CLI's version 1 would load each http address among the options. Everything beyond
    ASCII is escaped: nothing in a name or an address can hide or turn around what will be run.
    """
    lines = [f"  {json.dumps(name)}: {json.dumps(msgspec.to_builtins(value))}" for name, value in members.items()]
    body = ",\n".join(lines).replace("'", "\\u0027").replace("\x7f", "\\u007f")
    where = f"--endpoint-url {call.settings.public_url} --region {pool.region}"
    return f"aws cognito-idp {operation} {where} --cli-input-json '{{\n{body}\n}}'"


# ------------------------------------------------------------------------------------------------ on the way to /error


def remember(call: Call, request: Request, response: Response) -> None:
    """Let /error know what was sent. In a cookie, so that the address there stays exactly Cognito's."""
    if call.settings.mode != "dev":
        return
    sent = encode_pairs((name, request.query[name]) for name in _SHOWN if name in request.query)
    if len(sent) < _MOST_SENT:
        value = base64.urlsafe_b64encode(sent.encode()).decode()
        response.set_cookie(
            SENT_COOKIE, value, max_age=_SENT_TTL_SECONDS, secure=call.is_secure, path=f"{call.base_path}/error"
        )


def sent(request: Request) -> Mapping[str, str]:
    """What was sent to the page that led to /error, as far as it is known and about the same client."""
    try:
        remembered = dict(parse_pairs(base64.urlsafe_b64decode(request.cookies.get(SENT_COOKIE, "")).decode()))
    except (binascii.Error, ValueError):
        remembered = {}
    is_same = remembered.get("client_id") == request.query.get("client_id")
    return {**(remembered if is_same else {}), **request.query}
