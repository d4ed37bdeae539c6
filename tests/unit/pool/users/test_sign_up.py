"""pool/users/sign_up.py: who may sign up, and how he confirms."""

from types import SimpleNamespace

import pytest

from poolhouse.pool.users import sign_up
from poolhouse.wire import shapes


def pool(**settings):
    return SimpleNamespace(settings=shapes.UserPoolType(**settings))


def test_open_unless_only_administrators_create_users():
    assert sign_up.is_open(pool())
    for is_closed in (True, False):
        config = shapes.AdminCreateUserConfigType(AllowAdminCreateUserOnly=is_closed)
        assert sign_up.is_open(pool(AdminCreateUserConfig=config)) is not is_closed


@pytest.mark.parametrize(("option", "expected"), [("CONFIRM_WITH_LINK", True), ("CONFIRM_WITH_CODE", False)])
def test_links(option, expected):
    template = shapes.VerificationMessageTemplateType(DefaultEmailOption=option)
    assert sign_up.sends_links(pool(VerificationMessageTemplate=template)) is expected
    assert not sign_up.sends_links(pool())
