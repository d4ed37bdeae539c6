"""Every constraint of every working operation, generated from botocore's model: each is broken once, through HTTP.

The expectation is written from the model and the spec (user-pools-api.md §1.5), not from our generated tables.
"""

import base64
import copy
import http.client
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from poolhouse.api.registry import OPERATIONS
from tests.conformance.generated.model import EXAMPLES, example, model, string
from tests.support.server import JSON_11, TARGET, Server

WORKING = sorted(name for name, handler in OPERATIONS.items() if handler is not None)

# --- how it is broken -----------------------------------------------------------------------------------------------


class Case(NamedTuple):
    """where: keys and indexes from the root; value: what is put there (ABSENT removes); expected: a part of the message."""

    where: tuple[str | int, ...]
    value: Any
    error: str
    expected: str
    secret: str = ""


ABSENT = object()
INVALID, SERIALIZATION = "InvalidParameterException", "SerializationException"


def cases(shape_name: str, where: tuple[str | int, ...] = (), is_hidden: bool = False) -> Iterator[Case]:
    """Every way to break a value of the shape at `where`, one constraint at a time."""
    shape = model()["shapes"][shape_name]
    is_hidden = is_hidden or bool(shape.get("sensitive"))
    if where and not shape.get("document"):
        yield from wrong_types(shape, where)
    match shape["type"]:
        case "structure":
            for name in shape.get("required", ()):
                hidden = is_hidden or model()["shapes"][shape["members"][name]["shape"]].get("sensitive")
                for value in (ABSENT, None):
                    yield Case(
                        (*where, name),
                        value,
                        INVALID,
                        text((*where, name), None, bool(hidden), "Member must not be null"),
                    )
            for name, member in shape["members"].items():
                yield from cases(member["shape"], (*where, name), is_hidden)
        case "list":
            yield from list_cases(shape, where)
        case "map":
            yield from map_cases(shape, where)
        case "string" if shape_name == "AttributeDataType":
            # Issue 5 exactness 5: the one enum with a form of its own.
            yield Case(
                where, "Banana", INVALID, "Validation error detected: Value 'Banana' failed to satisfy constraint: "
            )
        case "string":
            for value, constraint in broken_strings(shape):
                expected = text(where, value, is_hidden, constraint)
                yield Case(where, value, INVALID, expected, value if is_hidden and len(value) > 3 else "")
        case "integer" | "long":
            if "min" in shape:
                constraint = f"Member must have value greater than or equal to {shape['min']}"
                yield Case(where, shape["min"] - 1, INVALID, text(where, shape["min"] - 1, False, constraint))
            if "max" in shape:
                constraint = f"Member must have value less than or equal to {shape['max']}"
                yield Case(where, shape["max"] + 1, INVALID, text(where, shape["max"] + 1, False, constraint))
        case "blob" if "max" in shape:
            value = base64.b64encode(b"x" * (shape["max"] + 1)).decode()
            yield Case(
                where,
                value,
                INVALID,
                f"at '{path(where)}' failed to satisfy constraint: Member must have length less than or equal to {shape['max']}",
            )


def broken_strings(shape: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if shape.get("min", 0) > 0:
        yield string(shape, 1)[: shape["min"] - 1], f"Member must have length greater than or equal to {shape['min']}"
    if "max" in shape:
        yield string(shape, shape["max"] + 1), f"Member must have length less than or equal to {shape['max']}"
    if "pattern" in shape and EXAMPLES[shape["pattern"]][1] is not None:
        yield EXAMPLES[shape["pattern"]][1], f"Member must satisfy regular expression pattern: {shape['pattern']}"
    if "enum" in shape:
        yield "NO_SUCH_VALUE", f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]"


def list_cases(shape: dict[str, Any], where: tuple[str | int, ...]) -> Iterator[Case]:
    member_name = shape["member"]["shape"]
    member = model()["shapes"][member_name]
    at = f"at '{path(where)}' failed to satisfy constraint: "
    if shape.get("min", 0) > 0:
        yield Case(where, [], INVALID, at + f"Member must have length greater than or equal to {shape['min']}")
    if "max" in shape:
        value = [example(member_name)] * (shape["max"] + 1)
        yield Case(where, value, INVALID, at + f"Member must have length less than or equal to {shape['max']}")
    yield Case(where, [None], INVALID, at + "Member must satisfy constraint: [")
    if member["type"] == "structure":
        yield from cases(member_name, (*where, 0))
    else:
        yield from wrong_types(member, (*where, 0))
        for value, constraint in broken_strings(member):
            yield Case((*where, 0), value, INVALID, at + "Member must satisfy constraint: [")
            yield Case((*where, 0), value, INVALID, constraint)


