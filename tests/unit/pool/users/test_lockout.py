"""pool.users.lockout: the numbers. That they hold over HTTP is tested with the sign-in flows."""

from pathlib import Path

import pytest

from poolhouse.pool.users import lockout
from poolhouse.pool.users.lockout import FREE_FAILURES, lock_seconds
from poolhouse.wire.exceptions import NotAuthorizedException
from tests.support.houses import new_call, new_pool, open_house


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (14, 512), (15, 900), (10**9, 900)]
)
def test_the_lock_doubles_from_the_fifth_failure_to_fifteen_minutes(failures: int, seconds: int) -> None:
    assert lock_seconds(failures) == seconds


async def test_four_failures_lock_nobody_who_has_come_a_moment_before_the_last(tmp_path: Path) -> None:
    """Their turns need not come in the order in which they came: a right password was told "Password attempts exceeded"."""
    async with open_house(tmp_path, "") as house:
        user_pool_id = await new_pool(house)
        early, late = [await new_call(house, "InitiateAuth", user_pool_id) for _ in range(2)]
        late.now = early.now + 0.5
        for _ in range(FREE_FAILURES - 1):
            await lockout.failed(late, "bob", None)
        assert await lockout.check(early, "bob")
        await lockout.failed(late, "bob", None)
        with pytest.raises(NotAuthorizedException):
            await lockout.check(early, "bob")
