"""Eight RSA-2048 signatures, or eight SRP exponentiations, at once, where the processor has AVX512-IFMA (docs/design/0007).

crypto/batches.py decides what goes together. The arithmetic is in native/multi_buffer.c.
"""

import ctypes
import hashlib
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from poolhouse import clock
from poolhouse.crypto import modexp
from poolhouse.crypto.modexp import N_BYTES, N
from poolhouse.errors import PoolhouseError

LANES = 8
EXPONENT_BYTES = 32
LIBRARY = Path(__file__).with_name("_multi_buffer.so")

_RSA_BYTES, _PRIME_BYTES = 256, 128
# EMSA-PKCS1-v1_5 of a SHA-256 (RFC 8017 §9.2), without the digest itself.
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_PADDING = b"\x00\x01" + b"\xff" * (_RSA_BYTES - 3 - len(_DIGEST_INFO) - 32) + b"\x00" + _DIGEST_INFO
_TIMES = 3  # how often each is timed at the start


class MultiBufferMissing(PoolhouseError):
    """It cannot be used here; the text says why."""


class PrivateKey:
    """A private key in memory of the library's own, which is wiped when the key is gone."""

    __slots__ = ("__weakref__", "pointer")

    def __init__(self, library: ctypes.CDLL, key: rsa.RSAPrivateKey) -> None:
        numbers = key.private_numbers()
        secret = (numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
        parts = b"".join(number.to_bytes(_PRIME_BYTES, "little") for number in secret)
        pointer = library.poolhouse_key_new(parts + numbers.public_numbers.n.to_bytes(_RSA_BYTES, "little"))
        if not pointer:
            raise MemoryError
        self.pointer: int = pointer
        weakref.finalize(self, library.poolhouse_key_free, pointer)


class MultiBuffer:
    """The library, tried and timed. least_signatures, least_powers: from how many on one call is cheaper than OpenSSL's."""

    def __init__(self, library: ctypes.CDLL) -> None:
        """Raises MultiBufferMissing when it does not compute what OpenSSL computes."""
        self._library = library
        self._modulus = N.to_bytes(N_BYTES, "little")
        self.least_signatures, self.least_powers = _try(self)

    def key(self, key: rsa.RSAPrivateKey) -> PrivateKey:
        """The key as `sign` wants it."""
        return PrivateKey(self._library, key)

    def sign(self, keys: Sequence[PrivateKey], digests: Sequence[bytes]) -> list[bytes | None]:
        """The PKCS #1 v1.5 signature of each SHA-256 digest under the key of its lane; None where the arithmetic went wrong.

        Each is checked before it leaves: one fault in one half of the arithmetic would give away the primes (Boneh, DeMillo, Lipton).
        """
        count = len(keys)
        padded = b"".join([_PADDING + digest for digest in digests])
        pointers = (ctypes.c_void_p * LANES)(*[key.pointer for key in keys])
        signatures = self._sign(count, padded, pointers)
        right = self._library.poolhouse_check(count, padded, pointers, signatures)
        return [
            signatures[lane * _RSA_BYTES : (lane + 1) * _RSA_BYTES] if right >> lane & 1 else None
            for lane in range(count)
        ]

    def _sign(self, count: int, padded: bytes, pointers: "ctypes.Array[ctypes.c_void_p]") -> bytes:
        signatures = ctypes.create_string_buffer(count * _RSA_BYTES)
        self._library.poolhouse_sign(count, padded, pointers, signatures)  # What it has not done the check will find.
        return signatures.raw

    def power(self, bases: Sequence[int], exponents: Sequence[int]) -> list[int]:
        """base ** exponent mod N of each lane, in a time that depends on neither. bases: 0 to N-1; exponents: below 2^256."""
        count = len(bases)
        results = ctypes.create_string_buffer(count * N_BYTES)
        done = self._library.poolhouse_power(
            count,
            b"".join([base.to_bytes(N_BYTES, "little") for base in bases]),
            b"".join([exponent.to_bytes(EXPONENT_BYTES, "little") for exponent in exponents]),
            self._modulus,
            results,
        )
        if done != 0:
            raise ArithmeticError("crypto_mb refused an exponentiation")
        whole = results.raw
        return [
            int.from_bytes(whole[start : start + N_BYTES], "little") for start in range(0, count * N_BYTES, N_BYTES)
        ]


def load(path: Path = LIBRARY) -> MultiBuffer:
    """Open and try the library; takes some 15 ms. Raises MultiBufferMissing."""
    if not path.exists():
        raise MultiBufferMissing("the multi-buffer library was not built")
    try:
        library = ctypes.CDLL(str(path))
        library.poolhouse_key_new.restype = ctypes.c_void_p
        library.poolhouse_key_free.argtypes = [ctypes.c_void_p]
        is_applicable = library.poolhouse_is_applicable()
    except (OSError, AttributeError) as error:
        raise MultiBufferMissing(str(error)) from error
    if not is_applicable:
        raise MultiBufferMissing("this processor has no AVX512-IFMA")
    return MultiBuffer(library)


def choose(*, is_wanted: bool) -> tuple[MultiBuffer | None, str]:
    """The library where it is wanted and serves, and a sentence for who runs the server."""
    if not is_wanted:
        return None, "one at a time: multi_buffer is off"
    try:
        engine = load()
    except MultiBufferMissing as reason:
        return None, f"one at a time: {reason}"
    return engine, f"eight at once, from {engine.least_signatures} signatures or {engine.least_powers} powers on"


# ---- the trial at the start

# Two published primes make a key that is nobody's: RFC 2409 §6.2, and RFC 5054 appendix A, 1024 bits each.
_P = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)
_Q = int(
    "EEAF0AB9ADB38DD69C33F80AFA8FC5E86072618775FF3C0B9EA2314C9C256576D674DF7496EA81D3383B4813D692C6E0"
    "E0D5D8E250B98BE48E495C1D6089DAD15DC7D7B46154D6B6CE8EF4AD69B15D4982559B297BCF1885C529F566660E57EC"
    "68EDBC3C05726CC02FD4CBF4976EAA9AFD5138FE8376435B9FC61D2FC0EB06E3",
    16,
)
_E = 65_537


