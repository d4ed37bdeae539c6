"""SQL for groups and their members."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction
from poolhouse.storage.users import JOINED_USER_COLUMNS, User
from poolhouse.storage.users import from_row as user_from_row

# Where a group without a precedence sorts: after every other. Precedence is at most 2^31-1 on the wire.
NO_PRECEDENCE = 2**31
_COLUMNS = "group_id, group_name, description, role_arn, precedence, created_at, updated_at"
_JOINED = ", ".join(f"g.{name}" for name in _COLUMNS.split(", "))
_RANK = f"COALESCE(g.precedence, {NO_PRECEDENCE})"


class Group(msgspec.Struct, frozen=True):
    """One group as stored. Times in epoch ms.

    group_id: memberships name it, so that they do not pass to a later group of the same name.
    """

    user_pool_id: str
    group_id: str
    name: str
    description: str | None
    role_arn: str | None
    precedence: int | None
    created_at: int
    updated_at: int

    @property
    def rank(self) -> int:
        """Precedence for sorting: the smaller, the stronger."""
        return NO_PRECEDENCE if self.precedence is None else self.precedence


def _from_row(user_pool_id: str, row: Row) -> Group:
    return Group(user_pool_id, *row)


async def get(db: Reader, user_pool_id: str, name: str) -> Group | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM user_groups WHERE user_pool_id = $1 AND group_name = $2",
        user_pool_id,
        name,
    )
    return None if row is None else _from_row(user_pool_id, row)


async def list_page(db: Reader, user_pool_id: str, after: str, limit: int) -> Sequence[Group]:
    """Groups by name, those after the name `after`."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM user_groups WHERE user_pool_id = $1 AND group_name > $2 ORDER BY group_name LIMIT $3",
        user_pool_id,
        after,
        limit,
    )
    return [_from_row(user_pool_id, row) for row in rows]


async def insert(tx: Transaction, group: Group) -> bool:
    """False when the name is taken."""
    return (
        await tx.execute(
            f"INSERT INTO user_groups (user_pool_id, {_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
            "ON CONFLICT DO NOTHING",
            *msgspec.structs.astuple(group),
        )
        == 1
    )


async def update(tx: Transaction, group: Group) -> bool:
    """Replace everything but the name and the creation date; False when there is no such group."""
    return (
        await tx.execute(
            "UPDATE user_groups SET description = $3, role_arn = $4, precedence = $5, updated_at = $6 "
            "WHERE user_pool_id = $1 AND group_name = $2",
            group.user_pool_id,
            group.name,
            group.description,
            group.role_arn,
            group.precedence,
            group.updated_at,
        )
        == 1
    )


async def delete(tx: Transaction, group: Group) -> bool:
    """False when it is gone already. Its memberships go with `delete_members`."""
    return (
        await tx.execute(
            "DELETE FROM user_groups WHERE user_pool_id = $1 AND group_name = $2 AND group_id = $3",
            group.user_pool_id,
            group.name,
            group.group_id,
        )
        == 1
    )


# -- members


_INSERT_MEMBER = (
    "INSERT INTO user_group_members (user_pool_id, group_id, username, sub, created_at) "
    "SELECT g.user_pool_id, g.group_id, u.username, u.sub, $5 FROM user_groups g "
    "JOIN users u ON u.user_pool_id = g.user_pool_id "
    "WHERE g.user_pool_id = $1 AND g.group_name = $2 AND g.group_id = $3 AND u.sub = $4 FOR SHARE ON CONFLICT DO NOTHING"
)


async def insert_member(tx: Transaction, group: Group, sub: str, created_at: int) -> bool:
    """False when the user is a member already, or group or user are gone."""
    return await tx.execute(_INSERT_MEMBER, group.user_pool_id, group.name, group.group_id, sub, created_at) == 1


async def delete_member(tx: Transaction, group: Group, sub: str) -> bool:
    """False when the user is not a member."""
    deleted = await tx.execute(
        "DELETE FROM user_group_members WHERE user_pool_id = $1 AND group_id = $2 AND sub = $3",
        group.user_pool_id,
        group.group_id,
        sub,
    )
    return deleted == 1


async def delete_members(tx: Transaction, group: Group, limit: int) -> int:
    """Delete at most `limit` memberships of a group; how many were deleted."""
    return await tx.execute(
        "DELETE FROM user_group_members WHERE user_pool_id = $1 AND group_id = $2 AND sub IN "
        "(SELECT sub FROM user_group_members WHERE user_pool_id = $1 AND group_id = $2 LIMIT $3)",
        group.user_pool_id,
        group.group_id,
        limit,
    )


_OF_USER = (
    f"SELECT {_JOINED} FROM user_group_members m "
    "JOIN user_groups g ON g.user_pool_id = m.user_pool_id AND g.group_id = m.group_id "
    "WHERE m.user_pool_id = $1 AND m.sub = $2"
)


async def list_for_user(db: Reader, user_pool_id: str, sub: str) -> Sequence[Group]:
    """All groups of a user, as tokens name them: by precedence, those without one last, then by name."""
    rows = await db.all(f"{_OF_USER} ORDER BY {_RANK}, g.group_name", user_pool_id, sub)
    return [_from_row(user_pool_id, row) for row in rows]


async def list_for_user_page(  # noqa: PLR0913  a page begins after a pair
    db: Reader, user_pool_id: str, sub: str, after_rank: int, after_name: str, limit: int
) -> Sequence[Group]:
    """A page of `list_for_user`, after the group of that rank and name."""
    rows = await db.all(
        f"{_OF_USER} AND ({_RANK}, g.group_name) > ($3, $4) ORDER BY {_RANK}, g.group_name LIMIT $5",
        user_pool_id,
        sub,
        after_rank,
        after_name,
        limit,
    )
    return [_from_row(user_pool_id, row) for row in rows]


async def list_members(db: Reader, group: Group, after: str, limit: int) -> Sequence[User]:
    """Members by username, those after the username `after`."""
    rows = await db.all(
        f"SELECT {JOINED_USER_COLUMNS} FROM user_group_members m "
        "JOIN users u ON u.user_pool_id = m.user_pool_id AND u.sub = m.sub "
        "WHERE m.user_pool_id = $1 AND m.group_id = $2 AND m.username > $3 ORDER BY m.username LIMIT $4",
        group.user_pool_id,
        group.group_id,
        after,
        limit,
    )
    return [user_from_row(row) for row in rows]
