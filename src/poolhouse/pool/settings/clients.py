"""App clients: creating, replacing, deleting, and their secrets. What settings mean at run time is in client_rules.py."""

import string

from msgspec.structs import replace

from poolhouse.pool import pagination, texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.configuration.client_rules import secret_context
from poolhouse.pool.configuration.snapshots import client_does_not_exist
from poolhouse.pool.identifiers import LOWERCASE_ALPHANUMERIC, random_text
from poolhouse.pool.settings import client_settings, resource_quotas, tiers
from poolhouse.storage import clients as stored
from poolhouse.storage import identity_providers as stored_identity_providers
from poolhouse.storage import managed_login_brandings as stored_brandings
from poolhouse.storage import resource_servers as stored_resource_servers
from poolhouse.storage import session_configurations as stored_sessions
from poolhouse.storage import terms as stored_terms
from poolhouse.storage import ui_customizations as stored_customizations
from poolhouse.storage import user_pools as stored_user_pools
from poolhouse.storage.clients import ClientSecretRow
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

_ID_CHARACTERS = 26  # GUESS+; 134 random bits, so that no two pools of the world share one
_SECRET_CHARACTERS = 52  # GUESS+: what generated secrets have; 268 random bits
_ID_RANDOM_DIGITS = 9  # so that the whole looks like an epoch in nanoseconds
MOST_SECRETS = 2  # DOC


async def _require(db: Reader, user_pool_id: str, client_id: str) -> shapes.UserPoolClientType:
    """Raises ResourceNotFoundException."""
    settings = await stored.get(db, user_pool_id, client_id)
    if settings is None:
        raise client_does_not_exist(client_id)
    return settings


async def _surroundings(tx: Transaction, user_pool_id: str) -> client_settings.Surroundings:
    """What of the pool a client's settings are checked against, as it is inside the write."""
    pool = await stored_user_pools.get(tx, user_pool_id)
    if pool is None:
        raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, user_pool_id)
    resource_servers = await stored_resource_servers.list_for_pool(tx, user_pool_id)
    providers = [row.settings for row in await stored_identity_providers.list_for_pool(tx, user_pool_id)]
    return client_settings.Surroundings(pool.settings, resource_servers, providers)


def _check_tier(call: PoolCall, made: shapes.UserPoolClientType, user_pool: shapes.UserPoolType) -> None:
    """Raises FeatureUnavailableInTierException."""
    if "ALLOW_USER_AUTH" in (made.ExplicitAuthFlows or ()):
        tiers.require(call, user_pool, tiers.CHOICES)


# -- create, describe, list


async def create(
    call: PoolCall, request: shapes.CreateUserPoolClientRequest, *, pinned_id: str = ""
) -> shapes.UserPoolClientType:
    """Make a client, with a secret when the request asks for one or brings one.

    pinned_id: the client's id, for what must be known beforehand, as in `dev`; generated when empty.
    Raises InvalidParameterException, InvalidOAuthFlowException, ScopeDoesNotExistException, FeatureUnavailableInTierException.
    """
    if request.GenerateSecret and request.ClientSecret:
        raise errors.InvalidParameterException(texts.SECRET_TWICE)
    user_pool_id = call.user_pool.id
    client_id = pinned_id or random_text(call.random, LOWERCASE_ALPHANUMERIC, _ID_CHARACTERS)
    secret = request.ClientSecret or (_new_secret(call) if request.GenerateSecret else None)
    row = None if secret is None else _secret_row(call, user_pool_id, client_id, secret)

    async def work(tx: Transaction) -> shapes.UserPoolClientType:
        surroundings = await _surroundings(tx, user_pool_id)
        await resource_quotas.check(tx, call, "user_pool_clients", user_pool_id)
        made = client_settings.settings(request, surroundings, has_secret=secret is not None)
        _check_tier(call, made, surroundings.user_pool)
        made.UserPoolId, made.ClientId, made.ClientName = user_pool_id, client_id, request.ClientName
        made.CreationDate = made.LastModifiedDate = round(call.now, 3)
        await stored.insert(tx, user_pool_id, client_id, made, call.now_ms)
        if row is not None:
            await stored.insert_secret(tx, user_pool_id, client_id, row)
        return made

    made = await call.change(user_pool_id, work)
    return replace(made, ClientSecret=secret)


async def describe(call: PoolCall, client_id: str) -> shapes.UserPoolClientType:
    """The client with its secret; of two secrets the older, which callers still have. Raises ResourceNotFoundException."""
    settings = await _require(call.db, call.user_pool.id, client_id)
    return await _with_secret(call, call.db, settings)


async def _with_secret(call: Call, db: Reader, settings: shapes.UserPoolClientType) -> shapes.UserPoolClientType:
    user_pool_id, client_id = settings.UserPoolId or "", settings.ClientId or ""
    secrets = await stored.list_secrets(db, user_pool_id, client_id)
    if not secrets:
        return settings
    context = secret_context(user_pool_id, client_id, secrets[0].secret_id)
    return replace(settings, ClientSecret=call.keyring.open(secrets[0].secret, context).decode())


