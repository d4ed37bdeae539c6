"""Every engine of this machine against Python's own pow."""

import ctypes
import gc
import os
import secrets
import subprocess
import sys
import threading
from functools import cache

import pytest

from poolhouse.crypto import modexp as module
from poolhouse.crypto.modexp import Engine, EngineMissing, N, choose, load, modexp, modexp_public

EDGES = [0, 1, 2, N - 1, N, N + 1, 3 * N + 7, 2**3071, 2**3072 - 1]
EXPONENTS = [0, 1, 2, 3, 255, 256, 2**64, 2**256 - 1, N - 1, N]


@cache
def power(base: int, exponent: int) -> int:
    """Python's own, which takes 30 ms for the longest, once for all engines."""
    return pow(base, exponent, N)


@pytest.fixture(params=["openssl", "gmpy2", "python"])
def engine(request: pytest.FixtureRequest) -> Engine:
    try:
        return load(request.param)
    except EngineMissing as error:
        pytest.skip(str(error))


class TestEngines:
    @pytest.mark.parametrize("exponent", EXPONENTS, ids=[f"exponent{i}" for i in range(len(EXPONENTS))])
    def test_agrees_with_pow_at_the_edges(self, engine, exponent):
        for base in EDGES:
            assert engine.secret(base, exponent) == power(base, exponent)
            assert engine.public(base, exponent) == power(base, exponent)

    def test_agrees_with_pow_on_random_numbers(self, engine):
        for bits in (8, 256, 256, 512, 3072):
            base, exponent = secrets.randbits(3072), secrets.randbits(bits)
            assert engine.secret(base, exponent) == pow(base, exponent, N)
            assert engine.public(base, exponent) == pow(base, exponent, N)

    def test_threads_do_not_mix_their_numbers(self, engine):
        wrong = []

        def work(base):
            wrong.extend(i for i in range(20) if engine.secret(base, 65_537 + i) != pow(base, 65_537 + i, N))

        threads = [threading.Thread(target=work, args=(base,)) for base in range(3, 11)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gc.collect()  # Frees the scratch numbers of the ended threads.
        assert wrong == []


class TestModexp:
    def test_uses_the_engine_it_names(self):
        assert module.ENGINE in {"openssl", "gmpy2", "python"}
        assert modexp(5, 77) == modexp_public(5, 77) == pow(5, 77, N)

    def test_refuses_a_negative_exponent(self):
        for function in (modexp, modexp_public):
            with pytest.raises(ValueError, match="below 0"):
                function(2, -1)


class TestChoose:
    def test_takes_openssl_first(self, monkeypatch):
        made = Engine("made", pow, pow)
        monkeypatch.setitem(module._LOADERS, "openssl", lambda: made)
        assert choose() is made

    def test_falls_back_to_gmpy2_then_python(self, monkeypatch):
        monkeypatch.setitem(module._LOADERS, "openssl", _missing)
        monkeypatch.setitem(module._LOADERS, "gmpy2", lambda: Engine("gmpy2", pow, pow))
        assert choose().name == "gmpy2"
        monkeypatch.setitem(module._LOADERS, "gmpy2", _missing)
        assert choose().name == "python"

    def test_a_forced_engine_is_not_replaced(self, monkeypatch):
        assert choose("python").name == "python"
        monkeypatch.setitem(module._LOADERS, "openssl", _missing)
        with pytest.raises(EngineMissing):
            choose("openssl")

    def test_an_unknown_engine_names_the_known_ones(self):
        with pytest.raises(EngineMissing, match="openssl, gmpy2, python"):
            choose("abacus")

    def test_the_environment_forces_an_engine(self):
        code = "from poolhouse.crypto import modexp; print(modexp.ENGINE)"
        environment = {**os.environ, "POOLHOUSE_MODEXP": "python"}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "python"

    def test_gmpy2_that_is_not_installed_is_missing(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "gmpy2", None)
        with pytest.raises(EngineMissing, match=r"poolhouse\[fast\]"):
            load("gmpy2")


class TestOpenLibcrypto:
    def test_passes_over_what_cannot_serve(self, monkeypatch):
        class Old:
            def __init__(self) -> None:
                self.OpenSSL_version_num = _version(0x2000_0000)  # LibreSSL says this of itself.

        class Strange:
            def __init__(self) -> None:
                self.OpenSSL_version_num = _version(0x3000_0000)  # has none of the BN functions

        libraries = {"old": Old, "strange": Strange}

        def open_(name):
            if name not in libraries:
                raise OSError(name)
            return libraries[name]()

        monkeypatch.setattr(ctypes, "CDLL", open_)
        with pytest.raises(EngineMissing):
            module.open_libcrypto(iter(["absent", "old", "strange"]))

    @pytest.mark.parametrize(
        ("platform", "first"),
        [("linux", "libcrypto.so.3"), ("darwin", "libcrypto.3.dylib"), ("win32", "libcrypto-3-x64.dll")],
    )
    def test_looks_for_the_platforms_own_name_first(self, monkeypatch, platform, first):
        monkeypatch.setattr(sys, "platform", platform)
        assert next(module._libcrypto_names()) == first

    def test_looks_beside_the_ssl_module_then_asks_the_system(self, monkeypatch, tmp_path):
        beside = tmp_path / "libcrypto.so.3.0.1"
        beside.touch()
        folders = {"DESTSHARED": str(tmp_path), "LIBDIR": None}
        monkeypatch.setattr(module.sysconfig, "get_config_var", folders.get)
        monkeypatch.setattr(ctypes.util, "find_library", lambda name: f"lib{name}.found")
        names = list(module._libcrypto_names())
        assert names.index(str(beside)) < names.index("libcrypto.found") == len(names) - 1
        monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
        assert "libcrypto.found" not in list(module._libcrypto_names())

    def test_return_codes_are_checked(self):
        with pytest.raises(MemoryError):
            module._made(None)
        with pytest.raises(ArithmeticError):
            module._done(0)
        with pytest.raises(ArithmeticError):
            module._done(False)  # a result of a wrong length


def _missing() -> Engine:
    raise EngineMissing("not here")


def _version(number):
    class Function:
        restype = None

        def __call__(self):
            return number

    return Function()
