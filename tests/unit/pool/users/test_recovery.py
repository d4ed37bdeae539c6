"""pool/users/recovery.py: who may reset a forgotten password himself."""

from types import SimpleNamespace

import pytest

from poolhouse.pool.users import recovery
from poolhouse.wire import shapes


@pytest.mark.parametrize(
    ("mechanisms", "expected"),
    [(None, True), (["admin_only"], False), (["verified_email", "verified_phone_number"], True)],
)
def test_self_service(mechanisms, expected):
    setting = mechanisms and shapes.AccountRecoverySettingType(
        RecoveryMechanisms=[
            shapes.RecoveryOptionType(Name=name, Priority=number) for number, name in enumerate(mechanisms, 1)
        ]
    )
    pool = SimpleNamespace(settings=shapes.UserPoolType(AccountRecoverySetting=setting))
    assert recovery.is_self_service(pool) is expected
