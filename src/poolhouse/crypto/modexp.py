"""Owns exponentiation modulo the SRP prime: constant-time for secret exponents, outside the interpreter lock where possible."""

import ctypes
import ctypes.util
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from poolhouse.errors import PoolhouseError

# The 3072-bit group of RFC 5054 appendix A and RFC 3526 §4; its generator in SRP is 2, not the 5 of RFC 5054.
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
N_BYTES = 384

Exponentiation = Callable[[int, int], int]


class EngineMissing(PoolhouseError):
    """An engine cannot be used on this machine; the text says why."""


class Engine(NamedTuple):
    """secret: for a secret exponent.  public: may take less time for some exponents than for others."""

    name: str
    secret: Exponentiation
    public: Exponentiation


def load(name: str) -> Engine:
    """The engine of that name, or EngineMissing."""
    return _LOADERS[name]()


def choose(forced: str = "") -> Engine:
    """The best engine of this machine, or the forced one.

    Raises EngineMissing when the forced one is not there or not known.
    """
    if forced:
        if forced not in _LOADERS:
            raise EngineMissing(f"POOLHOUSE_MODEXP={forced}: known are {', '.join(_LOADERS)}")
        return load(forced)
    for name in ("openssl", "gmpy2"):
        try:
            return load(name)
        except EngineMissing:
            continue
    return load("python")


# ---- OpenSSL's BN by ctypes: the fastest, constant-time, and ctypes drops the interpreter lock around each call.

_POINTER, _INT, _BYTES = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
_BN_FLG_CONSTTIME = 0x04  # openssl/bn.h
_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "BN_new": (_POINTER, []),
    "BN_clear_free": (None, [_POINTER]),
    "BN_set_flags": (None, [_POINTER, _INT]),
    "BN_CTX_new": (_POINTER, []),
    "BN_CTX_free": (None, [_POINTER]),
    "BN_MONT_CTX_new": (_POINTER, []),
    "BN_MONT_CTX_set": (_INT, [_POINTER] * 3),
    "BN_bin2bn": (_POINTER, [_BYTES, _INT, _POINTER]),
    "BN_bn2binpad": (_INT, [_POINTER, _POINTER, _INT]),
    "BN_mod_exp_mont": (_INT, [_POINTER] * 6),
    "BN_mod_exp_mont_consttime": (_INT, [_POINTER] * 6),
}


def _libcrypto_names() -> Iterator[str]:
    # By its own name first: find_library starts ldconfig or a compiler, which costs more than the rest of the start.
    if sys.platform == "win32":
        yield from ("libcrypto-3-x64.dll", "libcrypto-3-arm64.dll", "libcrypto-3.dll")
    elif sys.platform == "darwin":
        yield "libcrypto.3.dylib"
    else:
        yield "libcrypto.so.3"
    # Next to the _ssl module: Windows installers and conda keep their own copy there.
    for folder in (
        sysconfig.get_config_var("DESTSHARED"),
        sysconfig.get_config_var("LIBDIR"),
        Path(sys.base_prefix, "DLLs"),
    ):
        if folder:
            yield from map(str, sorted(Path(folder).glob("libcrypto*3*")))
    found = ctypes.util.find_library("crypto")
    if found:
        yield found


def open_libcrypto(names: Iterator[str]) -> ctypes.CDLL:
    """The first of the named libraries that is a libcrypto of OpenSSL 3 or newer, with its functions declared."""
    for name in names:
        try:
            library = ctypes.CDLL(name)
            library.OpenSSL_version_num.restype = ctypes.c_ulong
            if library.OpenSSL_version_num() < 0x3000_0000:
                continue
            for function, (result, arguments) in _SIGNATURES.items():
                declared = getattr(library, function)
                declared.restype, declared.argtypes = result, arguments
        except (OSError, AttributeError):
            continue
        return library
    raise EngineMissing("no libcrypto of OpenSSL 3 or newer can be loaded")


