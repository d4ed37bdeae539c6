"""What Cognito says of a request by its shape alone (user-pools-api.md §1.4 and §1.5), worked out from the service model.

It shares no line with poolhouse.api.constraints, which it judges.
"""

import base64
import functools
import re
import sys
import unicodedata
from typing import Any, NamedTuple

from tests.conformance.generated.model import Shape, shape

INVALID, SERIALIZATION = "InvalidParameterException", "SerializationException"
NOT_NULL = "Member must not be null"


class Refusal(NamedTuple):
    """complaints: what is wrong, in no promised order; the text itself where there is only one kind of text."""

    code: str
    complaints: tuple[str, ...]

    def is_answered_by(self, code: str, message: str | None) -> bool:
        if code != self.code or message is None:
            return False
        if code == SERIALIZATION or self.complaints[0].startswith("Validation error detected"):
            return message == self.complaints[0]
        count = len(self.complaints)
        head = f"{count} validation {'error' if count == 1 else 'errors'} detected: "
        if not message.startswith(head):
            return False
        return _sorted(message[len(head) :]) == _sorted("; ".join(self.complaints))


def _sorted(complaints: str) -> list[str]:
    return sorted(complaints.removeprefix("Value").split("; Value"))


class _WrongType(Exception):
    pass


class _WrongAttributeType(Exception):
    pass


def refusal(shape_name: str, document: Any) -> Refusal | None:
    """None: nothing is wrong with the request's shape."""
    complaints: list[str] = []
    if _holds_nul(document):
        return Refusal(SERIALIZATION, ("NUL is not allowed in strings",))  # the one rule that is ours (PostgreSQL)
    try:
        _judge(shape_name, document, "", False, complaints)
    except _WrongType as wrong:
        return Refusal(SERIALIZATION, (str(wrong),))
    except _WrongAttributeType as wrong:
        return Refusal(INVALID, (str(wrong),))
    return Refusal(INVALID, tuple(complaints)) if complaints else None


def _judge(name: str, value: Any, path: str, is_hidden: bool, complaints: list[str]) -> None:
    found = shape(name)
    is_hidden = is_hidden or bool(found.get("sensitive"))
    if found.get("document"):
        return
    _check_type(name, value)
    match found["type"]:
        case "structure":
            for member in found.get("required", ()):
                if value.get(member) is None:
                    is_secret = is_hidden or shape(found["members"][member]["shape"]).get("sensitive")
                    _complain(complaints, _below(path, member), "" if is_secret else " null", NOT_NULL)
            for member, item in value.items():
                if member in found["members"] and item is not None:
                    _judge(found["members"][member]["shape"], item, _below(path, member), is_hidden, complaints)
        case "list":
            _judge_list(found, value, path, is_hidden, complaints)
        case "map":
            _judge_map(found, value, path, is_hidden, complaints)
        case "blob":
            try:
                size = len(base64.b64decode(value, validate=True))
            except ValueError:
                raise _WrongType("Invalid base64 value") from None
            if not found.get("min", 0) <= size <= found.get("max", sys.maxsize):
                shown = "" if is_hidden else f" 'java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]'"
                _complain(complaints, path, shown, _length(found, size))
        case "string" if name == "AttributeDataType" and value not in found["enum"]:
            # OBS moto: the one enum that is refused at once and in a form of its own.
            raise _WrongAttributeType(
                f"Validation error detected: Value '{value}' failed to satisfy constraint: "
                "Member must satisfy enum value set: [Boolean, Number, String, DateTime]"
            )
        case _:
            for constraint in broken(found, value):
                _complain(complaints, path, "" if is_hidden else f" '{_show(value)}'", constraint)


def _judge_list(found: Shape, value: list[Any], path: str, is_hidden: bool, complaints: list[str]) -> None:
    member = shape(found["member"]["shape"])
    shown = "" if is_hidden or _holds_a_secret(found) else f" '{_show(value)}'"
    if not found.get("min", 0) <= len(value) <= found.get("max", sys.maxsize):
        _complain(complaints, path, shown, _length(found, len(value)))
    is_wrong = False
    for index, item in enumerate(value, 1):
        if item is None:
            is_wrong = True
        elif member["type"] in ("structure", "list", "map"):
            _judge(found["member"]["shape"], item, f"{path}.{index}.member", is_hidden, complaints)
        else:
            _check_type(found["member"]["shape"], item)
            is_wrong = is_wrong or bool(broken(member, item))
    if is_wrong:
        texts = [*constraints(member), *([NOT_NULL] if None in value else [])]
        if member["type"] in ("structure", "list", "map"):
            texts = [NOT_NULL]
        _complain(complaints, path, shown, f"Member must satisfy constraint: [{', '.join(texts)}]")


def _judge_map(found: Shape, value: dict[str, Any], path: str, is_hidden: bool, complaints: list[str]) -> None:
    value = {key: item for key, item in value.items() if item is not None}
    key_shape, value_shape = shape(found["key"]["shape"]), shape(found["value"]["shape"])
    shown = "" if is_hidden or _holds_a_secret(found) else f" '{_show(value)}'"
    if not found.get("min", 0) <= len(value) <= found.get("max", sys.maxsize):
        _complain(complaints, path, shown, _length(found, len(value)))
    if any(broken(key_shape, key) for key in value):
        text = f"Map keys must satisfy constraint: [{', '.join(constraints(key_shape))}]"
        _complain(complaints, path, shown, text)
    if value_shape["type"] in ("structure", "list", "map"):
        for key, item in value.items():
            _judge(found["value"]["shape"], item, f"{path}.{key}.member", is_hidden, complaints)
        return
    for item in value.values():
        _check_type(found["value"]["shape"], item)
    if any(broken(value_shape, item) for item in value.values()):
        text = f"Map value must satisfy constraint: [{', '.join(constraints(value_shape))}]"
        _complain(complaints, path, shown, text)


