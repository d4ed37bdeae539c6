"""Groups and who is in them (user-pools-api.md §9.2). What groups mean in tokens is in claims.py."""

from collections.abc import Sequence

from msgspec.structs import replace

from poolhouse.pool import events, pagination, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import resource_quotas
from poolhouse.pool.users import users
from poolhouse.storage import groups as stored
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.groups import Group
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_GROUP_ID_BYTES = 16
DELETED_MEMBERS_PER_WRITE = 1_000  # Keeps each transaction of a deletion short, however many members the group has.


async def require(db: Reader, user_pool_id: str, name: str) -> Group:
    """Raises ResourceNotFoundException."""
    group = await stored.get(db, user_pool_id, name)
    if group is None:
        raise errors.ResourceNotFoundException(texts.GROUP_NOT_FOUND)
    return group


async def create(
    call: PoolCall, name: str, description: str | None, role_arn: str | None, precedence: int | None
) -> Group:
    """Raises GroupExistsException."""
    group_id = call.random(_GROUP_ID_BYTES).hex()
    group = Group(call.user_pool.id, group_id, name, description, role_arn, precedence, call.now_ms, call.now_ms)

    async def work(tx: Transaction) -> None:
        await resource_quotas.check(tx, call, "user_groups", call.user_pool.id)
        if not await stored.insert(tx, group):
            raise errors.GroupExistsException(texts.GROUP_EXISTS)
        await _record(tx, call, name)

    await call.write(work)
    return group


async def _record(tx: Transaction, call: PoolCall, name: str) -> None:
    await call.record(tx, events.GroupChanged(user_pool_id=call.user_pool.id, group=name))


async def update(
    call: PoolCall, name: str, description: str | None, role_arn: str | None, precedence: int | None
) -> Group:
    """Change what is given; None leaves a member as it is (Cognito UpdateGroup, example). Raises ResourceNotFoundException."""

    async def work(tx: Transaction) -> Group:
        before = await require(tx, call.user_pool.id, name)
        group = replace(
            before,
            description=before.description if description is None else description,
            role_arn=before.role_arn if role_arn is None else role_arn,
            precedence=before.precedence if precedence is None else precedence,
            updated_at=call.now_ms,
        )
        await stored.update(tx, group)
        await _record(tx, call, name)
        return group

    return await call.write(work)


async def delete(call: PoolCall, name: str) -> None:
    """Delete the group, then its memberships in batches, which name a group that is no more. Raises ResourceNotFoundException."""

    async def remove_group(tx: Transaction) -> Group:
        group = await require(tx, call.user_pool.id, name)
        await stored.delete(tx, group)
        await _record(tx, call, name)
        return group

    group = await call.write(remove_group)

    async def remove_members(tx: Transaction) -> int:
        return await stored.delete_members(tx, group, DELETED_MEMBERS_PER_WRITE)

    while await call.write(remove_members) == DELETED_MEMBERS_PER_WRITE:
        pass


async def list_page(call: PoolCall, limit: int, pagination_token: str | None) -> tuple[Sequence[Group], str | None]:
    """Groups of the call's pool by name, and the token of the next page."""
    after = pagination.decode(call, "", pagination_token)
    found = await stored.list_page(call.db, call.user_pool.id, after, limit + 1)
    page = found[:limit]
    return page, pagination.encode(call, "", page[-1].name) if len(found) > limit else None


# -- members


async def add_user(call: PoolCall, name: str, username: str) -> None:
    """Does nothing when the user is a member already. Raises ResourceNotFoundException, UserNotFoundException."""
    user_pool_id = call.user_pool.id
    await require(call.db, user_pool_id, name)
    user = await users.require(call, username)

    async def work(tx: Transaction) -> None:
        group = await require(tx, user_pool_id, name)
        await users.reload(tx, user)
        if await stored.insert_member(tx, group, user.sub, call.now_ms):
            await resource_quotas.check_groups_of_user(tx, call, user_pool_id, user.sub)
            await call.record(tx, events.GroupMemberAdded(**events.whose(user), group=name))

    await call.write(work)


async def remove_user(call: PoolCall, name: str, username: str) -> None:
    """Does nothing when the user is not a member. Raises ResourceNotFoundException, UserNotFoundException."""
    user_pool_id = call.user_pool.id
    await require(call.db, user_pool_id, name)
    user = await users.require(call, username)

    async def work(tx: Transaction) -> None:
        if await stored.delete_member(tx, await require(tx, user_pool_id, name), user.sub):
            await call.record(tx, events.GroupMemberRemoved(**events.whose(user), group=name))

    await call.write(work)


async def list_for_user_page(
    call: PoolCall, username: str, limit: int, pagination_token: str | None
) -> tuple[Sequence[Group], str | None]:
    """Groups of a user, the strongest first, and the token of the next page. Raises UserNotFoundException."""
    user = await users.require(call, username)
    rank, _, name = pagination.decode(call, user.sub, pagination_token).partition(":")
    after_rank = int(rank) if rank else -1
    found = await stored.list_for_user_page(call.db, call.user_pool.id, user.sub, after_rank, name, limit + 1)
    page = found[:limit]
    more = len(found) > limit
    return page, pagination.encode(call, user.sub, f"{page[-1].rank}:{page[-1].name}") if more else None


async def list_members_page(
    call: PoolCall, name: str, limit: int, pagination_token: str | None
) -> tuple[Sequence[User], str | None]:
    """Members of a group by username, and the token of the next page. Raises ResourceNotFoundException."""
    group = await require(call.db, call.user_pool.id, name)
    after = pagination.decode(call, name, pagination_token)
    found = await stored.list_members(call.db, group, after, limit + 1)
    page = found[:limit]
    return page, pagination.encode(call, name, page[-1].username) if len(found) > limit else None
