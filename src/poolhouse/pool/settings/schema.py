"""The attribute schema of a user pool: the 20 standard attributes, how they may be edited, custom attributes (user-pools-api.md §3.4)."""

import re
from collections.abc import Sequence

from poolhouse.pool import texts
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

MOST_CUSTOM_ATTRIBUTES = 50  # DOC quota
MOST_CHARACTERS = 2_048  # DOC: of an attribute value
# In the order of DescribeUserPool's documented example; the order is not promised.
_NAMES = (
    *("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture"),
    *("website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number"),
    *("phone_number_verified", "address", "updated_at"),
)
_BOOLEANS = frozenset({"email_verified", "phone_number_verified"})
# Written by the service itself: a Schema that was copied from a described pool may name them and changes nothing. The second
# is listed once a pool has an identity provider, and pools from before 0.2 list it from the start.
_SUB, _IDENTITIES = "sub", "identities"
_INTEGER = re.compile(r"-?[0-9]{1,30}")


def _standard(name: str) -> shapes.SchemaAttributeType:
    attribute = shapes.SchemaAttributeType(
        Name=name, AttributeDataType="String", DeveloperOnlyAttribute=False, Mutable=True, Required=False
    )
    if name in _BOOLEANS:
        attribute.AttributeDataType = "Boolean"
    elif name == "updated_at":
        attribute.AttributeDataType = "Number"
        attribute.NumberAttributeConstraints = shapes.NumberAttributeConstraintsType(MinValue="0")
    else:
        low, high = ("10", "10") if name == "birthdate" else ("0", "2048")
        attribute.StringAttributeConstraints = shapes.StringAttributeConstraintsType(MinLength=low, MaxLength=high)
    return attribute


def standard_attributes() -> list[shapes.SchemaAttributeType]:
    """The attributes of a pool that names none: 20, sub first (OBS: `identities` comes with the first identity provider)."""
    sub = _standard(_SUB)
    sub.Mutable, sub.Required = False, True
    sub.StringAttributeConstraints = shapes.StringAttributeConstraintsType(MinLength="1", MaxLength="2048")
    return [sub, *(_standard(name) for name in _NAMES)]


def with_identities(
    existing: Sequence[shapes.SchemaAttributeType],
) -> list[shapes.SchemaAttributeType] | None:
    """The schema with `identities`; None: it has it already."""
    if any(attribute.Name == _IDENTITIES for attribute in existing):
        return None
    attribute = _standard(_IDENTITIES)
    attribute.StringAttributeConstraints = shapes.StringAttributeConstraintsType()
    return [*existing, attribute]


def build(entries: Sequence[shapes.SchemaAttributeType] | None) -> list[shapes.SchemaAttributeType]:
    """The schema of a new pool. Raises InvalidParameterException."""
    attributes = {attribute.Name: attribute for attribute in standard_attributes()}
    seen: set[str] = set()
    for number, entry in enumerate(entries or (), 1):
        name = _name(entry, "schema", number)
        if name == _IDENTITIES:
            continue
        attribute = _edited(attributes[name], entry) if name in attributes and ":" not in name else _custom(name, entry)
        full_name = attribute.Name or ""
        if full_name in seen:
            raise errors.InvalidParameterException(texts.ATTRIBUTE_EXISTS, full_name)
        seen.add(full_name)
        attributes[full_name] = attribute
    return list(attributes.values())


def extended(
    existing: Sequence[shapes.SchemaAttributeType], entries: Sequence[shapes.SchemaAttributeType]
) -> list[shapes.SchemaAttributeType]:
    """The schema after AddCustomAttributes. Raises InvalidParameterException."""
    attributes = {attribute.Name: attribute for attribute in existing}
    for number, entry in enumerate(entries, 1):
        attribute = _custom(_name(entry, "customAttributes", number), entry)
        if attribute.Name in attributes:
            raise errors.InvalidParameterException(texts.ATTRIBUTE_EXISTS, attribute.Name or "")
        attributes[attribute.Name] = attribute
    if sum(":" in (name or "") for name in attributes) > MOST_CUSTOM_ATTRIBUTES:
        raise errors.InvalidParameterException(texts.TOO_MANY_CUSTOM_ATTRIBUTES)
    return list(attributes.values())