# --- types ------------------------------------------------------------------------------------------------------------

JSON_TYPES = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str,
    "boolean": bool,
    "integer": int,
    "long": int,
}
JAVA_TYPES = {"map": "Map", "list": "ArrayList", "string": "String", "blob": "ByteBuffer"}


def _check_type(name: str, value: Any) -> None:
    kind = shape(name)["type"]
    bits = {"integer": 31, "long": 63}.get(kind, 0)
    if type(value) is JSON_TYPES[kind] and not (bits and not -(2**bits) <= value < 2**bits):
        return
    if type(value) is dict:
        raise _WrongType("Start of structure or map found where not expected.")
    if type(value) is list:
        raise _WrongType("Start of list found where not expected")
    wanted = name if kind == "structure" else JAVA_TYPES.get(kind, kind.title())
    article = "an" if wanted[0] in "AEIOS" else "a"  # `an String` is how the spec quotes it
    raise _WrongType(f"class {_java(value)} can not be converted to {article} {wanted}")


def _java(value: Any) -> str:
    match value:
        case bool():
            return "java.lang.Boolean"
        case str():
            return "java.lang.String"
        case float():
            return "java.lang.Double"
    if -(2**31) <= value < 2**31:
        return "java.lang.Integer"
    return "java.lang.Long" if -(2**63) <= value < 2**63 else "java.math.BigInteger"


# --- constraints ------------------------------------------------------------------------------------------------------


def broken(found: Shape, value: Any) -> list[str]:
    """The constraints of a string or number that the value does not satisfy."""
    if isinstance(value, str):
        texts = []
        if not found.get("min", 0) <= len(value) <= found.get("max", sys.maxsize):
            texts.append(_length(found, len(value)))
        if "pattern" in found and not expression(found["pattern"]).fullmatch(value):
            texts.append(f"Member must satisfy regular expression pattern: {found['pattern']}")
        if "enum" in found and value not in found["enum"]:
            texts.append(f"Member must satisfy enum value set: [{', '.join(found['enum'])}]")
        return texts
    if isinstance(value, bool):
        return []
    if value < found.get("min", value):
        return [f"Member must have value greater than or equal to {found['min']}"]
    if value > found.get("max", value):
        return [f"Member must have value less than or equal to {found['max']}"]
    return []


def constraints(found: Shape) -> list[str]:
    """All constraints of a scalar: a list or map names each of them when one is broken."""
    word = "length" if found["type"] in ("string", "blob") else "value"
    texts = []
    if "max" in found:
        texts.append(f"Member must have {word} less than or equal to {found['max']}")
    if "min" in found:
        texts.append(f"Member must have {word} greater than or equal to {found['min']}")
    if "pattern" in found:
        texts.append(f"Member must satisfy regular expression pattern: {found['pattern']}")
    if "enum" in found:
        texts.append(f"Member must satisfy enum value set: [{', '.join(found['enum'])}]")
    return texts


def _length(found: Shape, size: int) -> str:
    if size < found.get("min", 0):
        return f"Member must have length greater than or equal to {found['min']}"
    return f"Member must have length less than or equal to {found['max']}"


@functools.cache
def expression(pattern: str) -> re.Pattern[str]:
    r"""A pattern of the model: Java's, where \w, \s and \S know ASCII only and \p{L} is a class of Unicode."""
    return re.compile(re.sub(r"\\p\{([LMSNPZ])\}", lambda found: _ranges(found[1]), pattern), re.ASCII)


@functools.cache
def _ranges(letter: str) -> str:
    """All characters of a general category, as they stand between the brackets of an expression."""
    runs: list[list[int]] = []
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point))[0] == letter:
            if runs and runs[-1][1] == point - 1:
                runs[-1][1] = point
            else:
                runs.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in runs)


# --- words ------------------------------------------------------------------------------------------------------------


def _complain(complaints: list[str], path: str, shown: str, constraint: str) -> None:
    complaints.append(f"Value{shown} at '{path}' failed to satisfy constraint: {constraint}")


def _below(path: str, member: str) -> str:
    name = member[0].lower() + member[1:]
    return f"{path}.{name}" if path else name


def _holds_a_secret(found: Shape) -> bool:
    """Whether a printed list or map would print something sensitive."""
    if found.get("sensitive"):
        return True
    inner = [found[part]["shape"] for part in ("member", "key", "value") if part in found]
    inner += [member["shape"] for member in found.get("members", {}).values()]
    return any(_holds_a_secret(shape(name)) for name in inner)


def _holds_nul(value: Any) -> bool:
    match value:
        case str():
            return "\0" in value
        case list():
            return any(map(_holds_nul, value))
        case dict():
            return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    return False


def _show(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(_show, value))}]"
        case dict():
            return f"{{{', '.join(f'{name}={_show(item)}' for name, item in value.items())}}}"
    return str(value)
