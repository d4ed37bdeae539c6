"""ListUsers: its filter grammar, which attributes can be searched, and how a page is found."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from poolhouse.pool import pagination, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.storage import users as stored
from poolhouse.storage.engine import Reader
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

# user-pools-api.md §9.1; sub, status and cognito:user_status are columns of users, username its key.
SEARCHABLE = ("email", "phone_number", "name", "given_name", "family_name", "preferred_username")
_COLUMNS = ("username", "sub", "status", "cognito:user_status")
_ENABLED = {"Enabled": True, "Disabled": False}
_STATUSES = ("CONFIRMED", "EXTERNAL_PROVIDER", "FORCE_CHANGE_PASSWORD", "RESET_REQUIRED", "UNCONFIRMED")  # ascending
# Of a value, kept for the search. A Filter has at most as many in all, so that none can tell the rest; and an index of
# PostgreSQL takes rows of 2,704 octets.
MOST_CHARACTERS = 256
MOST_PER_PAGE = 60  # DOC; also what Limit 0 means


def rows(user: User) -> set[tuple[str, str]]:
    """What the user can be found by: (attribute, the begin of its value in lower case)."""
    attributes = user.attributes
    return {(name, attributes[name].lower()[:MOST_CHARACTERS]) for name in SEARCHABLE if name in attributes}


# -- the grammar


class Filter(msgspec.Struct, frozen=True):
    """`attribute = "value"` or `attribute ^= "value"`."""

    attribute: str
    is_prefix: bool
    value: str


def parse(text: str | None) -> Filter | None:
    """A Filter of ListUsers; None when it is empty and so finds everybody.

    Raises InvalidParameterException when it is no filter, or names an attribute that cannot be searched.
    """
    scanner = _Scanner(text or "")
    if scanner.is_at_end():
        return None
    attribute = scanner.attribute()
    is_prefix = scanner.operator() == "^="
    value = scanner.quoted()
    if not scanner.is_at_end():
        raise _not_parsed()
    if attribute not in SEARCHABLE and attribute not in _COLUMNS:
        raise errors.InvalidParameterException(texts.FILTER_ATTRIBUTE_INVALID, attribute)
    return Filter(attribute, is_prefix, value)


def _not_parsed() -> errors.InvalidParameterException:
    return errors.InvalidParameterException(texts.FILTER_NOT_PARSED)


class _Scanner:
    """Reads a filter from left to right; white space between its parts means nothing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def is_at_end(self) -> bool:
        self._skip_space()
        return self._at == len(self._text)

    def attribute(self) -> str:
        """Everything up to the operator; the name may be quoted (GUESS: the guide's examples do both)."""
        self._skip_space()
        if self._text.startswith('"', self._at):
            return self.quoted()
        start = self._at
        while self._at < len(self._text) and not (self._text[self._at] in '^="\\' or self._text[self._at].isspace()):
            self._at += 1
        if self._at == start:
            raise _not_parsed()
        return self._text[start : self._at]

    def operator(self) -> Literal["=", "^="]:
        self._skip_space()
        operators: tuple[Literal["^=", "="], ...] = ("^=", "=")
        for operator in operators:
            if self._text.startswith(operator, self._at):
                self._at += len(operator)
                return operator
        raise _not_parsed()

    def quoted(self) -> str:
        r"""A string in double quotes, in which \" and \\ stand for themselves."""
        self._skip_space()
        if not self._text.startswith('"', self._at):
            raise _not_parsed()
        self._at += 1
        value: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            self._at += 1
            if character == '"':
                return "".join(value)
            if character == "\\":
                character = self._text[self._at : self._at + 1]
                self._at += 1
                if character not in ('"', "\\"):
                    raise _not_parsed()
            if character == "\x00":  # no stored value has it, and PostgreSQL would not compare with it
                raise _not_parsed()
            value.append(character)
        raise _not_parsed()

    def _skip_space(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1


# -- pages


class Page(msgspec.Struct, frozen=True):
    users: list[User]
    next_token: str | None


async def list_users(
    call: PoolCall, filter_text: str | None, limit: int | None, token: str | None, shown: Sequence[str] = ()
) -> Page:
    """One page of call.user_pool.

    shown: the attributes that will be shown of each user; none for all.
    Raises InvalidParameterException (filter, token, shown).
    """
    if any(name not in call.user_pool.schema or name == "sub" for name in shown):
        raise errors.InvalidParameterException(texts.ATTRIBUTES_TO_GET_INVALID)
    wanted = parse(filter_text)
    scope = "" if wanted is None else f"{wanted.attribute} {wanted.is_prefix} {wanted.value}"
    key = pagination.decode(call, scope, token)
    size = limit or MOST_PER_PAGE
    # One more than asked for tells whether there is another page.
    found = await _find(call.db, call.user_pool, wanted, key, size + 1)
    page = found[:size]
    next_token = pagination.encode(call, scope, page[-1][0]) if len(found) > size else None
    users = [user for _, user in page]
    _check_all_have(users, shown)
    return Page(users, next_token)


def _check_all_have(users: Sequence[User], shown: Sequence[str]) -> None:
    """What cannot be searched may be asked for only when every user of the answer has it (M)."""
    unsearchable = [name for name in shown if name not in SEARCHABLE]
    if any(name not in user.attributes for user in users for name in unsearchable):
        raise errors.InvalidParameterException(texts.ATTRIBUTES_TO_GET_INVALID)


async def _find(db: Reader, user_pool: UserPool, wanted: Filter | None, key: str, limit: int) -> list[tuple[str, User]]:
    """(key, user) of the users after `key`; each key continues exactly behind its user."""
    if wanted is None:
        return _by_username(await stored.list_page(db, user_pool.id, "", key, limit))
    match wanted.attribute:
        case "username":
            value = user_pool.fold(wanted.value)
            if wanted.is_prefix:
                return _by_username(await stored.list_page(db, user_pool.id, value, key, limit))
            return _by_username(_only(await stored.get(db, user_pool.id, value), key))
        case "sub":
            value = wanted.value.lower()
            if wanted.is_prefix:
                found = await stored.list_page_by_sub(db, user_pool.id, value, key, limit)
            else:
                found = _only(await stored.get_by_sub(db, user_pool.id, value), key)
            return [(user.sub, user) for user in found]
        case "status":
            return await _by_enabled(db, user_pool.id, wanted, key, limit)
        case "cognito:user_status":
            return await _by_status(db, user_pool.id, wanted, key, limit)
        case _:
            return await _by_attribute(db, user_pool.id, wanted, key, limit)


def _by_username(found: list[User]) -> list[tuple[str, User]]:
    return [(user.username, user) for user in found]


def _only(user: User | None, key: str) -> list[User]:
    return [] if user is None or key else [user]


async def _by_enabled(db: Reader, user_pool_id: str, wanted: Filter, key: str, limit: int) -> list[tuple[str, User]]:
    """Case counts here (M)."""
    matching = [is_enabled for name, is_enabled in _ENABLED.items() if _matches(wanted, name, wanted.value)]
    if len(matching) == len(_ENABLED):
        return _by_username(await stored.list_page(db, user_pool_id, "", key, limit))
    if not matching:
        return []
    is_enabled = matching[0]
    return _by_username(
        await stored.list_page_by_enabled(db, user_pool_id, is_enabled=is_enabled, after=key, limit=limit)
    )


async def _by_status(db: Reader, user_pool_id: str, wanted: Filter, key: str, limit: int) -> list[tuple[str, User]]:
    """One status after the other, each by username; case does not count (M)."""
    from_status, _, after = key.partition(" ")
    found: list[tuple[str, User]] = []
    for status in _STATUSES:
        if status < from_status or not _matches(wanted, status, wanted.value.upper()):
            continue
        start = after if status == from_status else ""
        page = await stored.list_page_by_status(db, user_pool_id, status, start, limit - len(found))
        found += [(f"{status} {user.username}", user) for user in page]
        if len(found) == limit:
            break
    return found


def _matches(wanted: Filter, name: str, value: str) -> bool:
    return name.startswith(value) if wanted.is_prefix else name == value


async def _by_attribute(db: Reader, user_pool_id: str, wanted: Filter, key: str, limit: int) -> list[tuple[str, User]]:
    value = wanted.value.lower()
    if not wanted.is_prefix:
        return _by_username(await stored.list_page_by_attribute(db, user_pool_id, wanted.attribute, value, key, limit))
    after = msgspec.json.decode(key, type=tuple[str, str]) if key else None
    page = await stored.list_page_by_prefix(db, user_pool_id, wanted.attribute, value, after, limit)
    return [(msgspec.json.encode((folded, user.username)).decode(), user) for folded, user in page]
