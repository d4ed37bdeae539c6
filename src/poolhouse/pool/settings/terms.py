"""The documents that people agree to at sign-up: links by language, for one app client (endpoints.md §17.3)."""

from urllib.parse import urlsplit

from msgspec.structs import replace

from poolhouse.crypto.identifiers import uuid4
from poolhouse.pool import pagination, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import client_does_not_exist
from poolhouse.storage import clients as stored_clients
from poolhouse.storage import terms as stored
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

MOST_PER_POOL = 40  # DOC


def _does_not_exist() -> errors.ResourceNotFoundException:
    return errors.ResourceNotFoundException(texts.TERMS_DO_NOT_EXIST)


def _check_links(links: dict[str, str]) -> None:
    for link in links.values():
        if urlsplit(link).scheme not in ("https", "http") or not urlsplit(link).netloc:
            raise errors.InvalidParameterException(texts.TERMS_LINK_INVALID)


async def create(call: PoolCall, request: shapes.CreateTermsRequest) -> shapes.TermsType:
    """Raises InvalidParameterException, ResourceNotFoundException (client), TermsExistsException, LimitExceededException."""
    pool_id = call.user_pool.id
    links = request.Links or {}
    _check_links(links)
    made = shapes.TermsType(
        TermsId=uuid4(call.random(16)),
        UserPoolId=pool_id,
        ClientId=request.ClientId,
        TermsName=request.TermsName,
        TermsSource=request.TermsSource,
        Enforcement=request.Enforcement,
        Links=links,
        CreationDate=round(call.now, 3),
        LastModifiedDate=round(call.now, 3),
    )

    async def work(tx: Transaction) -> None:
        if await stored_clients.get(tx, pool_id, request.ClientId) is None:
            raise client_does_not_exist(request.ClientId)
        if await stored.count(tx, pool_id) >= MOST_PER_POOL:
            raise errors.LimitExceededException(texts.TOO_MANY_TERMS, str(MOST_PER_POOL))
        if not await stored.insert(tx, made):
            raise errors.TermsExistsException(texts.TERMS_EXIST, request.TermsName)

    await call.change(pool_id, work)
    return made


async def describe(call: PoolCall, terms_id: str) -> shapes.TermsType:
    """Raises ResourceNotFoundException."""
    found = await stored.get(call.db, call.user_pool.id, terms_id)
    if found is None:
        raise _does_not_exist()
    return found


async def describe_by_client(call: PoolCall, client_id: str, name: str) -> shapes.TermsType:
    """Raises ResourceNotFoundException."""
    if await stored_clients.get(call.db, call.user_pool.id, client_id) is None:
        raise client_does_not_exist(client_id)
    found = await stored.get_by_client(call.db, call.user_pool.id, client_id, name)
    if found is None:
        raise _does_not_exist()
    return found


async def list_page(
    call: PoolCall, limit: int, token: str | None
) -> tuple[list[shapes.TermsDescriptionType], str | None]:
    """Documents of the call's pool, and the token of the next page."""
    found = await stored.list_page(call.db, call.user_pool.id, pagination.decode(call, "", token), limit + 1)
    page = [
        shapes.TermsDescriptionType(
            TermsId=each.TermsId,
            TermsName=each.TermsName,
            Enforcement=each.Enforcement,
            CreationDate=each.CreationDate,
            LastModifiedDate=each.LastModifiedDate,
        )
        for each in found[:limit]
    ]
    return page, pagination.encode(call, "", page[-1].TermsId) if len(found) > limit else None


async def update(call: PoolCall, request: shapes.UpdateTermsRequest) -> shapes.TermsType:
    """What is left out stays (GUESS). Raises InvalidParameterException, ResourceNotFoundException, TermsExistsException."""
    pool_id = call.user_pool.id
    _check_links(request.Links or {})

    async def work(tx: Transaction) -> shapes.TermsType:
        before = await stored.get(tx, pool_id, request.TermsId)
        if before is None:
            raise _does_not_exist()
        made = replace(
            before,
            TermsName=request.TermsName or before.TermsName,
            TermsSource=request.TermsSource or before.TermsSource,
            Enforcement=request.Enforcement or before.Enforcement,
            Links=before.Links if request.Links is None else request.Links,
            LastModifiedDate=round(call.now, 3),
        )
        other = await stored.get_by_client(tx, pool_id, made.ClientId, made.TermsName)
        if other is not None and other.TermsId != made.TermsId:
            raise errors.TermsExistsException(texts.TERMS_EXIST, made.TermsName)
        await stored.update(tx, made)
        return made

    return await call.change(pool_id, work)


async def delete(call: PoolCall, terms_id: str) -> None:
    """Raises ResourceNotFoundException."""
    pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        if not await stored.delete(tx, pool_id, terms_id):
            raise _does_not_exist()

    await call.change(pool_id, work)
