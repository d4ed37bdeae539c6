"""Owns the check of a request against the service model: types first, then every violated constraint in one text.

The tables of wire/constraints.py are compiled to closures, one operation at a time, when it is first called. A type that
cannot be read raises SerializationException at once; violations are collected and raised together (user-pools-api.md §1.5).
"""

import binascii
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from poolhouse.api.errors import SerializationException
from poolhouse.wire import constraints as wire
from poolhouse.wire.constraints import SHAPES, Constraint
from poolhouse.wire.exceptions import InvalidParameterException

At = tuple[str | int, ...]  # what fills the `{}` of a path: list indexes and map keys


class Violation(NamedTuple):
    """text: as Cognito says it.  discreet: for the log, with nothing in it that was sent."""

    text: str
    discreet: str


Violations = list[Violation]
Check = Callable[[Any, At, Violations], None]
Matches = Callable[[str], object]

NOT_NULL = "Member must not be null"
INT32, INT64 = 2**31, 2**63
# Of one list; a megabyte of `{}` would else be answered with 34 megabytes of complaints. No honest request has so many.
MOST_VIOLATIONS = 100


def compile_check(request_shape: str) -> Callable[[dict[str, Any]], None]:
    """The check of one operation's request.

    The check takes the decoded JSON object, removes nulls from its maps, and raises SerializationException (a value of a
    wrong type) or InvalidParameterException (all violated constraints); what it lets pass converts to the struct.
    """
    check = _compile(request_shape, "")

    def check_request(document: dict[str, Any]) -> None:
        violations: Violations = []
        check(document, (), violations)
        if violations:
            raise InvalidParameterException(
                message([each.text for each in violations]), detail=message([each.discreet for each in violations])
            )

    return check_request


def message(violations: list[str]) -> str:
    errors = "error" if len(violations) == 1 else "errors"
    return f"{len(violations)} validation {errors} detected: {'; '.join(violations)}"


# --- compiling ------------------------------------------------------------------------------------------------------


def _compile(shape_name: str, path: str, is_hidden: bool = False) -> Check:
    """path: with `{}` where list indexes and map keys go.  is_hidden: it lies in something sensitive."""
    shape = SHAPES[shape_name]
    is_hidden = is_hidden or _is_marked(shape)
    if shape_name == "AttributeDataType":
        return _attribute_data_type
    match shape:
        case wire.Structure():
            return _structure(shape, path, is_hidden)
        case wire.List():
            return _list(shape, path, is_hidden)
        case wire.Map():
            return _map(shape, path, is_hidden)
        case wire.String():
            return _string(shape, path, is_hidden)
        case wire.Number():
            return _number(shape, path, is_hidden)
        case wire.Blob():
            return _blob(shape, path, is_hidden)
        case wire.Boolean():
            return _boolean
        case wire.Timestamp():
            return _timestamp
        case wire.Document():
            return _document


def _structure(shape: wire.Structure, path: str, is_hidden: bool) -> Check:
    checks = {name: _compile(member, _below(path, name), is_hidden) for name, member in shape.members.items()}
    missing = {}
    for name in shape.required:
        is_member_hidden = is_hidden or _is_marked(SHAPES[shape.members[name]])
        missing[name] = ("" if is_member_hidden else " null", _below(path, name))

    def check(value: Any, at: At, violations: Violations) -> None:
        if value.__class__ is not dict:
            raise _wrong_type(value, shape.name)
        for name, (shown, where) in missing.items():
            if value.get(name) is None:
                violations.append(_said(shown, shown, where, at, NOT_NULL))
        for name, item in value.items():
            check_member = checks.get(name)
            if check_member is not None and item is not None:
                check_member(item, at, violations)

    return check


def _list(shape: wire.List, path: str, is_hidden: bool) -> Check:
    member = SHAPES[shape.member]
    low, high = _limits(shape.min, shape.max)
    inner = _compile(shape.member, path + ".{}.member", is_hidden)
    is_hidden = is_hidden or _contains_marked(shape)
    is_scalar = not isinstance(member, wire.Structure | wire.List | wire.Map)

    def check(value: Any, at: At, violations: Violations) -> None:
        if value.__class__ is not list:
            raise _wrong_type(value, "ArrayList")
        if not low <= len(value) <= high:
            violations.append(_violation(value, path, at, is_hidden, _length(len(value), low, high)))
        of_members: Violations = []
        has_null = False
        for index, item in enumerate(value, 1):
            if item is None:
                has_null = True
            else:
                inner(item, (*at, index), of_members)
                if len(of_members) >= MOST_VIOLATIONS:
                    break
        if not is_scalar:
            violations += of_members
        if has_null or (is_scalar and of_members):
            texts = [*(_texts(member) if is_scalar else ()), *([NOT_NULL] if has_null else ())]
            text = f"Member must satisfy constraint: [{', '.join(texts)}]"
            violations.append(_violation(value, path, at, is_hidden, text))

    return check