def _trial_key() -> rsa.RSAPrivateKey:
    d = pow(_E, -1, (_P - 1) * (_Q - 1))
    public = rsa.RSAPublicNumbers(_E, _P * _Q)
    numbers = rsa.RSAPrivateNumbers(_P, _Q, d, d % (_P - 1), d % (_Q - 1), pow(_Q, -1, _P), public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _try(engine: MultiBuffer) -> tuple[int, int]:
    """Compare both functions with OpenSSL in all lanes, and find out from how many on they pay. Raises MultiBufferMissing."""
    key = _trial_key()
    lanes = range(LANES)
    digests = [hashlib.sha256(b"%d" % lane).digest() for lane in lanes]
    bases = [pow(2, 4000 + lane, N) for lane in lanes]
    exponents = [(1 << 256) - 1 >> (31 * lane) for lane in lanes]

    def sign(digest: bytes) -> bytes:
        return key.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))

    keys = [engine.key(key)] * LANES
    if engine.sign(keys, digests) != list(map(sign, digests)):
        raise MultiBufferMissing("its signatures are not those of OpenSSL")
    if engine.power(bases, exponents) != list(map(modexp.modexp, bases, exponents)):
        raise MultiBufferMissing("its powers are not those of OpenSSL")
    return (
        _least(lambda: engine.sign(keys, digests), lambda: sign(digests[0])),
        _least(lambda: engine.power(bases, exponents), lambda: modexp.modexp(bases[0], exponents[0])),
    )


def _least(all_lanes: Callable[[], object], one: Callable[[], object]) -> int:
    """How many of `one` cost more than `all_lanes`."""
    return min(max(2, int(_seconds(all_lanes) / _seconds(one)) + 1), LANES)


def _seconds(work: Callable[[], object]) -> float:
    """The best of a few."""
    taken = []
    for _ in range(_TIMES):
        began = clock.cpu()
        work()
        taken.append(clock.cpu() - began)
    return min(taken)