def _made(pointer: int | None) -> int:
    if not pointer:
        raise MemoryError("libcrypto could not allocate")
    return pointer


class _Scratch:
    """The numbers and the context of one thread, kept from call to call; wiped and freed with the thread."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._clear, self._free_context = library.BN_clear_free, library.BN_CTX_free
        self.context = _made(library.BN_CTX_new())
        self.base = _made(library.BN_new())
        self.exponent = _made(library.BN_new())
        self.result = _made(library.BN_new())
        self.output = ctypes.create_string_buffer(N_BYTES)
        library.BN_set_flags(self.exponent, _BN_FLG_CONSTTIME)

    def __del__(self) -> None:
        for number in (self.base, self.exponent, self.result):
            self._clear(number)
        self._free_context(self.context)


class _PerThread(threading.local):
    def __init__(self, library: ctypes.CDLL) -> None:
        self.scratch = _Scratch(library)


def _load_openssl() -> Engine:
    library = open_libcrypto(_libcrypto_names())
    encoded = N.to_bytes(N_BYTES, "big")
    modulus = _made(library.BN_bin2bn(encoded, N_BYTES, None))
    montgomery = _made(library.BN_MONT_CTX_new())
    local = _PerThread(library)
    _done(library.BN_MONT_CTX_set(montgomery, modulus, local.scratch.context))
    to_number, to_bytes = library.BN_bin2bn, library.BN_bn2binpad

    def with_(function: Callable[..., int]) -> Exponentiation:
        def power(base: int, exponent: int) -> int:
            s = local.scratch
            output = s.output
            length = (exponent.bit_length() + 7) // 8
            _made(to_number((base % N).to_bytes(N_BYTES, "big"), N_BYTES, s.base))
            _made(to_number(exponent.to_bytes(length, "big"), length, s.exponent))
            _done(function(s.result, s.base, s.exponent, modulus, s.context, montgomery))
            _done(to_bytes(s.result, output, N_BYTES) == N_BYTES)
            return int.from_bytes(output.raw, "big")

        return power

    return Engine("openssl", with_(library.BN_mod_exp_mont_consttime), with_(library.BN_mod_exp_mont))


def _done(code: int) -> None:
    if code != 1:
        raise ArithmeticError("libcrypto refused a modular exponentiation")


# ---- gmpy2: constant-time too, but holds the lock for secret exponents.


def _load_gmpy2() -> Engine:
    try:
        import gmpy2
    except ImportError as error:
        raise EngineMissing("gmpy2 is not installed (pip install poolhouse[fast])") from error
    modulus = gmpy2.mpz(N)

    def secret(base: int, exponent: int) -> int:
        # powmod_sec wants an exponent above 0.
        return int(gmpy2.powmod_sec(base % N, exponent, modulus)) if exponent else 1

    def public(base: int, exponent: int) -> int:
        gmpy2.get_context().allow_release_gil = True
        return int(gmpy2.powmod(base, exponent, modulus))

    return Engine("gmpy2", secret, public)


# ---- Python itself: always there; neither fast nor constant-time, which docs/threat-model.md says.


def _load_python() -> Engine:
    def power(base: int, exponent: int) -> int:
        return pow(base, exponent, N)

    return Engine("python", power, power)


_LOADERS: dict[str, Callable[[], Engine]] = {"openssl": _load_openssl, "gmpy2": _load_gmpy2, "python": _load_python}
_engine = choose(os.environ.get("POOLHOUSE_MODEXP", ""))
ENGINE: str = _engine.name


def modexp(base: int, exponent: int) -> int:
    """base ** exponent mod N in a time that does not depend on the exponent's bits. exponent: 0 or more."""
    if exponent < 0:
        raise ValueError("exponent below 0")
    return _engine.secret(base, exponent)


def modexp_public(base: int, exponent: int) -> int:
    """base ** exponent mod N for an exponent that anyone may know. exponent: 0 or more."""
    if exponent < 0:
        raise ValueError("exponent below 0")
    return _engine.public(base, exponent)