def _map(shape: wire.Map, path: str, is_hidden: bool) -> Check:
    key_shape, value_shape = SHAPES[shape.key], SHAPES[shape.value]
    low, high = _limits(shape.min, shape.max)
    check_key = _compile(shape.key, "", is_hidden)
    check_value = _compile(shape.value, path + ".{}.member", is_hidden)
    is_hidden = is_hidden or _contains_marked(shape)
    is_structure = isinstance(value_shape, wire.Structure | wire.List | wire.Map)

    def check(value: Any, at: At, violations: Violations) -> None:
        if value.__class__ is not dict:
            raise _wrong_type(value, "Map")
        if None in value.values():
            for name in [name for name, item in value.items() if item is None]:
                del value[name]
        if not low <= len(value) <= high:
            violations.append(_violation(value, path, at, is_hidden, _length(len(value), low, high)))
        of_keys: Violations = []
        of_values: Violations = []
        for name, item in value.items():
            check_key(name, (), of_keys)
            check_value(item, (*at, name), of_values)
        if of_keys:
            text = f"Map keys must satisfy constraint: [{', '.join(_texts(key_shape))}]"
            violations.append(_violation(value, path, at, is_hidden, text))
        if is_structure:
            violations += of_values
        elif of_values:
            text = f"Map value must satisfy constraint: [{', '.join(_texts(value_shape))}]"
            violations.append(_violation(value, path, at, is_hidden, text))

    return check


def _string(shape: wire.String, path: str, is_hidden: bool) -> Check:
    low, high = _limits(shape.min, shape.max)
    matches = _matcher(shape.pattern) if shape.pattern is not None else None
    enum = frozenset(shape.enum) if shape.enum is not None else None

    def check(value: Any, at: At, violations: Violations) -> None:
        if value.__class__ is not str:
            raise _wrong_type(value, "String")
        if not low <= len(value) <= high:
            violations.append(_violation(value, path, at, is_hidden, _length(len(value), low, high)))
        if matches is not None and not matches(value):
            text = f"Member must satisfy regular expression pattern: {shape.pattern}"
            violations.append(_violation(value, path, at, is_hidden, text))
        if enum is not None and value not in enum:
            text = f"Member must satisfy enum value set: [{', '.join(shape.enum or ())}]"
            violations.append(_violation(value, path, at, is_hidden, text))

    return check


def _number(shape: wire.Number, path: str, is_hidden: bool) -> Check:
    low, high = _limits(shape.min, shape.max)
    size = INT64 if shape.kind == "Long" else INT32

    def check(value: Any, at: At, violations: Violations) -> None:
        if value.__class__ is not int or not -size <= value < size:
            raise _wrong_type(value, shape.kind)
        if not low <= value <= high:
            text = (
                f"Member must have value greater than or equal to {low}"
                if value < low
                else f"Member must have value less than or equal to {high}"
            )
            violations.append(_violation(value, path, at, is_hidden, text))

    return check


def _blob(shape: wire.Blob, path: str, is_hidden: bool) -> Check:
    low, high = _limits(shape.min, shape.max)

    def check(value: Any, at: At, violations: Violations) -> None:
        if value.__class__ is not str:
            raise _wrong_type(value, "ByteBuffer")
        try:
            size = len(binascii.a2b_base64(value, strict_mode=True))
        except ValueError:
            raise SerializationException("Invalid base64 value") from None
        if not low <= size <= high:
            # Java's ByteBuffer.toString(), which is what Cognito prints of a blob.
            shown = f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"
            violations.append(_violation(shown, path, at, is_hidden, _length(size, low, high)))

    return check


def _boolean(value: Any, _at: At, _violations: Violations) -> None:
    if value.__class__ is not bool:
        raise _wrong_type(value, "Boolean")


# The order is the observed one, not the model's.
_ATTRIBUTE_DATA_TYPES = ("Boolean", "Number", "String", "DateTime")


def _attribute_data_type(value: Any, _at: At, _violations: Violations) -> None:
    """The one enum that is refused at once, with neither number nor path (OBS moto aws_verified test, user-pools-api.md §1.5)."""
    if value.__class__ is not str:
        raise _wrong_type(value, "String")
    if value not in _ATTRIBUTE_DATA_TYPES:
        rest = f"failed to satisfy constraint: Member must satisfy enum value set: [{', '.join(_ATTRIBUTE_DATA_TYPES)}]"
        raise InvalidParameterException(
            "Validation error detected: Value '{}' {}", value, rest, detail=f"Validation error detected: Value {rest}"
        )


def _timestamp(value: Any, _at: At, _violations: Violations) -> None:
    if value.__class__ is not float and value.__class__ is not int:
        raise _wrong_type(value, "Date")


def _document(_value: Any, _at: At, _violations: Violations) -> None:
    """Any JSON will do."""


# --- patterns -------------------------------------------------------------------------------------------------------

# Above ASCII only the class of a character decides, so that every letter, mark, ... stands for all of them.
_LMSNP, _SEPARATOR, _OTHER = "\xe9", "\xa0", "\x80"
# The table ends before the variation selectors far up in plane 14, which the expression names itself.
_TABLE_SIZE, _FAR_MARKS = 0x32400, "\U000e0100-\U000e01ef"


