"""When old keys end, and what two rotations at once leave. What users notice of it: tests/security/test_key_rotation.py."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from poolhouse.pool.call import House
from poolhouse.pool.configuration.snapshots import Configuration
from poolhouse.pool.settings import clients, key_rotation, user_pools
from poolhouse.pool.settings.key_rotation import LATE_MS, LONGEST_TTL_MS, NOTICE_SECONDS, KeyRotation
from poolhouse.storage import pool_keys as stored_pool_keys
from poolhouse.storage import signing_keys as stored_signing_keys
from poolhouse.storage.engine import Transaction
from poolhouse.storage.generation import SharedCounters
from poolhouse.wire import shapes
from tests.support.houses import new_call, new_pool, open_house

NOW_MS = 1_800_000_000_000
DAY_MS = 86_400_000


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url) as house:
        yield house


def rotation(house: House, now_ms: int = NOW_MS, configuration: Configuration | None = None) -> KeyRotation:
    configuration = configuration or house.configuration
    return KeyRotation(configuration, house.db, house.keyring, write=house.db.write, now_ms=now_ms, random=os.urandom)


async def new_client(house: House, user_pool_id: str, days: int) -> None:
    call = await new_call(house, "CreateUserPoolClient", user_pool_id)
    request = shapes.CreateUserPoolClientRequest(UserPoolId=user_pool_id, ClientName="x", RefreshTokenValidity=days)
    await clients.create(call, request)


async def new_refresh_token(house: House, user_pool_id: str, expires_at: int) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO refresh_tokens (user_pool_id, origin_jti, sub, token_epoch, client_id, token_hash, scope, auth_time, "
            "source, created_at, expires_at, prune_at) VALUES ($1, 'j', 's', 0, 'c', $2, '', 1, 'api', 1, $3, $3)",
            user_pool_id,
            b"",
            expires_at,
        )

    await house.db.write(work)


async def test_old_signing_keys_end_when_the_longest_token_of_their_last_moment_has(house: House) -> None:
    user_pool_id = await new_pool(house)
    done = await rotation(house).signing_keys(user_pool_id, 3600)
    begins_at = NOW_MS + 3_600_000
    assert done == key_rotation.Rotation(begins_at, begins_at + DAY_MS + LATE_MS)
    rows = await stored_signing_keys.list_for_pool(house.db, user_pool_id)
    assert sorted((row.token_use, row.signs_from, row.signs_until, row.expires_at) for row in rows) == sorted(
        (use, *times)
        for use in ("id", "access")
        for times in ((0, begins_at, begins_at + DAY_MS + LATE_MS), (begins_at, None, None))
    )


async def test_a_clock_that_goes_back_before_a_rotation_leaves_keys_that_sign(house: House) -> None:
    """`dev`: the clock was far ahead when keys were rotated and the old ones pruned, then it was reset."""
    user_pool_id = await new_pool(house)
    await rotation(house, NOW_MS * 2).signing_keys(user_pool_id, 60)

    async def prune(tx: Transaction) -> None:
        await tx.execute("DELETE FROM signing_keys WHERE expires_at IS NOT NULL")

    await house.db.write(prune)
    kids = {row.kid: row.token_use for row in await stored_signing_keys.list_for_pool(house.db, user_pool_id)}
    pool = await house.configuration.user_pool(user_pool_id)
    assert [kids[key.kid] for key in (pool.id_token_key, pool.access_token_key)] == ["id", "access"]
    assert pool.keys_change_at == NOW_MS * 2 + 60_000


@pytest.mark.parametrize(
    ("days", "token_ends", "longest"),
    [
        ([], None, LONGEST_TTL_MS),  # a code
        ([1, 10, 5], None, 10 * DAY_MS),  # a refresh token that may still be given
        ([1], 3650 * DAY_MS, 3650 * DAY_MS - NOTICE_SECONDS * 1000),  # one that was
    ],
)
async def test_an_old_pool_key_ends_with_the_last_thing_it_can_have_sealed(
    house: House, days: list[int], token_ends: int | None, longest: int
) -> None:
    user_pool_id = await new_pool(house)
    for each in days:
        await new_client(house, user_pool_id, each)
    if token_ends is not None:
        await new_refresh_token(house, user_pool_id, NOW_MS + token_ends)
    done = await rotation(house).pool_key(user_pool_id)
    begins_at = NOW_MS + NOTICE_SECONDS * 1000
    assert done == key_rotation.Rotation(begins_at, begins_at + longest + LATE_MS)
    new, old = await stored_pool_keys.list_for_pool(house.db, user_pool_id)
    assert (new.seals_from, new.expires_at) == (begins_at, None)
    assert (old.seals_from, old.expires_at) == (0, done.ends_at)


async def test_the_end_of_a_key_that_was_retired_earlier_stays(house: House) -> None:
    user_pool_id = await new_pool(house)
    await new_client(house, user_pool_id, 100)
    first = await rotation(house).pool_key(user_pool_id)
    second = await rotation(house, NOW_MS + DAY_MS).pool_key(user_pool_id)
    assert first is not None
    assert second is not None
    ends = [row.expires_at for row in await stored_pool_keys.list_for_pool(house.db, user_pool_id)]
    assert ends == [None, second.ends_at, first.ends_at]


@pytest.mark.parametrize("kind", ["signing_keys", "pool_key"])
async def test_of_two_rotations_at_once_one_is_done(house: House, kind: str) -> None:
    """On either engine: the change of configuration that comes second begins anew, and finds keys that wait."""
    user_pool_id = await new_pool(house)
    counters = SharedCounters(house.settings.data / "counters")
    other = Configuration(house.settings, house.db, house.keyring, counters, house.clock)
    both = [rotation(house), rotation(house, configuration=other)]
    if kind == "pool_key":
        done = await asyncio.gather(*(each.pool_key(user_pool_id) for each in both))
        assert len(await stored_pool_keys.list_for_pool(house.db, user_pool_id)) == 2
    else:
        done = await asyncio.gather(*(each.signing_keys(user_pool_id, 60) for each in both))
        assert len(await stored_signing_keys.list_for_pool(house.db, user_pool_id)) == 4
    assert sorted(each.is_new for each in done if each is not None) == [False, True]
    assert len({(each.begins_at, each.ends_at) for each in done if each is not None}) == 1
    counters.close()


async def test_a_revocation_leaves_one_pool_key_and_the_next_rotation_goes_on_from_it(house: House) -> None:
    user_pool_id = await new_pool(house)
    await rotation(house).pool_key(user_pool_id)
    await rotation(house).revoke_pool_key(user_pool_id)
    (only,) = await stored_pool_keys.list_for_pool(house.db, user_pool_id)
    await rotation(house).pool_key(user_pool_id)
    _, old = await stored_pool_keys.list_for_pool(house.db, user_pool_id)
    assert old.pool_key == only.pool_key
    assert old.expires_at is not None


async def test_revoked_keys_are_in_use_at_once_also_where_the_clock_is_behind(house: House) -> None:
    user_pool_id = await new_pool(house)
    before = await house.configuration.user_pool(user_pool_id)
    ahead = rotation(house, NOW_MS * 2)
    await ahead.revoke_signing_keys(user_pool_id)
    await ahead.revoke_pool_key(user_pool_id)
    after = await house.configuration.user_pool(user_pool_id)
    assert after.access_token_key.kid not in before.verifying_keys
    assert after.mac("l") != before.mac("l")
    assert after.lasting_mac("l") == before.lasting_mac("l")


async def test_a_deleted_pool_leaves_no_key_and_has_none_to_rotate(house: House) -> None:
    user_pool_id = await new_pool(house)
    await rotation(house).pool_key(user_pool_id)
    await user_pools.delete(await new_call(house, "DeleteUserPool", user_pool_id))
    assert await stored_pool_keys.list_for_pool(house.db, user_pool_id) == []
    again = rotation(house)
    assert await again.pool_key(user_pool_id) is None
    assert await again.revoke_pool_key(user_pool_id) is None
    assert await again.signing_keys(user_pool_id, 60) is None
    assert await again.revoke_signing_keys(user_pool_id) is None


async def test_every_pool_is_listed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation, "_PAGE", 2)
    made = {await new_pool(house) for _ in range(5)}
    assert {each async for each in rotation(house).user_pool_ids()} == made