def map_cases(shape: dict[str, Any], where: tuple[str | int, ...]) -> Iterator[Case]:
    key_name, value_name = shape["key"]["shape"], shape["value"]["shape"]
    key, value = model()["shapes"][key_name], model()["shapes"][value_name]
    at = f"at '{path(where)}' failed to satisfy constraint: "
    if "max" in shape:
        many = {f"{example(key_name)}{index}": example(value_name) for index in range(shape["max"] + 1)}
        yield Case(where, many, INVALID, at + f"Member must have length less than or equal to {shape['max']}")
    for broken, constraint in broken_strings(key):
        yield Case(where, {broken: example(value_name)}, INVALID, at + "Map keys must satisfy constraint: [")
        yield Case(where, {broken: example(value_name)}, INVALID, constraint)
    inside = (*where, example(key_name))
    if value["type"] == "structure":
        yield from cases(value_name, inside)
    else:
        yield from wrong_types(value, inside)
        for broken, constraint in broken_strings(value):
            yield Case(inside, broken, INVALID, at + "Map value must satisfy constraint: [")
            yield Case(inside, broken, INVALID, constraint)


def wrong_types(shape: dict[str, Any], where: tuple[str | int, ...]) -> Iterator[Case]:
    all_types = {"string": "text", "integer": 1, "double": 1.5, "boolean": True, "list": [], "map": {}}
    fits = {"structure": ["map"], "long": ["integer"], "blob": ["string"], "timestamp": ["integer", "double"]}
    for name in all_types.keys() - set(fits.get(shape["type"], [shape["type"]])):
        expected = {"list": "Start of list found", "map": "Start of structure or map found"}.get(
            name, "can not be converted to a"
        )
        yield Case(where, all_types[name], SERIALIZATION, expected)


def path(where: tuple[str | int, ...]) -> str:
    """As Cognito writes it: first letters in lower case, list elements as `1.member`, map values as `key.member`."""
    shown = []
    shape = ""
    for index, step in enumerate(where):
        if isinstance(step, int):
            shown.append(f"{step + 1}.member")
        elif index and shape == "map":
            shown.append(f"{step}.member")
        else:
            shown.append(step[0].lower() + step[1:])
        shape = "map" if step in ("AcrConfiguration", "AcrMapping", "AcrConfigurations") else ""
    return ".".join(shown)


def text(where: tuple[str | int, ...], value: Any, is_hidden: bool, constraint: str) -> str:
    shown = "" if is_hidden else " null" if value is None else f" '{value}'"
    return f"Value{shown} at '{path(where)}' failed to satisfy constraint: {constraint}"


# --- the test -------------------------------------------------------------------------------------------------------


class Door:
    """One kept-alive connection to the server."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("localhost", server.port, timeout=30)

    def post(self, operation: str, document: Any) -> tuple[int, Any]:
        headers = {"Content-Type": JSON_11, "X-Amz-Target": TARGET + operation}
        self._connection.request("POST", "/", json.dumps(document), headers)
        answer = self._connection.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if body else {}

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def door(server: Server) -> Iterator[Door]:
    door = Door(server)
    yield door
    door.close()


def broken(document: Any, where: tuple[str | int, ...], value: Any) -> Any:
    document = copy.deepcopy(document)
    target = document
    for step in where[:-1]:
        target = target[step]
    if value is ABSENT:
        del target[where[-1]]
    else:
        target[where[-1]] = value
    return document


# A refused request touches no storage, so one engine says it all.
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("operation", WORKING)
def test_every_constraint_is_enforced(door: Door, operation: str):
    shape_name = model()["operations"][operation]["input"]["shape"]
    valid = example(shape_name)
    failures = []
    count = 0
    for case in cases(shape_name):
        count += 1
        status, answer = door.post(operation, broken(valid, case.where, case.value))
        message = answer.get("message", "")
        is_right = status == 400 and answer.get("__type") == case.error and case.expected in message
        if case.error == INVALID:
            is_right = is_right and "detected: " in message
        if not is_right or (case.secret and case.secret in message):
            failures.append((case.where, str(case.value)[:60], case.expected[:200], status, str(answer)[:300]))
    assert not failures, f"{len(failures)} of {count} cases: {failures[:5]}"
    assert count or not model()["shapes"][shape_name]["members"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("operation", WORKING)
def test_a_request_of_valid_shape_is_never_a_500(door: Door, operation: str):
    status, answer = door.post(operation, example(model()["operations"][operation]["input"]["shape"]))
    assert status in (200, 400), answer
    assert "validation error" not in answer.get("message", ""), answer
    assert answer.get("__type") != SERIALIZATION, answer


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("operation", WORKING)
def test_everything_missing_is_reported_at_once(door: Door, operation: str):
    """Acceptance 2."""
    required = model()["shapes"][model()["operations"][operation]["input"]["shape"]].get("required", [])
    status, answer = door.post(operation, {})
    if not required:
        assert status in (200, 400)
        return
    errors = "error" if len(required) == 1 else "errors"
    assert (status, answer["__type"]) == (400, INVALID)
    assert answer["message"].startswith(f"{len(required)} validation {errors} detected: Value")
    assert answer["message"].count("; Value") == len(required) - 1
