"""Writes src/poolhouse/wire/ from the newest cognito-idp service model of the installed botocore.

python tools/generate_wire.py            write the files
python tools/generate_wire.py --check    exit 1 with a diff when the committed files differ
"""

import argparse
import difflib
import gzip
import json
import keyword
import re
import subprocess
import sys
import textwrap
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore

WIRE = Path(__file__).resolve().parent.parent / "src" / "poolhouse" / "wire"
SCALARS = {
    "string": "str",
    "integer": "int",
    "long": "int",
    "boolean": "bool",
    "timestamp": "float",
    "blob": "bytes",
}
# Sent by callers without AWS credentials as well (DG "Machine-to-machine and derived tokens"), though the model says sigv4.
OPTIONAL_SIGNATURE = ("GetClientToken", "GetDerivedToken")
# The model's pattern is that of a prefix; custom domains have dots. The service answers a bad prefix with a text of its own
# (OBS mineiros-io/terraform-aws-cognito-user-pool#69), and so does pool/settings/domains.py.
WITHOUT_PATTERN = ("DomainType",)

Shape = dict[str, Any]


# --- the model ------------------------------------------------------------------------------------------------------


# What the guide documents and the model has not taken up yet (user-pools-api.md §2.2 GetClientToken).
ADDED_ENUM_VALUES = {"ExplicitAuthFlowsType": ("ALLOW_CLIENT_TOKEN_AUTH",)}


def load_model() -> tuple[str, Shape]:
    """The newest model as (version text, model)."""
    folder = Path(botocore.__file__).parent / "data" / "cognito-idp"
    newest = max(path.parent.name for path in folder.glob("*/service-2.json*"))
    zipped = folder / newest / "service-2.json.gz"
    text = gzip.decompress(zipped.read_bytes()) if zipped.exists() else zipped.with_suffix("").read_bytes()
    model = json.loads(text)
    for name in WITHOUT_PATTERN:
        del model["shapes"][name]["pattern"]
    return f"cognito-idp {newest}, botocore {botocore.__version__}", model


def is_struct(shape: Shape) -> bool:
    return shape["type"] == "structure" and not shape.get("exception") and not shape.get("document")


def sensitive_members(shapes: Shape, shape: Shape) -> list[str]:
    if shape.get("sensitive"):
        return list(shape["members"])
    return [name for name, member in shape["members"].items() if shapes[member["shape"]].get("sensitive")]


def reachable(shapes: Shape, roots: list[str]) -> list[str]:
    """Names of all shapes below the roots, sorted."""
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = shapes[name]
        below = [
            *shape.get("members", {}).values(),
            *(shape[part] for part in ("member", "key", "value") if part in shape),
        ]
        waiting += [reference["shape"] for reference in below]
    return sorted(seen)


# --- shapes.py ------------------------------------------------------------------------------------------------------


def annotation(shapes: Shape, name: str) -> str:
    shape = shapes[name]
    if shape.get("document"):
        return "Any"
    match shape["type"]:
        case "structure":
            return name
        case "list":
            return f"list[{annotation(shapes, shape['member']['shape'])}]"
        case "map":
            return f"dict[{annotation(shapes, shape['key']['shape'])}, {annotation(shapes, shape['value']['shape'])}]"
        case scalar:
            return SCALARS[scalar]


# Required members that Cognito itself leaves out of its answers: a prefix domain shows `CustomDomainConfig: {}` (OBS
# localstack/localstack#9242). Requests are checked by constraints.py, where the model's word stands.
LEFT_OUT = {("CustomDomainConfigType", "CertificateArn")}


def struct(shapes: Shape, name: str) -> str:
    shape = shapes[name]
    required = [member for member in shape.get("required", []) if (name, member) not in LEFT_OUT]
    lines = [f"class {name}(Shape, kw_only=True):"]
    kinds = {member: annotation(shapes, reference["shape"]) for member, reference in shape["members"].items()}
    for member, kind in kinds.items():
        # A member that is also a class name would shadow that class in the annotations of its neighbours.
        if keyword.iskeyword(member) or any(member in re.findall(r"\w+", other) for other in kinds.values()):
            raise SystemExit(f"{name}.{member}: the generator needs a rule for this name")
        optional = "" if member in required else " = None" if kind == "Any" else " | None = None"
        lines.append(f"    {member}: {kind}{optional}")
    return "\n".join([*lines, *([] if shape["members"] else ["    pass"])])


