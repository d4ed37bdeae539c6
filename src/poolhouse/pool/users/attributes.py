"""What the schema of a pool says about attributes: which exist, who may write them, which values they take. Pure rules."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import islice

from poolhouse import email_address
from poolhouse.code_points import composed, has_unseen
from poolhouse.errors import Text, together
from poolhouse.pool import texts
from poolhouse.pool.configuration.snapshots import Client, UserPool
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

VERIFIABLE = ("phone_number", "email")  # in the order in which Cognito picks one (DOC: phone first)
_VERIFIED_FLAGS = {f"{name}_verified": name for name in VERIFIABLE}
_FLAG = shapes.SchemaAttributeType(AttributeDataType="Boolean")  # the two flags where a schema does not list them
_NEEDED = {"email": texts.EMAIL_NEEDED_TO_VERIFY, "phone_number": texts.PHONE_NUMBER_NEEDED_TO_VERIFY}

_WRITTEN_BY_SERVICE = frozenset({"sub", "identities"})
_COMPOSED = frozenset({"email", "preferred_username"})
# Named in one refusal. A megabyte of unknown names would else be answered with more than a megabyte; no schema has so many.
MOST_PROBLEMS = 100

_PHONE_NUMBER = re.compile(r"\+[0-9]{2,15}")  # E.164
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")


def is_email(value: str) -> bool:
    """Whether it is an e-mail address, once it is composed."""
    return email_address.is_email_address(composed(value))


def is_phone_number(value: str) -> bool:
    return _PHONE_NUMBER.fullmatch(value) is not None


def given(attributes: Iterable[shapes.AttributeType] | None) -> dict[str, str]:
    """Name → value as sent; of a repeated name the last one. An absent value is blank."""
    return {attribute.Name: attribute.Value or "" for attribute in attributes or ()}


def validation_data(sent: Iterable[shapes.AttributeType] | None) -> dict[str, str] | None:
    """What a request tells the PreSignUp trigger beside the attributes; None when it is silent."""
    return None if sent is None else given(sent)


def is_verified(user: User, attribute: str) -> bool:
    """Whether the user has the attribute and has proven it."""
    return bool(user.attributes.get(attribute)) and user.attributes.get(f"{attribute}_verified") == "true"


def on_wire(user: User, readable: frozenset[str] | None = None) -> list[shapes.AttributeType]:
    """sub, then the attributes; only the readable ones unless None."""
    attribute = shapes.AttributeType
    found = [attribute(Name="sub", Value=user.sub)]
    found += [
        attribute(Name=name, Value=value)
        for name, value in user.attributes.items()
        if readable is None or name in readable
    ]
    return found


# -- checks


def required_names(user_pool: UserPool) -> frozenset[str]:
    """What every user of the pool has to have, without sub."""
    return frozenset(name for name, rule in user_pool.schema.items() if rule.Required and name != "sub")


def missing_required(user_pool: UserPool, attributes: Mapping[str, str]) -> list[str]:
    """In the order of the schema."""
    required = required_names(user_pool)
    return [name for name in user_pool.schema if name in required and not attributes.get(name)]


def check_writable(client: Client, names: Iterable[str]) -> None:
    """Raises NotAuthorizedException (WATTR). A name that the schema does not have is left to the schema's own check."""
    schema = client.user_pool.schema
    if any(name not in client.writable and (name in schema or name in _VERIFIED_FLAGS) for name in names):
        raise errors.NotAuthorizedException(texts.WRITE_NOT_AUTHORIZED)


def check_client_write(user_pool: UserPool, client: Client, values: Mapping[str, str]) -> None:
    """What a client may write, and values that the schema takes.

    Raises NotAuthorizedException (WATTR), InvalidParameterException (ATTR, FMT).
    """
    check_writable(client, values)
    for_new_user(user_pool, values, are_required=False)


