"""The faults that a request can have by its shape: a function from the service model to cases with their one right answer.

What the shape allows (a limit met exactly, a value of an enum, a null, an unknown member) is a case, too: the request then
lacks something else, its witness, and Cognito complains of the witness alone.
"""

import base64
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.conformance.generated import rules
from tests.conformance.generated.model import EXAMPLES, example, request_shape, shape, string

Where = tuple[str | int, ...]
ABSENT = object()
MEGABYTE = 1_000_000  # as many characters; the rest of a body's 1,048,576 bytes is for what lies around them
CONTROL = ("\x01", "\x1b", "\x7f", "\t", "\n", "\x85")
FAR = ("é", "日本語", "😀", "\u200b", "\u2028", "\u0301", "\xa0")
WRONG = {"string": "text", "integer": 1, "double": 1.5, "boolean": True, "list": [], "map": {}}
FITS = {"structure": "map", "long": "integer", "blob": "string"}


@dataclass(frozen=True)
class Case:
    """One request. kind: which sort of fault; where: the member that has it."""

    operation: str
    kind: str
    where: Where
    document: dict[str, Any]
    expected: rules.Refusal

    def __str__(self) -> str:
        return f"{self.operation} {'.'.join(map(str, self.where))}: {self.kind}"


def faults(operation: str) -> Iterator[Case]:
    """Every case of the operation, in the order of the model."""
    name = request_shape(operation)
    for kind, where, value in _changes(name, ()):
        document = _changed(_around(name, where), where, value)
        expected = rules.refusal(name, document)
        if expected is None:
            document = _with_witness(name, document, where)
            expected = rules.refusal(name, document)
        if expected is not None:  # AssociateSoftwareToken and its like may lack everything.
            yield Case(operation, kind, where, document, expected)
    if expected := rules.refusal(name, {}):
        yield Case(operation, "nothing at all", (), {}, expected)


# --- what is changed --------------------------------------------------------------------------------------------------


def _changes(name: str, where: Where) -> Iterator[tuple[str, Where, Any]]:
    """(kind, where, what is put there) for a shape at `where` and all below it."""
    found = shape(name)
    if where and not found.get("document"):
        for kind in WRONG.keys() - {FITS.get(found["type"], found["type"])}:
            yield f"a {kind} for a {found['type']}", where, WRONG[kind]
    if found.get("document"):
        return
    match found["type"]:
        case "structure":
            yield "unknown member", (*where, "NoSuchMember"), {"any": [1, None]}
            for member, entry in found["members"].items():
                if member in found.get("required", ()):
                    yield "missing", (*where, member), ABSENT
                yield "null", (*where, member), None
                yield from _changes(entry["shape"], (*where, member))
        case "list":
            yield from _list_changes(name, where)
        case "map":
            yield from _map_changes(name, where)
        case "string":
            for kind, value in strings(name):
                yield kind, where, value
        case "integer" | "long":
            for kind, value in numbers(name):
                yield kind, where, value
        case "blob":
            yield "not base64", where, "%%%"
            if "max" in found:
                for kind, size in (("longest", found["max"]), ("too long", found["max"] + 1)):
                    yield kind, where, base64.b64encode(b"x" * size).decode()


def _list_changes(name: str, where: Where) -> Iterator[tuple[str, Where, Any]]:
    found = shape(name)
    member = found["member"]["shape"]
    for kind, size in _sizes(found):
        yield f"{kind} list", where, [example(member, is_whole=False)] * size
    yield "null in a list", where, [None, example(member, is_whole=False)]
    yield from _changes(member, (*where, 0))


def _map_changes(name: str, where: Where) -> Iterator[tuple[str, Where, Any]]:
    found = shape(name)
    key, value = found["key"]["shape"], found["value"]["shape"]
    item = example(value, is_whole=False)
    for kind, size in _sizes(found):
        if "pattern" not in shape(key) or size <= 1:
            yield f"{kind} map", where, {f"{example(key)}{index}": item for index in range(size)}
    yield "null in a map", where, {example(key): None}
    for kind, text in strings(key):
        yield f"{kind} key", where, {text: item}
    yield from _changes(value, (*where, example(key)))


def _sizes(found: dict[str, Any]) -> Iterator[tuple[str, int]]:
    low, high = found.get("min", 0), found.get("max")
    if low:
        yield "too short", low - 1
    yield "shortest", low
    if high is not None:
        yield "longest", high
        yield "too long", high + 1


def strings(name: str) -> Iterator[tuple[str, str]]:
    """Texts for a string shape: at, and one beyond, each limit; of each kind of character; of the enum; a megabyte."""
    found = shape(name)
    good = string(found, 1)
    if "enum" in found:
        yield from ((f"enum value {value}", value) for value in found["enum"])
        yield from (("no enum value", text) for text in ("NO_SUCH_VALUE", "", good.swapcase(), f" {good}"))
    else:
        for kind, size in _sizes(found):
            yield kind, string(found, size)[:size]
        if "pattern" in found and (bad := EXAMPLES[found["pattern"]][1]) is not None:
            yield "against the pattern", bad
    for text in (*CONTROL, *FAR):
        yield f"with U+{ord(text[0]):04X}", good[: (len(good) + 1) // 2] + text + good[(len(good) + 1) // 2 :]
    yield "with U+0000", good + "\0"
    yield "a megabyte", (good[0] * MEGABYTE)


def numbers(name: str) -> Iterator[tuple[str, int]]:
    found = shape(name)
    if "min" in found:
        yield from (("least", found["min"]), ("too small", found["min"] - 1))
    if "max" in found:
        yield from (("greatest", found["max"]), ("too great", found["max"] + 1))
    bits = 31 if found["type"] == "integer" else 63
    yield from (("beyond the type", 2**bits), ("below the type", -(2**bits) - 1), ("negative", -1))


# --- documents --------------------------------------------------------------------------------------------------------


def _around(name: str, where: Where) -> dict[str, Any]:
    """A request with what is required, and what leads to `where`."""
    document = example(name, is_whole=False)
    inner, at = name, document
    for step in where[:-1]:
        found = shape(inner)
        inner = _inside(found, step)
        if isinstance(at, dict) and step not in at:
            at[step] = example(inner, is_whole=False)
        at = at[step]
    if where and isinstance(at, list) and not at:
        at.append(None)
    return dict(document)


def _inside(found: dict[str, Any], step: str | int) -> str:
    match found["type"]:
        case "structure":
            return str(found["members"][step]["shape"])
        case "list":
            return str(found["member"]["shape"])
        case _:
            return str(found["value"]["shape"])


def _changed(document: dict[str, Any], where: Where, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(document)
    at: Any = document
    for step in where[:-1]:
        at = at[step]
    if value is ABSENT:
        at.pop(where[-1], None)
    else:
        at[where[-1]] = value
    return document


def _with_witness(name: str, document: dict[str, Any], where: Where) -> dict[str, Any]:
    """The request with one fault beside `where`: a required member is missing, or an optional text is empty."""
    found = shape(name)
    for member in found.get("required", ()):
        if member != where[0]:
            return {other: value for other, value in document.items() if other != member}
    for member, entry in found["members"].items():
        limits = shape(entry["shape"])
        if member != where[0] and limits["type"] == "string" and (limits.get("min") or "enum" in limits):
            return {**document, member: ""}
    return document
