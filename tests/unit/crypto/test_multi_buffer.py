"""Eight at once: what comes out is what OpenSSL says, and a fault never leaves (docs/design/0007-eight-at-once.md)."""

import _ctypes
import asyncio
import ctypes
import hashlib
import logging
import secrets
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from poolhouse.crypto import jwt, modexp, multi_buffer, srp
from poolhouse.crypto.batches import Batches
from poolhouse.crypto.jwt import SigningKey
from poolhouse.crypto.multi_buffer import LANES, MultiBuffer, MultiBufferMissing

try:
    ENGINE: MultiBuffer | None = multi_buffer.load()
except MultiBufferMissing as reason:
    ENGINE, WHY = None, str(reason)

# The machines of the developers and of the tests have AVX512-IFMA. On others there is nothing that could be tried.
needs_engine = pytest.mark.skipif(ENGINE is None, reason=WHY if ENGINE is None else "")
KEYS = [SigningKey.load(jwt.generate_private_key()) for _ in range(3)]


class Crowd:
    """So many callers."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size


def batches(engine: MultiBuffer | None = ENGINE, callers: int = LANES) -> Batches:
    made = Batches(engine)
    made.callers = Crowd(callers)
    return made


def verifies(key: SigningKey, signature: bytes, data: bytes) -> bool:
    try:
        key.verifying_key.public_key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


@needs_engine
class TestLibrary:
    @pytest.mark.parametrize("count", range(1, LANES + 1))
    def test_signatures_of_different_keys_are_those_of_openssl(self, count):
        keys = [KEYS[lane % len(KEYS)] for lane in range(count)]
        data = [secrets.token_bytes(1 + 100 * lane) for lane in range(count)]
        made = ENGINE.sign(
            [ENGINE.key(key.private_key) for key in keys], [hashlib.sha256(text).digest() for text in data]
        )
        assert made == [key.sign(text) for key, text in zip(keys, data, strict=True)]

    @pytest.mark.parametrize("count", range(1, LANES + 1))
    def test_powers_are_those_of_openssl(self, count):
        bases = [secrets.randbelow(srp.N) for _ in range(count)]
        exponents = [secrets.randbits(256) for _ in range(count)]
        assert ENGINE.power(bases, exponents) == list(map(modexp.modexp, bases, exponents))

    def test_powers_at_the_edges(self):
        bases = [0, 1, srp.N - 1, 2, 2, 2, srp.N - 1, 5]
        exponents = [1, 0, 2**256 - 1, 0, 1, 2**256 - 1, 2, 2**255]
        assert ENGINE.power(bases, exponents) == list(map(modexp.modexp, bases, exponents))

    def test_an_exponent_that_is_too_long_is_no_wrong_result(self):
        with pytest.raises(OverflowError):
            ENGINE.power([2], [2**256])

    def test_the_trial_key_is_a_key(self):
        key = multi_buffer._trial_key()
        assert key.key_size == 2048
        numbers = key.private_numbers()
        rsa.RSAPrivateNumbers(
            numbers.p, numbers.q, numbers.d, numbers.dmp1, numbers.dmq1, numbers.iqmp, numbers.public_numbers
        ).private_key()  # which checks that both are primes

    def test_a_library_that_computes_something_else_is_not_used(self, monkeypatch):
        right = MultiBuffer.power
        monkeypatch.setattr(MultiBuffer, "power", lambda self, *numbers: [n ^ 1 for n in right(self, *numbers)])
        with pytest.raises(MultiBufferMissing, match="powers are not those"):
            multi_buffer.load()
        monkeypatch.setattr(MultiBuffer, "sign", lambda _self, keys, _digests: [bytes(256)] * len(keys))
        with pytest.raises(MultiBufferMissing, match="signatures are not those"):
            multi_buffer.load()

    def test_it_pays_from_two_to_eight_on(self):
        assert 2 <= ENGINE.least_signatures <= LANES
        assert 2 <= ENGINE.least_powers <= LANES

    def test_a_key_that_is_gone_is_wiped(self, monkeypatch):
        freed = []
        key = ENGINE.key(KEYS[0].private_key)
        pointer = key.pointer
        p = KEYS[0].private_key.private_numbers().p.to_bytes(128, "little")
        assert ctypes.string_at(pointer, 128) == p
        monkeypatch.setattr(ENGINE, "_library", FreeTold(ENGINE._library, freed))
        told = ENGINE.key(KEYS[0].private_key)
        pointer = told.pointer
        del told
        assert freed == [pointer]


class FreeTold:
    def __init__(self, library: Any, freed: list[int]) -> None:
        self._library, self._freed = library, freed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def poolhouse_key_free(self, pointer: int) -> None:
        self._freed.append(pointer)
        self._library.poolhouse_key_free(pointer)


class TestWhereItCannotBeUsed:
    def test_a_library_that_is_not_there(self, tmp_path):
        with pytest.raises(MultiBufferMissing, match="not built"):
            multi_buffer.load(tmp_path / "none.so")

    def test_a_library_that_is_none(self, tmp_path):
        (tmp_path / "some.so").write_bytes(b"no library")
        with pytest.raises(MultiBufferMissing):
            multi_buffer.load(tmp_path / "some.so")

    def test_another_library(self):
        with pytest.raises(MultiBufferMissing, match="poolhouse_"):
            multi_buffer.load(Path(_ctypes.__file__))

    def test_who_does_not_want_it_is_told_so(self):
        assert multi_buffer.choose(is_wanted=False) == (None, "one at a time: multi_buffer is off")


class TestBatches:
    @pytest.mark.parametrize("callers", [1, LANES])
    @pytest.mark.parametrize("engine", [ENGINE, None], ids=["eight", "one"])
    async def test_everybody_gets_their_own(self, engine, callers):
        wanted = batches(engine, callers)
        asked = [(KEYS[n % 3], secrets.token_bytes(50)) for n in range(21)]
        powers = [(secrets.randbelow(srp.N), secrets.randbits(256)) for _ in range(11)]
        signatures = [wanted.sign(*pair) for pair in asked]
        results = [wanted.power(*pair) for pair in powers]
        assert await asyncio.gather(*signatures) == [key.sign(data) for key, data in asked]
        assert await asyncio.gather(*results) == [modexp.modexp(*pair) for pair in powers]

    async def test_who_is_alone_is_served_at_once(self):
        wanted = batches(callers=1)
        assert wanted.sign(KEYS[0], b"data").done()
        assert wanted.power(2, 3).done()

    async def test_nobody_waits_for_somebody_who_does_not_come(self):
        """Two callers, of whom one wants nothing: a few turns of the loop, and no timer."""
        wanted, loop, turns = batches(callers=2), asyncio.get_running_loop(), 0
        signature = wanted.sign(KEYS[0], b"data")
        while not signature.done():
            turns += 1
            assert turns < 10
            await asyncio.sleep(0)
        assert verifies(KEYS[0], signature.result(), b"data")
        assert loop.time()  # no timer is left

    @needs_engine
    async def test_what_is_wanted_together_is_one_batch(self, monkeypatch):
        sizes = []
        sign = MultiBuffer.sign
        monkeypatch.setattr(MultiBuffer, "sign", lambda self, keys, digests: sizes.append(len(keys)) or sign(self, keys, digests))  # fmt: skip
        wanted = batches()
        await asyncio.gather(*(wanted.sign(KEYS[n % 3], b"x") for n in range(20)))
        # Whether four are cheaper together is measured on each machine.
        assert sizes == ([8, 8, 4] if wanted._engine.least_signatures <= 4 else [8, 8])

    async def test_who_is_gone_takes_no_place(self):
        wanted = batches()
        signatures = [wanted.sign(KEYS[0], bytes([n])) for n in range(16)]
        for gone in signatures[::2]:
            gone.cancel()
        assert await asyncio.gather(*signatures[1::2]) == [KEYS[0].sign(bytes([n])) for n in range(1, 16, 2)]

    @needs_engine
    async def test_a_fault_in_a_lane_never_leaves(self, monkeypatch, caplog):
        """A single wrong bit in one half of the arithmetic would give away a prime."""
        sign = MultiBuffer._sign

        def faulty(self, count, padded, pointers):
            made = bytearray(sign(self, count, padded, pointers))
            made[2 * 256 + 100] ^= 4
            return bytes(made)

        monkeypatch.setattr(MultiBuffer, "_sign", faulty)
        wanted = batches()
        asked = [(KEYS[n % 3], bytes([n])) for n in range(8)]
        with caplog.at_level(logging.ERROR):
            made = await asyncio.gather(*(wanted.sign(*pair) for pair in asked))
        assert made == [key.sign(data) for key, data in asked]
        assert "1 of 8 signatures made together were wrong; made again by OpenSSL" in caplog.text

    @needs_engine
    async def test_arithmetic_that_refuses_is_done_by_openssl(self, monkeypatch, caplog):
        def refuse(*_: Any) -> None:
            raise ArithmeticError("refused")

        monkeypatch.setattr(MultiBuffer, "sign", refuse)
        monkeypatch.setattr(MultiBuffer, "power", refuse)
        wanted = batches()
        signatures, powers = [wanted.sign(KEYS[0], b"x") for _ in range(8)], [wanted.power(3, 5) for _ in range(8)]
        assert await asyncio.gather(*signatures) == [KEYS[0].sign(b"x")] * 8
        assert await asyncio.gather(*powers) == [3**5] * 8
        b, g_b = wanted.ephemeral()
        assert g_b == pow(srp.G, b, srp.N)
        assert "made again by OpenSSL" in caplog.text

    async def test_a_failure_is_its_own_and_nobody_elses(self):
        """Nobody waits for ever."""
        wanted = batches(None if ENGINE is None else ENGINE)
        bad, good = wanted.power(2, -1), wanted.power(2, 5)
        with pytest.raises(ValueError, match="below 0"):
            await bad
        assert await good == 32

    @pytest.mark.parametrize("engine", [ENGINE, None], ids=["eight", "one"])
    async def test_ephemerals_are_right_and_never_the_same(self, engine):
        wanted = batches(engine)
        made = [wanted.ephemeral() for _ in range(20)]
        assert len({b for b, _ in made}) == 20
        assert all(g_b == pow(srp.G, b, srp.N) and b >> 255 == 1 for b, g_b in made)


@needs_engine
def test_it_needs_libc_and_nothing_else():
    told = subprocess.run(["ldd", multi_buffer.LIBRARY], capture_output=True, text=True, check=True).stdout
    assert [line.split()[0].rpartition("/")[2].partition(".")[0] for line in told.splitlines()] == ["linux-vdso", "libc", "ld-linux-x86-64"]  # fmt: skip