def for_new_user(user_pool: UserPool, values: Mapping[str, str], *, are_required: bool) -> dict[str, str]:
    """The attributes of a new user, normalised.

    are_required: whether the required ones have to be there.  Raises InvalidParameterException (ATTR, FMT).
    """
    wanted = {name: value for name, value in values.items() if value != ""}
    for name in wanted:
        if name in _WRITTEN_BY_SERVICE and name in user_pool.schema:
            raise errors.InvalidParameterException(texts.ATTRIBUTE_IMMUTABLE, name)
    found = (problem for name, value in wanted.items() if (problem := _problem(user_pool, name, value)))
    problems = list(islice(found, MOST_PROBLEMS))
    if are_required:
        problems += _missing(user_pool, wanted)
    if problems:
        raise errors.InvalidParameterException(texts.ATTRIBUTES_DID_NOT_CONFORM, together(problems))
    _check_formats(user_pool, wanted)
    normal = {name: _normal(user_pool, name, value) for name, value in wanted.items()}
    _check_flags(normal, wanted)
    return normal


def problems_by_name(user_pool: UserPool, values: Mapping[str, str]) -> dict[str, Text]:
    """What is wrong with each attribute of a new user by itself, the missing ones among them; in the API's words."""
    found = {name: Text(texts.ATTRIBUTE_REQUIRED, (name,)) for name in missing_required(user_pool, values)}
    for name, value in values.items():
        if problem := _problem(user_pool, name, value):
            found[name] = problem
            continue
        try:
            _check_formats(user_pool, {name: value})
        except errors.InvalidParameterException as refusal:
            found[name] = refusal.text
    return found


def changed(
    user_pool: UserPool, user: User, values: Mapping[str, str], *, by_admin: bool, may_fill: bool = False
) -> dict[str, str]:
    """The user's attributes after an update; a blank value deletes (DOC). The flags of a changed value are the caller's.

    by_admin: how the problems are worded.  may_fill: an immutable attribute that the user lacks may be set now.
    Raises InvalidParameterException (ATTR, FMT).
    """
    problems: list[Text] = []
    for name, value in values.items():
        problem = _problem(user_pool, name, value) if value else _unknown(user_pool, name)
        if not problem:
            _check_mutable(user_pool, user, name, value, may_fill=may_fill)
        elif len(problems) < MOST_PROBLEMS:
            problems.append(problem)
    result = dict(user.attributes)
    for name, value in values.items():
        if value:
            result[name] = value
        else:
            result.pop(name, None)
            if name in VERIFIABLE:
                result.pop(f"{name}_verified", None)
    problems += [text for text in _missing(user_pool, result) if text not in _missing(user_pool, user.attributes)]
    if problems:
        raise _refusal(problems, by_admin=by_admin)
    # A value from before a rule may be sent back as it is, beside others that change.
    new = {name: value for name, value in values.items() if value and value != user.attributes.get(name)}
    _check_formats(user_pool, new)
    result = {name: _normal(user_pool, name, value) if name in values else value for name, value in result.items()}
    _check_flags(result, values)
    return result


def _refusal(problems: list[Text], *, by_admin: bool) -> errors.InvalidParameterException:
    if by_admin:
        named = [Text(texts.USER_ATTRIBUTE, (problem,)) for problem in problems]
        return errors.InvalidParameterException(texts.INVALID_USER_ATTRIBUTES, together(named))
    return errors.InvalidParameterException(texts.ATTRIBUTES_DID_NOT_CONFORM, together(problems))


def _check_mutable(user_pool: UserPool, user: User, name: str, value: str, *, may_fill: bool) -> None:
    if name in _WRITTEN_BY_SERVICE:
        raise errors.InvalidParameterException(texts.ATTRIBUTE_IMMUTABLE, name)
    is_changed = user.attributes.get(name, "") != value
    is_filled = may_fill and name not in user.attributes
    if is_changed and not is_filled and user_pool.schema[name].Mutable is False:
        raise errors.InvalidParameterException(texts.ATTRIBUTE_IMMUTABLE, name)


def _check_formats(user_pool: UserPool, values: Mapping[str, str]) -> None:
    if "email" in values and not is_email(values["email"]):
        raise errors.InvalidParameterException(texts.INVALID_EMAIL)
    if "phone_number" in values and not is_phone_number(values["phone_number"]):
        raise errors.InvalidParameterException(texts.INVALID_PHONE_NUMBER)
    if "preferred_username" in values and "preferred_username" in user_pool.alias_attributes:
        _check_preferred_username(user_pool, values["preferred_username"])


