"""pool.users.lockout: the numbers. That they hold over HTTP is tested with the sign-in flows."""

import pytest

from poolhouse.pool.users.lockout import lock_seconds


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (14, 512), (15, 900), (10**9, 900)]
)
def test_the_lock_doubles_from_the_fifth_failure_to_fifteen_minutes(failures: int, seconds: int) -> None:
    assert lock_seconds(failures) == seconds
