"""pool.users.users: who is meant by a name."""

from msgspec.structs import replace

from poolhouse.pool.users import users
from poolhouse.storage import aliases
from poolhouse.storage import users as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from tests.support.houses import new_call, new_pool, open_house

COMPOSED, DECOMPOSED = "zo\u00eb", "zoe\u0308"


async def test_a_name_that_was_stored_as_it_was_typed_is_found_by_exactly_that(database_url, tmp_path):
    """attack-0.1 no. 30: users of 0.1 stay who they are, whoever takes the composed form of their name."""
    async with open_house(tmp_path, database_url) as house:
        call = await new_call(house, "AdminGetUser", await new_pool(house))
        pool = call.user_pool
        older = User(pool.id, DECOMPOSED, "s-1", "CONFIRMED", True, {}, {}, None, None, 0, 0, 0)
        newer = replace(older, username=COMPOSED, sub="s-2")

        async def found(typed: str) -> str | None:
            user = await users.find(call, typed)
            return None if user is None else user.sub

        await house.db.write(lambda tx: users.insert(tx, call, older))
        assert [await found(typed) for typed in (DECOMPOSED, COMPOSED)] == ["s-1", None]
        await house.db.write(lambda tx: users.insert(tx, call, newer))
        assert [await found(typed) for typed in (DECOMPOSED, COMPOSED)] == ["s-1", "s-2"]
        await house.db.write(lambda tx: users.delete_rows(tx, older))
        assert [await found(typed) for typed in (DECOMPOSED, COMPOSED)] == ["s-2", "s-2"]


async def test_an_alias_that_was_stored_as_it_was_typed_goes_with_its_value(database_url, tmp_path):
    """attack-0.1 no. 30."""
    async with open_house(tmp_path, database_url) as house:
        call = await new_call(
            house, "UpdateUserAttributes", await new_pool(house, AliasAttributes=["preferred_username"])
        )
        pool = call.user_pool
        named = {"preferred_username": DECOMPOSED}
        before = User(pool.id, "bob", "s-1", "CONFIRMED", True, named, {}, None, None, 0, 0, 0)

        async def older_release(tx: Transaction) -> None:
            await stored.insert(tx, before, pool.created_at)
            await aliases.insert(tx, pool.id, "preferred_username", DECOMPOSED, "bob")

        await house.db.write(older_release)
        assert await users.find(call, DECOMPOSED) == before
        await house.db.write(lambda tx: users.update(tx, call, before, replace(before, attributes={})))
        assert await users.find(call, DECOMPOSED) is None
