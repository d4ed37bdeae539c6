"""Signatures and exponentiations that are wanted at the same time, computed together (docs/design/0007-eight-at-once.md).

Callers say what they want and get an awaitable; they do not know of batches. Under load requests wait for the processor
anyway: what is ready in the same turn of the event loop is one batch. Nobody ever waits for company: who is alone is served at
once, by OpenSSL, and so is everybody where there is no multi-buffer library.
"""

import asyncio
import hashlib
import logging
import os
from collections import deque
from collections.abc import Callable, Sequence, Sized
from functools import partial
from typing import Any, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from poolhouse.crypto import modexp, srp
from poolhouse.crypto.jwt import SigningKey
from poolhouse.crypto.multi_buffer import LANES, MultiBuffer, PrivateKey

log = logging.getLogger(__name__)

QUIET_TURNS = 2  # of the event loop: one reads what has arrived, the next one runs it as far as here

Job = TypeVar("Job", bound=tuple[Any, ...])


class Batches:
    """What one event loop wants computed. callers: who may want something; told by http_protocol, other servers do not say."""

    __slots__ = (
        "_engine",
        "_ephemerals",
        "_is_scheduled",
        "_powers",
        "_quiet_turns",
        "_signatures",
        "_wanted",
        "callers",
    )

    def __init__(self, engine: MultiBuffer | None) -> None:
        self._engine = engine
        self.callers: Sized = range(LANES)
        self._signatures: deque[tuple[asyncio.Future[bytes], SigningKey, bytes]] = deque()
        self._powers: deque[tuple[asyncio.Future[int], int, int]] = deque()
        self._ephemerals: deque[tuple[int, int]] = deque()
        self._is_scheduled = False
        self._wanted = self._quiet_turns = 0

    # -- what is wanted

    def sign(self, key: SigningKey, data: bytes) -> asyncio.Future[bytes]:
        """The signature of the data; for two, ask for both before waiting for one."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        if self._is_alone or not isinstance(key.private_key, RSAPrivateKey):  # others are quick
            future.set_result(key.sign(data))
        else:
            self._signatures.append((future, key, data))
            self._schedule()
        return future

    def power(self, base: int, exponent: int) -> asyncio.Future[int]:
        """base ** exponent mod N, in a time that does not depend on the exponent. exponent: below 2^256."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        if self._is_alone:
            future.set_result(modexp.modexp(base, exponent))
        else:
            self._powers.append((future, base, exponent))
            self._schedule()
        return future

    def ephemeral(self) -> tuple[int, int]:
        """A fresh b of SRP and g^b; each is given to one sign-in. They do not depend on who signs in, so eight are made at once."""
        if self._engine is None:
            b = _scalar()
            return b, srp.verifier(b)
        if not self._ephemerals:
            scalars = [_scalar() for _ in range(LANES)]
            made = _powers(self._engine, [srp.G] * LANES, scalars) or map(srp.verifier, scalars)
            self._ephemerals.extend(zip(scalars, made, strict=True))
        return self._ephemerals.popleft()

    # -- batches

    @property
    def _is_alone(self) -> bool:
        return self._engine is None or len(self.callers) < 2

    def _schedule(self) -> None:
        if not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._run)  # behind all that is ready now and may want the same

    def _run(self) -> None:
        """One batch of each kind; others have their turn before what is left."""
        self._is_scheduled = False
        if self._may_grow():
            self._schedule()
            return
        if signatures := _next(self._signatures):
            self._sign_together(signatures)
        if powers := _next(self._powers):
            self._raise_together(powers)
        if self._signatures or self._powers:
            self._schedule()

    def _may_grow(self) -> bool:
        """Whether what has arrived meanwhile is looked at before: requests that are there already, none is waited for.

        A turn of the loop reads them, the next one runs them; when both have brought nothing, nothing is there.
        """
        wanted = len(self._signatures) + len(self._powers)
        self._quiet_turns = self._quiet_turns + 1 if wanted == self._wanted else 0
        self._wanted = wanted
        if self._quiet_turns < QUIET_TURNS and max(len(self._signatures), len(self._powers)) < LANES:
            return True
        self._wanted = 0
        return False

    def _sign_together(self, jobs: list[tuple[asyncio.Future[bytes], SigningKey, bytes]]) -> None:
        made: list[bytes | None] = [None] * len(jobs)
        if self._engine is not None and len(jobs) >= self._engine.least_signatures:
            made = _signatures(self._engine, jobs)
            if None in made:
                log.error(
                    "%d of %d signatures made together were wrong; made again by OpenSSL", made.count(None), len(made)
                )
        for (future, key, data), signature in zip(jobs, made, strict=True):
            _tell(future, signature, partial(key.sign, data))

    def _raise_together(self, jobs: list[tuple[asyncio.Future[int], int, int]]) -> None:
        made: list[int] = []
        if self._engine is not None and len(jobs) >= self._engine.least_powers:
            made = _powers(self._engine, [base % srp.N for _, base, _ in jobs], [exponent for *_, exponent in jobs])
        for place, (future, base, exponent) in enumerate(jobs):
            _tell(future, made[place] if made else None, partial(modexp.modexp, base, exponent))


def _next(waiting: deque[Job]) -> list[Job]:
    """The jobs of one batch, without those that nobody waits for any more."""
    jobs: list[Job] = []
    while waiting and len(jobs) < LANES:
        job = waiting.popleft()
        if not job[0].done():
            jobs.append(job)
    return jobs


def _tell(future: asyncio.Future[Any], made: Any, alone: Callable[[], Any]) -> None:
    """The result to whoever still waits for it; where none was made together, it is made alone now."""
    if future.done():
        return
    try:
        future.set_result(alone() if made is None else made)
    except Exception as failure:  # it is the waiter's, and the others of the batch have theirs to come
        future.set_exception(failure)


def _signatures(engine: MultiBuffer, jobs: Sequence[tuple[Any, SigningKey, bytes]]) -> list[bytes | None]:
    try:
        keys = [_in_lanes(engine, key) for _, key, _ in jobs]
        return engine.sign(keys, [hashlib.sha256(data).digest() for _, _, data in jobs])
    except Exception:  # whatever it is, OpenSSL can do it
        log.exception("no signatures made together")
        return [None] * len(jobs)


def _powers(engine: MultiBuffer, bases: Sequence[int], exponents: Sequence[int]) -> list[int]:
    """Empty where it has failed."""
    try:
        return engine.power(bases, exponents)
    except Exception:  # as above
        log.exception("no powers made together; made again by OpenSSL")
        return []


def _in_lanes(engine: MultiBuffer, key: SigningKey) -> PrivateKey:
    if key.in_lanes is None:
        key.in_lanes = engine.key(cast("RSAPrivateKey", key.private_key))
    return key.in_lanes


def _scalar() -> int:
    """256 random bits of which the first is 1, as RFC 5054 §2.5.4 asks at least."""
    return int.from_bytes(os.urandom(32), "big") | 1 << 255
