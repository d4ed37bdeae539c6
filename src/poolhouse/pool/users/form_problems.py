"""Everything that is wrong with a form at once. The API names one thing at a time, as Cognito does; a person wants to hear it all."""

from collections.abc import Mapping

import msgspec

from poolhouse.errors import Text
from poolhouse.pool.call import ClientCall
from poolhouse.pool.settings import password_policy
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import birth
from poolhouse.wire import exceptions as errors


class Problems(msgspec.Struct, frozen=True):
    """What the API would say. password: each objection of the policy.  attributes: by name."""

    username: Text | None = None
    password: tuple[Text, ...] = ()
    attributes: Mapping[str, Text] = {}


def of_sign_up(call: ClientCall, username: str, password: str, attributes: Mapping[str, str]) -> Problems:
    """What SignUp would refuse one after the other, as far as it can be said without looking for other users.

    Whether a name is taken is not asked: a form that is wrong in another field would tell it without making an account.
    """
    pool = call.user_pool
    username_problem, named = None, {**attributes}
    try:
        named = birth.name(call, username, named).attributes
    except errors.InvalidParameterException as refusal:
        username_problem = refusal.text
    return Problems(
        username=username_problem,
        password=tuple(password_policy.objections(password_policy.of(pool), password)),
        attributes=attribute_rules.problems_by_name(pool, named),
    )


def of_new_password(call: ClientCall, password: str, attributes: Mapping[str, str]) -> Problems:
    """What the answer to NEW_PASSWORD_REQUIRED would be refused for; of the attributes that the user lacks."""
    pool = call.user_pool
    return Problems(
        password=tuple(password_policy.objections(password_policy.of(pool), password)),
        attributes=attribute_rules.problems_by_name(pool, attributes),
    )
