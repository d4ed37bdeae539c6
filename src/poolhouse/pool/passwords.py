"""Passwords: policy, records, checking, changing. How a forgotten one is reset stands in recovery.py."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from poolhouse.call import Call
from poolhouse.crypto import password_hash
from poolhouse.pool import texts
from poolhouse.pool.configuration import UserPool
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

T = TypeVar("T")

SALT_BYTES = 16

# -- records


def record_context(user_pool_id: str, username: str) -> str:
    """What a password record is sealed for."""
    return f"users/{user_pool_id}/{username}/password"


async def seal_record(call: Call, user_pool: UserPool, username: str, password: str) -> bytes:
    """The sealed record of a new password, in the kind that the pool keeps.

    Raises TooManyRequestsException when too many Argon2id computations wait already.
    """
    salt = call.random(SALT_BYTES)
    if user_pool.password_storage == "argon2id":
        record = await _in_thread(lambda: password_hash.argon2id_record(password, salt))
    else:
        record = password_hash.srp_record(user_pool.name, username, password, salt)
    return call.keyring.seal(record, record_context(user_pool.id, username))


def open_record(call: Call, user: User) -> bytes | None:
    """The user's password record, or None when he has no password."""
    if user.password is None:
        return None
    return call.keyring.open(user.password, record_context(user.user_pool_id, user.username))


async def verify(call: Call, user_pool: UserPool, user: User | None, password: str) -> bool:
    """Whether this is the user's password. Costs the same for nobody and for a user without one.

    Raises TooManyRequestsException when too many Argon2id computations wait already.
    """
    record = None if user is None else open_record(call, user)
    if user is None or record is None:
        kind = user_pool.password_storage
        if kind == "argon2id":
            return await _in_thread(lambda: password_hash.verify_nothing(kind, user_pool.name, "", password))
        return password_hash.verify_nothing(kind, user_pool.name, "", password)
    if password_hash.algorithm(record) == "argon2id":
        return await _in_thread(lambda: password_hash.verify(record, user_pool.name, user.username, password))
    return password_hash.verify(record, user_pool.name, user.username, password)


class _HashingThreads:
    """A thread for each core, and a queue that ends: 19 MiB and 20 ms each would else take the memory of the machine."""

    QUEUED_PER_THREAD = 16  # a third of a second at 20 ms each; whoever comes later is better told to come again

    def __init__(self) -> None:
        cores = os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="argon2id")
        self._most = cores * (1 + self.QUEUED_PER_THREAD)
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._most:
            raise errors.TooManyRequestsException(texts.TOO_MANY_REQUESTS)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


@cache
def _hashing_threads() -> _HashingThreads:
    return _HashingThreads()


async def _in_thread(work: Callable[[], T]) -> T:
    return await _hashing_threads().run(work)