def _check_preferred_username(user_pool: UserPool, value: str) -> None:
    """It is found like an e-mail address or phone number where those sign in, but nobody has to prove it."""
    if has_unseen(value):
        problem = Text(texts.ATTRIBUTE_WITH_CONTROL_CHARACTER, ("preferred_username",))
        raise errors.InvalidParameterException(texts.ATTRIBUTES_DID_NOT_CONFORM, problem)
    if "email" in user_pool.alias_attributes and "@" in value:
        raise errors.InvalidParameterException(texts.PREFERRED_USERNAME_OF_EMAIL_FORMAT)
    if "phone_number" in user_pool.alias_attributes and value.startswith("+"):
        raise errors.InvalidParameterException(texts.PREFERRED_USERNAME_OF_PHONE_FORMAT)


def _check_flags(attributes: Mapping[str, str], values: Mapping[str, str]) -> None:
    for flag, name in _VERIFIED_FLAGS.items():
        if values.get(flag) and name not in attributes:
            raise errors.InvalidParameterException(_NEEDED[name])


def _missing(user_pool: UserPool, attributes: Mapping[str, str]) -> list[Text]:
    return [Text(texts.ATTRIBUTE_REQUIRED, (name,)) for name in missing_required(user_pool, attributes)]


def _unknown(user_pool: UserPool, name: str) -> Text | None:
    # A pool made with a schema before the two flags had entries still has the flags.
    if name in user_pool.schema or name in _VERIFIED_FLAGS:
        return None
    return Text(texts.ATTRIBUTE_UNKNOWN, (name,))


def _problem(user_pool: UserPool, name: str, value: str) -> Text | None:
    """What the schema has against this value, or None."""
    if unknown := _unknown(user_pool, name):
        return unknown
    if "\x00" in value:
        return Text(texts.ATTRIBUTE_WITH_CONTROL_CHARACTER, (name,))  # PostgreSQL cannot store it
    rule = user_pool.schema.get(name, _FLAG)
    kind = rule.AttributeDataType
    if kind == "Number":
        return _number_problem(name, value, rule.NumberAttributeConstraints)
    if kind == "Boolean":
        return None if value.lower() in ("true", "false") else Text(texts.ATTRIBUTE_WRONG_TYPE, (name, kind))
    if kind == "DateTime":
        return None if _is_date_time(value) else Text(texts.ATTRIBUTE_WRONG_TYPE, (name, kind))
    return _string_problem(name, value, rule.StringAttributeConstraints)


def _string_problem(name: str, value: str, limits: shapes.StringAttributeConstraintsType | None) -> Text | None:
    if limits is None:
        return None
    if limits.MinLength and len(value) < int(limits.MinLength):
        return Text(texts.ATTRIBUTE_TOO_SHORT, (name, limits.MinLength))
    if limits.MaxLength and len(value) > int(limits.MaxLength):
        return Text(texts.ATTRIBUTE_TOO_LONG, (name, limits.MaxLength))
    return None


def _number_problem(name: str, value: str, limits: shapes.NumberAttributeConstraintsType | None) -> Text | None:
    if not _NUMBER.fullmatch(value):
        return Text(texts.ATTRIBUTE_WRONG_TYPE, (name, "Number"))
    if limits is None:
        return None
    number = Decimal(value)
    if limits.MinValue and number < Decimal(limits.MinValue):
        return Text(texts.ATTRIBUTE_TOO_SMALL, (name, limits.MinValue))
    if limits.MaxValue and number > Decimal(limits.MaxValue):
        return Text(texts.ATTRIBUTE_TOO_LARGE, (name, limits.MaxValue))
    return None


def _is_date_time(value: str) -> bool:
    """ISO 8601 or epoch seconds (GUESS: the guide names neither)."""
    if _NUMBER.fullmatch(value):
        return True
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _normal(user_pool: UserPool, name: str, value: str) -> str:
    """As it is stored. Of Booleans `True` is accepted (OBS moto aws_verified); what can be a sign-in name is composed."""
    if name in _COMPOSED:
        return composed(value)
    return value.lower() if user_pool.schema.get(name, _FLAG).AttributeDataType == "Boolean" else value
