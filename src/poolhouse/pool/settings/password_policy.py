"""The password policy of a pool: what it is, what it has against a password, and temporary passwords that it accepts."""

import string
from collections.abc import Iterator

from poolhouse.errors import Text
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.identifiers import random_text
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-")  # DG; an inner space counts as one too
MINIMUM_LENGTH = 8  # DOC: where CreateUserPool says nothing
TEMPORARY_DAYS = 7  # DOC: where CreateUserPool says nothing, or 0

# DOC: what CreateUserPool makes when no policy is sent.
DEFAULT = shapes.PasswordPolicyType(
    MinimumLength=MINIMUM_LENGTH,
    RequireUppercase=True,
    RequireLowercase=True,
    RequireNumbers=True,
    RequireSymbols=True,
)


def of(user_pool: UserPool) -> shapes.PasswordPolicyType:
    policies = user_pool.settings.Policies
    return (policies.PasswordPolicy if policies is not None else None) or DEFAULT


def check(user_pool: UserPool, password: str, template: str) -> None:
    """Raises InvalidPasswordException with the first reason; template: how the operation words it (PWD)."""
    reason = next(objections(of(user_pool), password), None)
    if reason is not None:
        raise errors.InvalidPasswordException(template, reason)


def objections(rules: shapes.PasswordPolicyType, password: str) -> Iterator[Text]:
    """What the policy has against a password, in Cognito's order; the API names the first."""
    present = set(password)
    if len(password) < (rules.MinimumLength or MINIMUM_LENGTH):
        yield Text(texts.PASSWORD_TOO_SHORT)
    if rules.RequireUppercase and present.isdisjoint(string.ascii_uppercase):
        yield Text(texts.PASSWORD_WITHOUT_UPPERCASE)
    if rules.RequireLowercase and present.isdisjoint(string.ascii_lowercase):
        yield Text(texts.PASSWORD_WITHOUT_LOWERCASE)
    if rules.RequireNumbers and present.isdisjoint(string.digits):
        yield Text(texts.PASSWORD_WITHOUT_NUMBER)
    if rules.RequireSymbols and present.isdisjoint(SYMBOLS) and " " not in password.strip(" "):
        yield Text(texts.PASSWORD_WITHOUT_SYMBOL)


def temporary(call: PoolCall) -> str:
    """A random password that the policy accepts whatever it requires: a quarter of each kind, shuffled.

    Without the characters that people mix up when they read it aloud.
    """
    length = max((of(call.user_pool).MinimumLength or MINIMUM_LENGTH), _TEMPORARY_LENGTH)
    per_kind = [(length + n) // len(_TEMPORARY_ALPHABETS) for n in range(len(_TEMPORARY_ALPHABETS))]
    drawn = [random_text(call.random, alphabet, n) for alphabet, n in zip(_TEMPORARY_ALPHABETS, per_kind, strict=True)]
    # Sorting by random keys shuffles evenly; two equal keys among so few 8-byte ones do not happen.
    return "".join(character for _, character in sorted((call.random(8), character) for character in "".join(drawn)))


_TEMPORARY_LENGTH = 12  # over 60 random bits
_TEMPORARY_ALPHABETS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "!#%*+-=?@_")


def temporary_expires_at(call: PoolCall) -> int:
    """Until when a temporary password set now may be used; epoch ms."""
    return call.now_ms + (of(call.user_pool).TemporaryPasswordValidityDays or TEMPORARY_DAYS) * 86_400_000
