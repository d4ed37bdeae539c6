"""What the log may have of a value that a caller sent. Anything can be a secret in the wrong place: a token in a query, a password
in a path, a client secret where the id belongs."""

import re
import traceback
from collections.abc import Container, Iterable

# Of a client id, made or chosen, and of a part of a path; shorter than any token, code, Session and client secret of ours.
_LONGEST = 32
_CLIENT_ID = re.compile(rf"[0-9a-z]{{1,{_LONGEST}}}")
_USER_INFO = re.compile(r"//[^/]*@")


def address(url: str) -> str:
    """An address without query, fragment and credentials."""
    return _USER_INFO.sub("//", re.split(r"[?#]", url, maxsplit=1)[0])


def path(text: str) -> str:
    """A path as it was called, without a query that was written into it, and without parts that are as long as a token."""
    parts = re.split(r"[?#;]", text, maxsplit=1)[0].split("/")
    return "/".join(part if len(part) <= _LONGEST else "…" for part in parts)


def client_id(text: str) -> str:
    """An id that a client may have; else only that it is none."""
    return text if _CLIENT_ID.fullmatch(text) else "of that id"


def names(sent: Iterable[str], known: Container[str]) -> str:
    """Those names that mean something here; of the others only that there are some."""
    return " ".join(dict.fromkeys(name if name in known else "(unknown)" for name in sent))


def failure(error: Exception, *, with_text: bool = False) -> str:
    """What happened and where, of an error that nobody expected. Its text may quote a password or an address."""
    text = f": {error}" if with_text else ""
    return f"{type(error).__qualname__}{text}\n{''.join(traceback.format_tb(error.__traceback__)).rstrip()}"