@cache
def _class_table() -> bytes:
    """What str.translate maps each code point below _TABLE_SIZE to: itself in ASCII, else one character of its class."""
    from poolhouse.wire import characters

    table = bytearray(ord(_OTHER).to_bytes()) * _TABLE_SIZE
    table[:0x80] = range(0x80)
    for text, mark in ((characters.LMSNP, _LMSNP), (characters.Z, _SEPARATOR)):
        for run in text.split():
            first, _, last = run.partition("-")
            low, high = int(first, 16), min(int(last or first, 16) + 1, _TABLE_SIZE)
            table[low:high] = mark.encode("latin-1") * max(high - low, 0)
    return bytes(table)


@cache
def _matcher(pattern: str) -> Matches:
    """Whether a string matches a regular expression of the model as a whole; in linear time."""
    source = wire.PATTERNS[pattern]
    has_classes = "{LMSNP}" in source or "{Z}" in source
    source = source.replace("{LMSNP}", f"!-~{_LMSNP}{_FAR_MARKS}").replace("{Z}", f" {_SEPARATOR}")
    fullmatch = re.compile(source, re.ASCII).fullmatch
    if not has_classes:
        return fullmatch

    def matches(value: str) -> object:
        return fullmatch(value if value.isascii() else value.translate(_class_table()))

    return matches


# --- texts ----------------------------------------------------------------------------------------------------------


def _below(path: str, member: str) -> str:
    """The path of a structure's member: its first letter in lower case."""
    name = member[0].lower() + member[1:]
    return f"{path}.{name}" if path else name


def _limits(low: int | None, high: int | None) -> tuple[float, float]:
    return (float("-inf") if low is None else low, float("inf") if high is None else high)


def _length(size: int, low: float, high: float) -> str:
    if size < low:
        return f"Member must have length greater than or equal to {low}"
    return f"Member must have length less than or equal to {high}"


def _violation(value: Any, path: str, at: At, is_hidden: bool, text: str) -> Violation:
    return _said("" if is_hidden else f" '{_show(value)}'", "", path, at, text)


def _said(shown: str, shown_in_log: str, path: str, at: At, text: str) -> Violation:
    """shown: the value, with a blank before it.  Keys of a map are the caller's, too."""
    discreet_at = (each if isinstance(each, int) else "*" for each in at)
    return Violation(
        f"Value{shown} at '{path.format(*at)}' failed to satisfy constraint: {text}",
        f"Value{shown_in_log} at '{path.format(*discreet_at)}' failed to satisfy constraint: {text}",
    )


def _show(value: Any) -> str:
    """A value as Java prints it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(_show, value))}]"
        case dict():
            return f"{{{', '.join(f'{name}={_show(item)}' for name, item in value.items())}}}"
        case _:
            return str(value)


def _is_marked(shape: Constraint) -> bool:
    """Whether the model itself calls the shape sensitive."""
    return isinstance(shape, wire.Structure | wire.Map | wire.String) and shape.is_sensitive


def _contains_marked(shape: Constraint) -> bool:
    """Whether a value of the shape has anything sensitive in it, so that it must not be printed whole."""
    match shape:
        case wire.List():
            below = [shape.member]
        case wire.Map():
            below = [shape.key, shape.value]
        case wire.Structure():
            below = list(shape.members.values())
        case _:
            below = []
    return _is_marked(shape) or any(_contains_marked(SHAPES[name]) for name in below)


def _texts(shape: Constraint) -> list[str]:
    """All constraints of a list's members or a map's keys or values; Cognito names them all when one is violated."""
    texts = []
    if isinstance(shape, wire.String | wire.Number | wire.Blob):
        word = "value" if isinstance(shape, wire.Number) else "length"
        if shape.max is not None:
            texts.append(f"Member must have {word} less than or equal to {shape.max}")
        if shape.min is not None:
            texts.append(f"Member must have {word} greater than or equal to {shape.min}")
    if isinstance(shape, wire.String):
        if shape.pattern is not None:
            texts.append(f"Member must satisfy regular expression pattern: {shape.pattern}")
        if shape.enum is not None:
            texts.append(f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
    return texts


# What Java calls the type of a JSON scalar. GUESS+: the texts vary between AWS services (user-pools-api.md §1.4).
_JAVA_NAMES = {str: "java.lang.String", bool: "java.lang.Boolean", float: "java.lang.Double"}


def _wrong_type(value: Any, expected: str) -> SerializationException:
    match value:
        case dict():
            return SerializationException("Start of structure or map found where not expected.")
        case list():
            return SerializationException("Start of list found where not expected")
        case int() if not isinstance(value, bool):
            java = "java.lang.Integer" if -INT32 <= value < INT32 else "java.lang.Long"
            java = java if -INT64 <= value < INT64 else "java.math.BigInteger"
        case _:
            java = _JAVA_NAMES[value.__class__]
    article = "an" if expected[0] in "AEIOS" else "a"
    return SerializationException("class {} can not be converted to {} {}", java, article, expected)