def shapes_file(model: Shape) -> str:
    shapes = model["shapes"]
    names = sorted(name for name, shape in shapes.items() if is_struct(shape))
    secret = {name: sensitive_members(shapes, shapes[name]) for name in names}
    table = "".join(f"    {name!r}: {tuple(sorted(members))!r},\n" for name, members in secret.items() if members)
    return (
        '''"""GENERATED: the structures of the service model. Members keep their wire names; an absent member is None."""

# Postponed annotations: read by msgspec when a decoder is first built, so that importing 370 classes stays cheap.
from __future__ import annotations

from typing import Any

import msgspec

# The members that must never be printed.
SENSITIVE: dict[str, tuple[str, ...]] = {
'''
        + table
        + '''}


class Shape(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A structure of the model. Its repr hides the members that the model marks sensitive."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        hidden = SENSITIVE.get(type(self).__name__, ())
        members = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return [(name, "***" if name in hidden else value) for name, value in members if value is not None]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"


'''
        + "\n\n\n".join(struct(shapes, name) for name in names)
    )


# --- operations.py --------------------------------------------------------------------------------------------------


def authorisation(model: Shape, name: str) -> str:
    operation = model["operations"][name]
    if name in OPTIONAL_SIGNATURE:
        return "optional"
    if operation.get("authtype") != "none":
        return "sigv4"
    takes_token = "AccessToken" in model["shapes"][operation["input"]["shape"]]["members"]
    return "access_token" if takes_token else "public"


def operations_file(model: Shape) -> str:
    rows = []
    for name, operation in sorted(model["operations"].items()):
        request = f"shapes.{operation['input']['shape']}"
        response = f"shapes.{operation['output']['shape']}" if "output" in operation else "None"
        errors = tuple(sorted(error["shape"] for error in operation.get("errors", [])))
        rows.append(
            f"    {name!r}: Operation({name!r}, {request}, {response}, {authorisation(model, name)!r}, {errors!r}),"
        )
    return (
        f'''"""GENERATED: the operations of the service model, one row each."""

from typing import Literal

import msgspec

from poolhouse.wire import shapes

TARGET_PREFIX = {model["metadata"]["targetPrefix"]!r}

# optional: modelled as sigv4, but documented to be called with client id and secret alone as well.
Authorisation = Literal["sigv4", "access_token", "public", "optional"]


class Operation(msgspec.Struct, frozen=True, gc=False):
    """request, response: its structures; no response means that the answer has no body.  errors: the declared ones."""

    name: str
    request: type[shapes.Shape]
    response: type[shapes.Shape] | None
    authorisation: Authorisation
    errors: tuple[str, ...]


OPERATIONS: dict[str, Operation] = {{
'''
        + "\n".join(rows)
        + "\n}"
    )


# --- exceptions.py --------------------------------------------------------------------------------------------------


def exceptions_file(model: Shape) -> str:
    classes = []
    for name, shape in sorted(model["shapes"].items()):
        if shape.get("exception"):
            status = "\n    status: ClassVar[int] = 500" if shape.get("fault") else ""
            classes.append(f"class {name}(CognitoError):\n    code: ClassVar[str] = {name!r}{status}")
    return (
        '''"""GENERATED: the exceptions of the service model, named as on the wire."""

from typing import ClassVar

from poolhouse.errors import CognitoError


'''
        + "\n\n\n".join(classes)
        + "\n"
    )


# --- constraints.py -------------------------------------------------------------------------------------------------


