"""The CSV file of an import: its header, its lines, and how it is kept until they are imported (user-pools-api.md §9.3)."""

import re
from collections.abc import Iterator

import msgspec

from poolhouse.pool.configuration.snapshots import UserPool

USERNAME, MFA_ENABLED, PASSWORD_HASH = "cognito:username", "cognito:mfa_enabled", "password_hash"

MOST_BYTES = 104_857_600  # DOC: 100 MB
MOST_ROWS = 500_000  # DOC: without the header
MOST_ROW_CHARACTERS = 16_000  # DOC
LINES_PER_CHUNK = 200  # one write each: some 20 ms of the one writer that SQLite has

_MOST_LINE_BYTES = 4 * MOST_ROW_CHARACTERS + 1  # what is longer is too long, whatever else it says
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WRITTEN_BY_SERVICE = frozenset({"sub", "identities"})
_SEPARATOR = re.compile(r"(?<!\\),")
# The parameters of Argon2id are parted by commas; whoever does not escape them means no other columns.
_ARGON2ID_COMMAS = re.compile(r"(\$argon2id\$v=\d+\$m=\d+),(t=\d+),(p=\d+\$)")

NumberedLine = tuple[int, bytes]  # (line number in the file, from 1; the line)


class NotReadable(Exception):
    """The whole file cannot be imported; str() says why."""


class Split(msgspec.Struct):
    """A file on its way into chunks.  row_count: of what came so far; above MOST_ROWS nothing more is kept."""

    header: str = ""
    row_count: int = 0


def header(user_pool: UserPool) -> list[str]:
    """The columns of a file for this pool, in the order of GetCSVHeader."""
    names = [name for name in user_pool.schema if name not in _WRITTEN_BY_SERVICE]
    return [*names, MFA_ENABLED, USERNAME]


def split(body: bytes, into: Split) -> Iterator[bytes]:
    """The lines of a file in chunks, each for one write; the first line becomes the header. Blank lines are left out."""
    chunk: list[NumberedLine] = []
    start = len(_BYTE_ORDER_MARK) if body.startswith(_BYTE_ORDER_MARK) else 0
    for number, line in _lines(body, start):
        if not into.header:
            into.header = line.decode(errors="replace").replace("\0", "\ufffd")
            continue
        into.row_count += 1
        if into.row_count > MOST_ROWS:
            return
        chunk.append((number, line))
        if len(chunk) == LINES_PER_CHUNK:
            yield msgspec.msgpack.encode(chunk)
            chunk = []
    if chunk:
        yield msgspec.msgpack.encode(chunk)


def _lines(body: bytes, start: int) -> Iterator[NumberedLine]:
    number = 0
    while start < len(body):
        number += 1
        end = body.find(b"\n", start)
        end = len(body) if end == -1 else end
        line = body[start : min(end, start + _MOST_LINE_BYTES)].strip()
        if line:
            yield number, line
        start = end + 1


def lines(chunk: bytes) -> list[NumberedLine]:
    return msgspec.msgpack.decode(chunk, type=list[NumberedLine])


def columns(line: str, user_pool: UserPool, hashing: str) -> list[str]:
    """The names in the first line of a file. Raises NotReadable.

    A column that is missing is blank for everybody (GUESS: the guide asks for all, and its own example has some); one that the
    pool does not know, or that comes twice, would be lost.
    """
    names = _values(line)
    known = {*header(user_pool), PASSWORD_HASH}
    if len(set(names)) != len(names) or not known.issuperset(names):
        raise NotReadable("The header row of the CSV file does not fit the attributes of the user pool.")
    if USERNAME not in names:
        raise NotReadable("The header row of the CSV file has no cognito:username.")
    if hashing and PASSWORD_HASH not in names:
        raise NotReadable("The header row of the CSV file has no password_hash.")
    if not hashing and PASSWORD_HASH in names:
        raise NotReadable("The import job has no PasswordHashingAlgorithm for the column password_hash.")
    return names


def row(names: list[str], line: bytes) -> dict[str, str]:
    """What a line says, without blank values. Raises NotReadable: this line alone is none."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise NotReadable("The line is not UTF-8.") from None
    if len(text) > MOST_ROW_CHARACTERS:
        raise NotReadable(f"The line has more than {MOST_ROW_CHARACTERS} characters.")
    values = _values(text)
    if len(values) != len(names):
        raise NotReadable(f"The line has {len(values)} values, and the header row {len(names)}.")
    return {name: value for name, value in zip(names, values, strict=True) if value}


def _values(line: str) -> list[str]:
    line = _ARGON2ID_COMMAS.sub(r"\1\\,\2\\,\3", line)
    return [value.replace("\\,", ",").strip() for value in _SEPARATOR.split(line)]