def _name(entry: shapes.SchemaAttributeType, path: str, number: int) -> str:
    if entry.Name is None:
        raise errors.InvalidParameterException(texts.ATTRIBUTE_NAME_MISSING, path, number)
    return entry.Name


def _edited(standard: shapes.SchemaAttributeType, entry: shapes.SchemaAttributeType) -> shapes.SchemaAttributeType:
    """A standard attribute with what the entry says. Constraints count only when the type is sent too (user-pools-api.md §3.4)."""
    name = standard.Name or ""
    if entry.DeveloperOnlyAttribute or entry.AttributeDataType not in (None, standard.AttributeDataType):
        raise errors.InvalidParameterException(texts.STANDARD_ATTRIBUTE_CHANGED, name)
    if name == _SUB:
        return standard
    if entry.Mutable is not None:
        standard.Mutable = entry.Mutable
    if entry.Required is not None:
        standard.Required = entry.Required
    if entry.AttributeDataType == "String" and entry.StringAttributeConstraints is not None:
        standard.StringAttributeConstraints = _checked_lengths(name, entry.StringAttributeConstraints)
    if entry.AttributeDataType == "Number" and entry.NumberAttributeConstraints is not None:
        standard.NumberAttributeConstraints = _checked_values(name, entry.NumberAttributeConstraints)
    return standard


def _custom(short_name: str, entry: shapes.SchemaAttributeType) -> shapes.SchemaAttributeType:
    name = ("dev:custom:" if entry.DeveloperOnlyAttribute else "custom:") + short_name
    if entry.AttributeDataType is None:
        raise errors.InvalidParameterException(texts.ATTRIBUTE_TYPE_MISSING)
    if entry.Required:
        raise errors.InvalidParameterException(texts.CUSTOM_ATTRIBUTE_REQUIRED)
    attribute = shapes.SchemaAttributeType(
        Name=name,
        AttributeDataType=entry.AttributeDataType,
        DeveloperOnlyAttribute=bool(entry.DeveloperOnlyAttribute),
        Mutable=entry.Mutable is not False,
        Required=False,
    )
    if entry.AttributeDataType == "String":
        lengths = entry.StringAttributeConstraints or shapes.StringAttributeConstraintsType()
        attribute.StringAttributeConstraints = _checked_lengths(name, lengths)
    if entry.AttributeDataType == "Number":
        values = entry.NumberAttributeConstraints or shapes.NumberAttributeConstraintsType()
        attribute.NumberAttributeConstraints = _checked_values(name, values)
    return attribute


def _checked_lengths(
    name: str, constraints: shapes.StringAttributeConstraintsType
) -> shapes.StringAttributeConstraintsType:
    invalid = errors.InvalidParameterException(texts.STRING_CONSTRAINTS_INVALID, name)
    least, most = _integer(constraints.MinLength, invalid), _integer(constraints.MaxLength, invalid)
    if (least or 0) < 0 or (most or 0) < 0:
        raise invalid
    if max(least or 0, most or 0) > MOST_CHARACTERS:
        raise errors.InvalidParameterException(texts.STRING_TOO_LONG, name)
    if least is not None and most is not None and most < least:
        raise errors.InvalidParameterException(texts.MAX_LENGTH_BELOW_MIN, name)
    return constraints


def _checked_values(
    name: str, constraints: shapes.NumberAttributeConstraintsType
) -> shapes.NumberAttributeConstraintsType:
    invalid = errors.InvalidParameterException(texts.NUMBER_CONSTRAINTS_INVALID, name)
    least, most = _integer(constraints.MinValue, invalid), _integer(constraints.MaxValue, invalid)
    if least is not None and most is not None and most < least:
        raise errors.InvalidParameterException(texts.MAX_VALUE_BELOW_MIN, name)
    return constraints


def _integer(text: str | None, invalid: errors.InvalidParameterException) -> int | None:
    if not text:
        return None
    if _INTEGER.fullmatch(text) is None:
        raise invalid
    return int(text)