def constraint(shapes: Shape, name: str) -> str:
    shape = shapes[name]
    limits = "".join(f", {key}={shape[key]}" for key in ("min", "max") if key in shape)
    limits += ", is_sensitive=True" if shape.get("sensitive") else ""
    if shape.get("document"):
        return "Document()"
    match shape["type"]:
        case "structure":
            members = {member: reference["shape"] for member, reference in shape["members"].items()}
            return f"Structure({name!r}, {members!r}, {tuple(shape.get('required', []))!r}{limits})"
        case "list":
            return f"List({shape['member']['shape']!r}{limits})"
        case "map":
            return f"Map({shape['key']['shape']!r}, {shape['value']['shape']!r}{limits})"
        case "string":
            pattern = f", pattern={shape['pattern']!r}" if "pattern" in shape else ""
            values = (*shape.get("enum", ()), *ADDED_ENUM_VALUES.get(name, ()))
            enum = f", enum={values!r}" if values else ""
            return f"String({(pattern + enum + limits).removeprefix(', ')})"
        case "integer" | "long" as kind:
            return f"Number({kind.title()!r}{limits})"
        case kind:
            return f"{kind.title()}({limits.removeprefix(', ')})"


def patterns(shapes: Shape, names: list[str]) -> str:
    texts = sorted({shapes[name]["pattern"] for name in names if "pattern" in shapes[name]})
    return "".join(f"    {text!r}: {translate(text)!r},\n" for text in texts)


def constraints_file(model: Shape) -> str:
    shapes = model["shapes"]
    names = reachable(shapes, [operation["input"]["shape"] for operation in model["operations"].values()])
    rows = "\n".join(f"    {name!r}: {constraint(shapes, name)}," for name in names)
    return (
        '''"""GENERATED: what the service model demands of every request: types, lengths, ranges, patterns, enums.

The tables are data only; api/constraints.py compiles them, one operation at a time, when it is first called.
"""

import msgspec


class Structure(msgspec.Struct, frozen=True, gc=False):
    name: str
    members: dict[str, str]
    required: tuple[str, ...]
    is_sensitive: bool = False


class List(msgspec.Struct, frozen=True, gc=False):
    member: str
    min: int | None = None
    max: int | None = None


class Map(msgspec.Struct, frozen=True, gc=False):
    key: str
    value: str
    min: int | None = None
    max: int | None = None
    is_sensitive: bool = False


class String(msgspec.Struct, frozen=True, gc=False):
    pattern: str | None = None
    enum: tuple[str, ...] | None = None
    min: int | None = None
    max: int | None = None
    is_sensitive: bool = False


class Number(msgspec.Struct, frozen=True, gc=False):
    kind: str
    min: int | None = None
    max: int | None = None


class Blob(msgspec.Struct, frozen=True, gc=False):
    min: int | None = None
    max: int | None = None


class Boolean(msgspec.Struct, frozen=True, gc=False):
    pass


class Timestamp(msgspec.Struct, frozen=True, gc=False):
    pass


class Document(msgspec.Struct, frozen=True, gc=False):
    pass


Constraint = Structure | List | Map | String | Number | Blob | Boolean | Timestamp | Document

# The model's regular expression -> the same in Python's words, for re.ASCII and fullmatch. `{LMSNP}` and `{Z}` stand for
# the Unicode classes of wire/characters.py (Python has no `\\\\p{..}`).
PATTERNS: dict[str, str] = {
'''
        + patterns(shapes, names)
        + """}

SHAPES: dict[str, Constraint] = {
"""
        + rows
        + "\n}\n"
    )


# --- regular expressions --------------------------------------------------------------------------------------------

# Java's `.` stops at these; Python's only at \n.
NO_LINE_TERMINATOR = r"[^\n\r\x85\u2028\u2029]"
TOKEN = re.compile(r"(?P<set>\[(?:\\.|[^\]\\])+\])|(?P<escape>\\.)|(?P<other>.)", re.DOTALL)


def translate(pattern: str) -> str:
    """The model's (Java) regular expression in Python's, matching in linear time."""
    shared = translate_tokens(pattern)
    # `A*{####}A*` tries every `{####}` against the whole rest: quadratic. All three members lie in A, so look once whether
    # everything is in A, and then only for the literal.
    around = re.fullmatch(
        r"(?P<set>\[(?:\\.|[^\]\\])+\])(?P<many>[*+])(?P<literal>(?:\\.|[^\[\\*+?(])+)(?P=set)(?P=many)", shared
    )
    if around:
        body, many = around["set"], around["many"]
        return f"(?s:(?={body}{many}+\\Z).{many}{around['literal']}.{many})"
    between = re.fullmatch(
        r"(?P<set>\[(?:\\.|[^\]\\])+\])\*(?P<open>\\\{##)(?P=set)\*(?P<close>##\\\})(?P=set)\*", shared
    )
    if between:
        return f"(?s:(?={between['set']}*+\\Z)(?>.*?{between['open']}).*{between['close']}.*)"
    return shared


