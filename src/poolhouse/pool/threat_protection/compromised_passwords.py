"""Passwords that strangers know: the list that ships, and what the operator has (user-pools-api.md §8)."""

import asyncio
import hashlib
from bisect import bisect_left
from functools import cache
from importlib import resources
from pathlib import Path

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration.risk_rules import PasswordEvent
from poolhouse.pool.threat_protection import auth_events
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

SHIPPED = "common_passwords.txt"  # made by tools/generate_common_passwords.py
_PREFIX = 5  # hexadecimal digits of the SHA-1 that name a range file
_WIDTH = 8  # bytes kept of each hash: with ten million of them, one in 10^12 other passwords is taken for one


class _Known:
    """A list of passwords in memory, eight bytes for each."""

    def __init__(self, passwords: bytes) -> None:
        hashes = {_short(line) for line in passwords.splitlines() if line}
        self._hashes = sorted(hashes)

    def has(self, password: bytes) -> bool:
        short = _short(password)
        at = bisect_left(self._hashes, short)
        return at < len(self._hashes) and self._hashes[at] == short


def _short(password: bytes) -> bytes:
    return hashlib.sha1(password, usedforsecurity=False).digest()[:_WIDTH]


@cache
def _shipped() -> _Known:
    return _Known(resources.files(__package__).joinpath(SHIPPED).read_bytes())


@cache
def _listed(file: str) -> _Known:
    return _Known(Path(file).read_bytes())


def is_shipped(password: str) -> bool:
    return _shipped().has(password.encode())


def is_operators(password: str, at: str) -> bool:
    """at: the setting compromised_passwords. It reads files. Raises OSError."""
    raw = password.encode()
    return _is_in_range(Path(at), raw) if Path(at).is_dir() else _listed(at).has(raw)


def _is_in_range(folder: Path, password: bytes) -> bool:
    """Lines of a range file are the rest of the SHA-1, and perhaps `:` and how often it was seen; 0 is padding."""
    digest = hashlib.sha1(password, usedforsecurity=False).hexdigest().upper()
    prefix, rest = digest[:_PREFIX], digest[_PREFIX:]
    for name in (prefix, f"{prefix}.txt", prefix.lower(), f"{prefix.lower()}.txt"):
        file = folder / name
        if file.is_file():
            lines = file.read_text("ascii", errors="replace").upper().splitlines()
            found = (line.partition(":") for line in lines if line.startswith(rest))
            return any(hash_.strip() == rest and count.strip() != "0" for hash_, _, count in found)
    return False


# -- what the pool wants of it


async def is_found(call: ClientCall, event: PasswordEvent, password: str) -> bool:
    """Whether it is known; where the pool does not look at this event, or at all, that is not asked."""
    if call.user_pool.threat_mode == "OFF" or event not in call.client.risk_rules.checked:
        return False
    if is_shipped(password):
        return True
    operators = call.settings.compromised_passwords
    return bool(operators) and await asyncio.to_thread(is_operators, password, operators)


def is_blocked(call: ClientCall, *, is_compromised: bool) -> bool:
    """Whether such a password may not be used."""
    is_enforced = call.user_pool.threat_mode == "ENFORCED"
    return is_compromised and is_enforced and call.client.risk_rules.blocks_compromised


def check(call: ClientCall, *, is_compromised: bool) -> None:
    """For a new password. Raises InvalidPasswordException."""
    if is_blocked(call, is_compromised=is_compromised):
        raise errors.InvalidPasswordException(texts.PASSWORD_COMPROMISED)


async def refuse(call: ClientCall, user: User, password: str) -> None:
    """A password that the user wants from now on. What was found is recorded. Raises InvalidPasswordException."""
    if not await is_found(call, "PASSWORD_CHANGE", password):
        return
    is_refused = is_blocked(call, is_compromised=True)
    response: auth_events.Response = "Fail" if is_refused else "InProgress"

    async def write(tx: Transaction) -> None:
        await auth_events.note(tx, call, user, "PasswordChange", response, is_compromised=True)

    await call.write(write)
    check(call, is_compromised=True)
