"""Resource servers and their custom scopes `<identifier>/<scope name>` (user-pools-api.md §9.5)."""

from poolhouse.pool import pagination, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import resource_quotas
from poolhouse.storage import resource_servers as stored
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


def _made(
    call: PoolCall, request: shapes.CreateResourceServerRequest | shapes.UpdateResourceServerRequest
) -> shapes.ResourceServerType:
    """Raises InvalidParameterException."""
    names: set[str] = set()
    for scope in request.Scopes or ():
        if scope.ScopeName in names:
            raise errors.InvalidParameterException(texts.SCOPE_DUPLICATE, scope.ScopeName)
        names.add(scope.ScopeName)
    return shapes.ResourceServerType(
        UserPoolId=call.user_pool.id, Identifier=request.Identifier, Name=request.Name, Scopes=request.Scopes or None
    )


def _does_not_exist(identifier: str) -> errors.ResourceNotFoundException:
    return errors.ResourceNotFoundException(texts.RESOURCE_SERVER_DOES_NOT_EXIST, identifier)


async def create(call: PoolCall, request: shapes.CreateResourceServerRequest) -> shapes.ResourceServerType:
    """Raises InvalidParameterException."""
    made, user_pool_id = _made(call, request), call.user_pool.id

    async def work(tx: Transaction) -> None:
        await resource_quotas.check(tx, call, "resource_servers", user_pool_id)
        if not await stored.insert(tx, user_pool_id, request.Identifier, made):
            raise errors.InvalidParameterException(texts.RESOURCE_SERVER_EXISTS, request.Identifier, user_pool_id)

    await call.change(user_pool_id, work)
    return made


async def describe(call: PoolCall, identifier: str) -> shapes.ResourceServerType:
    """Raises ResourceNotFoundException."""
    found = await stored.get(call.db, call.user_pool.id, identifier)
    if found is None:
        raise _does_not_exist(identifier)
    return found


async def list_page(
    call: PoolCall, limit: int, pagination_token: str | None
) -> tuple[list[shapes.ResourceServerType], str | None]:
    """Resource servers of the call's pool by identifier, and the token of the next page."""
    after = pagination.decode(call, "", pagination_token)
    found = await stored.list_page(call.db, call.user_pool.id, after, limit + 1)
    page = list(found[:limit])
    return page, pagination.encode(call, "", page[-1].Identifier or "") if len(found) > limit else None


async def update(call: PoolCall, request: shapes.UpdateResourceServerRequest) -> shapes.ResourceServerType:
    """Replace name and scopes. Raises ResourceNotFoundException, InvalidParameterException."""
    made, user_pool_id = _made(call, request), call.user_pool.id

    async def work(tx: Transaction) -> None:
        if not await stored.update(tx, user_pool_id, request.Identifier, made):
            raise _does_not_exist(request.Identifier)

    await call.change(user_pool_id, work)
    return made


async def delete(call: PoolCall, identifier: str) -> None:
    """Clients keep its scopes in their lists; tokens no longer carry them. Raises ResourceNotFoundException."""
    user_pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        if not await stored.delete(tx, user_pool_id, identifier):
            raise _does_not_exist(identifier)

    await call.change(user_pool_id, work)