def translate_tokens(pattern: str) -> str:
    dot_matches_all = pattern.startswith("(?s)")
    out = []
    for token in TOKEN.finditer(pattern.removeprefix("(?s)")):
        text = token[0]
        if token["set"]:
            text = translate_set(text)
        elif text == ".":
            text = r"[\s\S]" if dot_matches_all else NO_LINE_TERMINATOR
        elif text in ("^", "$"):
            text = ""  # fullmatch says it
        out.append(text)
    return "".join(out)


def translate_set(text: str) -> str:
    text = text.replace(r"\p{L}\p{M}\p{S}\p{N}\p{P}", "{LMSNP}").replace(r"\p{Z}", "{Z}")
    if r"\p" in text:
        raise SystemExit(f"{text}: the generator needs a rule for this Unicode class")
    # Java reads `[+-_]`-like ends as the model's authors meant them: a dash after a class is a dash.
    return re.sub(r"(?<=0-9)-(?=_)", r"\\-", text)


# --- characters.py --------------------------------------------------------------------------------------------------


def ranges(classes: str) -> str:
    """The code points above ASCII whose general category begins with one of `classes`, as "a1-ac ae-377 ..."."""
    runs: list[list[int]] = []
    for point in range(0x80, sys.maxunicode + 1):
        if unicodedata.category(chr(point))[0] in classes:
            if runs and runs[-1][1] == point - 1:
                runs[-1][1] = point
            else:
                runs.append([point, point])
    return " ".join(f"{low:x}" if low == high else f"{low:x}-{high:x}" for low, high in runs)


def lines(name: str, text: str) -> str:
    parts = textwrap.wrap(text, 108, break_on_hyphens=False)
    return f"{name} = (\n" + "".join(f'    "{part} "\n' for part in parts) + ")\n"


def characters_file() -> str:
    """Written with the Unicode tables of the running Python."""
    return (
        f'''"""GENERATED: the Unicode {unicodedata.unidata_version} classes that the model's regular expressions name, in hexadecimal.

ASCII is left out: there they are `!-~` and the space.
"""

# Letters, marks, symbols, numbers, punctuation.
'''
        + lines("LMSNP", ranges("LMSNP"))
        + "\n# Separators.\n"
        + lines("Z", ranges("Z"))
    )


# --- files ----------------------------------------------------------------------------------------------------------


def generate() -> Iterator[tuple[Path, str]]:
    version, model = load_model()
    yield WIRE / "shapes.py", shapes_file(model)
    yield WIRE / "operations.py", operations_file(model)
    yield WIRE / "exceptions.py", exceptions_file(model)
    yield WIRE / "constraints.py", constraints_file(model)
    yield (
        WIRE / "__init__.py",
        f'"""GENERATED by tools/generate_wire.py from {version}. Never edited: change the generator."""\n',
    )
    characters = WIRE / "characters.py"
    # The classes follow the Unicode version of the Python that runs this, so another version leaves them as committed.
    if not characters.exists() or f"Unicode {unicodedata.unidata_version} " in characters.read_text():
        yield characters, characters_file()


def formatted(path: Path, text: str) -> str:
    command = ["ruff", "format", "--line-length=120", "--isolated", "--stdin-filename", path.name, "-"]
    return subprocess.run(
        [sys.executable, "-m", *command], input=text, capture_output=True, text=True, check=True
    ).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 with a diff when files differ")
    is_check = parser.parse_args().check
    differs = False
    for path, text in generate():
        new = formatted(path, text)
        old = path.read_text() if path.exists() else ""
        if is_check:
            diff = difflib.unified_diff(old.splitlines(True), new.splitlines(True), str(path), "generated")
            sys.stdout.writelines(diff)
        else:
            path.write_text(new)
        differs |= new != old
    return int(is_check and differs)


if __name__ == "__main__":
    sys.exit(main())