async def list_page(
    call: PoolCall, limit: int, pagination_token: str | None, client_type: str | None = None
) -> tuple[list[shapes.UserPoolClientDescription], str | None]:
    """Clients of the call's pool by id, and the token of the next page."""
    scope = client_type or ""
    after = pagination.decode(call, scope, pagination_token)
    if client_type == "DCR":  # Clients that registered themselves: there are none yet.
        return [], None
    found = await stored.list_page(call.db, call.user_pool.id, after, limit + 1)
    page = [
        shapes.UserPoolClientDescription(
            ClientId=client.ClientId, UserPoolId=client.UserPoolId, ClientName=client.ClientName
        )
        for client in found[:limit]
    ]
    return page, pagination.encode(call, scope, page[-1].ClientId or "") if len(found) > limit else None


# -- change


async def update(call: PoolCall, request: shapes.UpdateUserPoolClientRequest) -> shapes.UserPoolClientType:
    """Replace all settings but name and secret: what the request leaves out goes back to its default (DOC).

    Raises as `create`, and ResourceNotFoundException.
    """
    user_pool_id, client_id = call.user_pool.id, request.ClientId

    async def work(tx: Transaction) -> shapes.UserPoolClientType:
        before = await _require(tx, user_pool_id, client_id)
        has_secret = bool(await stored.list_secrets(tx, user_pool_id, client_id))
        surroundings = await _surroundings(tx, user_pool_id)
        made = client_settings.settings(request, surroundings, has_secret=has_secret)
        _check_tier(call, made, surroundings.user_pool)
        made.UserPoolId, made.ClientId = user_pool_id, client_id
        made.ClientName = request.ClientName or before.ClientName
        made.CreationDate, made.LastModifiedDate = before.CreationDate, round(call.now, 3)
        await stored.update(tx, user_pool_id, client_id, made)
        return await _with_secret(call, tx, made)

    return await call.change(user_pool_id, work)


async def delete(call: PoolCall, client_id: str) -> None:
    """Raises ResourceNotFoundException."""
    user_pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        if not await stored.delete(tx, user_pool_id, client_id):
            raise client_does_not_exist(client_id)
        for table in (stored_customizations, stored_brandings, stored_terms, stored_sessions):
            await table.delete_for_client(tx, user_pool_id, client_id)

    await call.change(user_pool_id, work)


# -- secrets


def _new_secret(call: Call) -> str:
    return random_text(call.random, LOWERCASE_ALPHANUMERIC, _SECRET_CHARACTERS)


def _secret_row(call: Call, user_pool_id: str, client_id: str, secret: str) -> ClientSecretRow:
    """A sealed secret with an id of its own: digits that begin with the second of its creation (M).

    The rest is random, as nothing is named by the time alone: two secrets of one second would share their name.
    """
    secret_id = f"{client_id}--{int(call.now)}{random_text(call.random, string.digits, _ID_RANDOM_DIGITS)}"
    sealed = call.keyring.seal(secret.encode(), secret_context(user_pool_id, client_id, secret_id))
    return ClientSecretRow(secret_id, sealed, call.now_ms)


async def add_secret(call: PoolCall, client_id: str, secret: str | None) -> shapes.ClientSecretDescriptorType:
    """Give a confidential client its second secret; the value is told only when it was generated here.

    Raises ResourceNotFoundException, InvalidParameterException, LimitExceededException.
    """
    user_pool_id = call.user_pool.id
    value = secret or _new_secret(call)
    row = _secret_row(call, user_pool_id, client_id, value)

    async def work(tx: Transaction) -> None:
        await _require(tx, user_pool_id, client_id)
        others = await stored.list_secrets(tx, user_pool_id, client_id)
        if not others:
            raise errors.InvalidParameterException(texts.CLIENT_HAS_NO_SECRET, client_id)
        if len(others) >= MOST_SECRETS:
            raise errors.LimitExceededException(texts.TOO_MANY_CLIENT_SECRETS)
        await stored.insert_secret(tx, user_pool_id, client_id, row)

    await call.change(user_pool_id, work)
    return replace(_descriptor(row), ClientSecretValue=value if secret is None else None)


def _descriptor(row: ClientSecretRow) -> shapes.ClientSecretDescriptorType:
    return shapes.ClientSecretDescriptorType(ClientSecretId=row.secret_id, ClientSecretCreateDate=row.created_at / 1000)


async def list_secrets(call: PoolCall, client_id: str) -> list[shapes.ClientSecretDescriptorType]:
    """Never the values. Raises ResourceNotFoundException."""
    await _require(call.db, call.user_pool.id, client_id)
    return [_descriptor(row) for row in await stored.list_secrets(call.db, call.user_pool.id, client_id)]


async def delete_secret(call: PoolCall, client_id: str, secret_id: str) -> None:
    """Raises ResourceNotFoundException, and InvalidParameterException for the last secret."""
    user_pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        await _require(tx, user_pool_id, client_id)
        secrets = await stored.list_secrets(tx, user_pool_id, client_id)
        if secret_id not in {row.secret_id for row in secrets}:
            raise errors.ResourceNotFoundException(
                texts.CLIENT_SECRET_DOES_NOT_EXIST, secret_id, detail="no secret of that id"
            )
        if len(secrets) == 1:
            raise errors.InvalidParameterException(texts.LAST_CLIENT_SECRET)
        await stored.delete_secret(tx, user_pool_id, client_id, secret_id)

    await call.change(user_pool_id, work)
