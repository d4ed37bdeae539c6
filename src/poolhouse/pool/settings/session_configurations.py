"""The session configuration of a pool and of its clients (user-pools-api.md §9.9)."""

import msgspec

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.session_rules import MOST_PER_USER, SSO_MINUTES
from poolhouse.pool.configuration.snapshots import client_does_not_exist
from poolhouse.pool.settings import tiers
from poolhouse.storage import clients as stored_clients
from poolhouse.storage import session_configurations as stored
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


def of_pool(call: PoolCall) -> shapes.GetUserPoolSessionConfigurationResponse:
    rules = call.user_pool.sessions
    return shapes.GetUserPoolSessionConfigurationResponse(
        UserPoolId=call.user_pool.id,
        UserSessionTracking="ENABLED" if rules.is_tracked else "DISABLED",
        TokenSession=shapes.UserPoolTokenSessionConfigType(MaxPerUser=rules.most_per_user or MOST_PER_USER),
    )


async def set_of_pool(call: PoolCall, request: shapes.SetUserPoolSessionConfigurationRequest) -> None:
    """Raises FeatureUnavailableInTierException."""
    tiers.require(call, call.user_pool.settings, tiers.SESSIONS)
    made = shapes.GetUserPoolSessionConfigurationResponse(
        UserPoolId=call.user_pool.id, UserSessionTracking=request.UserSessionTracking, TokenSession=request.TokenSession
    )
    await _put(call, "", made)


async def of_client(call: PoolCall, client_id: str) -> shapes.GetUserPoolClientSessionConfigurationResponse:
    """Raises ResourceNotFoundException."""
    if await stored_clients.get(call.db, call.user_pool.id, client_id) is None:
        raise client_does_not_exist(client_id)
    minutes = call.user_pool.sessions.sso_minutes.get(client_id, SSO_MINUTES)
    return shapes.GetUserPoolClientSessionConfigurationResponse(
        UserPoolId=call.user_pool.id,
        ClientId=client_id,
        SSOSession=shapes.ClientSSOSessionConfigType(MaxValidityMinutes=minutes),
    )


async def set_of_client(call: PoolCall, request: shapes.SetUserPoolClientSessionConfigurationRequest) -> None:
    """Raises FeatureUnavailableInTierException, InvalidParameterException (not tracked), ResourceNotFoundException."""
    tiers.require(call, call.user_pool.settings, tiers.SESSIONS)
    if await stored_clients.get(call.db, call.user_pool.id, request.ClientId) is None:
        raise client_does_not_exist(request.ClientId)
    if not call.user_pool.sessions.is_tracked:
        raise errors.InvalidParameterException(texts.SESSIONS_NOT_TRACKED)
    made = shapes.GetUserPoolClientSessionConfigurationResponse(
        UserPoolId=call.user_pool.id, ClientId=request.ClientId, SSOSession=request.SSOSession
    )
    await _put(call, request.ClientId, made)


async def _put(
    call: PoolCall,
    client_id: str,
    made: shapes.GetUserPoolSessionConfigurationResponse | shapes.GetUserPoolClientSessionConfigurationResponse,
) -> None:
    async def work(tx: Transaction) -> None:
        if client_id and await stored_clients.get(tx, call.user_pool.id, client_id) is None:
            raise client_does_not_exist(client_id)
        await stored.put(tx, call.user_pool.id, client_id, msgspec.json.encode(made).decode())

    await call.change(call.user_pool.id, work)
