"""What a row of an import becomes: a user of the pool, or the reason why there is none (user-pools-api.md §9.3)."""

import re

from msgspec.structs import replace

from poolhouse.crypto import imported_hash
from poolhouse.errors import Text
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration import first_factors
from poolhouse.pool.configuration.mfa_rules import SMS_MFA
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import birth, import_files, passwords, users
from poolhouse.pool.users.import_files import MFA_ENABLED, PASSWORD_HASH, USERNAME
from poolhouse.storage import aliases as stored_aliases
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import Mfa, User
from poolhouse.wire import exceptions as errors

_BIRTHDATE = re.compile(r"(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])/(\d{4})")  # DOC: mm/dd/yyyy
_MFA = {"true": True, "false": False}
# DOC: what the mode of the pool forbids.
_MFA_FORBIDDEN = {"ON": False, "OFF": True}
_PASSWORDLESS = {"EMAIL_OTP": "email", "SMS_OTP": "phone_number"}


class NotImported(Exception):
    """The row makes no user; str() says why, in words that may stand in a log: none of the row itself."""


async def read(call: PoolCall, names: list[str], line: bytes, hashing: str) -> User:
    """The user of a line, not stored yet. names: of the columns.  hashing: PasswordHashingAlgorithm or empty. Raises NotImported."""
    try:
        said = import_files.row(names, line)
        return await _user(call, said, hashing)
    except import_files.NotReadable as problem:
        raise NotImported(str(problem)) from None
    except imported_hash.Malformed as problem:
        raise NotImported(f"{problem}.") from None
    except errors.InvalidParameterException as refusal:
        raise NotImported(" ".join(str(refusal.text).split())) from None  # one line of a report


async def _user(call: PoolCall, said: dict[str, str], hashing: str) -> User:
    pool = call.user_pool
    username, mfa_enabled, hashed = said.pop(USERNAME, ""), said.pop(MFA_ENABLED, ""), said.pop(PASSWORD_HASH, "")
    if not username:
        raise NotImported("The line has no cognito:username.")
    if any(character.isspace() for character in username):
        raise NotImported("The cognito:username has white space.")
    if "birthdate" in said:
        said["birthdate"] = _birthdate(said["birthdate"])
    named = birth.name(call, username, said)
    values = attribute_rules.for_new_user(pool, named.attributes, are_required=True)
    _check_verified(pool, values)
    user = await birth.make(call, named, status=_status(pool, values, hashed), attributes=values, password=None)
    user = replace(user, mfa=_mfa(pool, values, mfa_enabled))
    if hashed:
        user = replace(
            user, password=passwords.seal_imported(call, user.username, imported_hash.record(hashing, hashed))
        )
    return user


def _birthdate(said: str) -> str:
    """In the form of OIDC Core §5.1, as SignUp takes it (GUESS: the guide asks for the other form and does not say what is kept)."""
    found = _BIRTHDATE.fullmatch(said)
    if not found:
        raise NotImported("The birthdate is not in the form mm/dd/yyyy.")
    return f"{found[3]}-{found[1]}-{found[2]}"


def _check_verified(pool: UserPool, values: dict[str, str]) -> None:
    if not any(values.get(f"{name}_verified") == "true" for name in pool.auto_verified_attributes):
        raise NotImported(texts.NOTHING_AUTO_VERIFIED)


def _status(pool: UserPool, values: dict[str, str], hashed: str) -> str:
    """DOC: whoever could sign in at once is CONFIRMED."""
    first = first_factors.allowed(pool.settings.Policies)
    can_begin = any(factor in first and values.get(attribute) for factor, attribute in _PASSWORDLESS.items())
    return "CONFIRMED" if hashed or can_begin else "RESET_REQUIRED"


def _mfa(pool: UserPool, values: dict[str, str], said: str) -> Mfa:
    if said and said.lower() not in _MFA:
        raise NotImported("The value of cognito:mfa_enabled is neither true nor false.")
    wanted = _MFA.get(said.lower())
    if wanted is not None and wanted is _MFA_FORBIDDEN.get(pool.mfa.mode):
        raise NotImported("The value of cognito:mfa_enabled contradicts the MFA configuration of the user pool.")
    # The old flag means text messages (GUESS); where MFA is required the pool itself asks for a factor.
    if wanted and SMS_MFA in pool.mfa.factors and values.get("phone_number"):
        return Mfa(enabled=(SMS_MFA,), preferred=SMS_MFA)
    return Mfa()


async def store(tx: Transaction, call: PoolCall, user: User) -> str | None:
    """Insert the user; None: done, or why not: texts.IMPORT_SKIPPED, or the text of a failure.

    Raises users.AliasTaken where another write has taken the address in the same moment: the write has to begin anew.
    """
    if await stored_users.get(tx, user.user_pool_id, user.username) is not None:
        return texts.IMPORT_SKIPPED
    for alias, value in users.aliases_of(call.user_pool, user).items():
        if await stored_aliases.get_owner(tx, user.user_pool_id, alias, value) is not None:
            # Where the address is the name, that is the user.
            is_name = alias in call.user_pool.username_attributes
            return texts.IMPORT_SKIPPED if is_name else str(Text(texts.ALIAS_EXISTS, (alias,)))
    return None if await birth.insert(tx, call, user) else texts.IMPORT_SKIPPED
