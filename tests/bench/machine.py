"""What the figures were measured on."""

import os
import platform
import sqlite3
import subprocess
from pathlib import Path

from cryptography.hazmat.backends.openssl import backend

from poolhouse.crypto import modexp

IFMA_SWITCH = "OPENSSL_ia32cap"
IFMA_OFF = ":~0x200000"


def describe(postgres: str) -> list[tuple[str, str]]:
    """(what, value). postgres: what `postgres --version` says, or empty."""
    info = Path("/proc/cpuinfo").read_text()
    lines = dict(line.split(":", 1) for line in info.split("\n\n")[0].splitlines() if ":" in line)
    lines = {name.strip(): value.strip() for name, value in lines.items()}
    flags = lines.get("flags", "").split()
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1e6
    found = [
        (
            "CPU",
            f"{lines.get('model name', platform.machine())} (family {lines.get('cpu family')}, model {lines.get('model')})",
        ),
        (
            "Cores, memory",
            f"{info.count('processor')} cores, {memory:.0f} GB; server on one core, load generator on another",
        ),
        ("AVX512-IFMA", _ifma("avx512ifma" in flags)),
        ("System", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("OpenSSL of cryptography", backend.openssl_version_text()),
        ("Modular exponentiation by", _engine()),
        ("SQLite", sqlite3.sqlite_version),
    ]
    if postgres:
        found.append(("PostgreSQL", postgres))
    return found


def _ifma(has_it: bool) -> str:
    if not has_it:
        return "no: signatures take more than twice as long as with it"
    return "switched off for this run" if os.environ.get(IFMA_SWITCH) else "yes"


def _engine() -> str:
    if modexp.ENGINE != "openssl":
        return modexp.ENGINE
    import ctypes

    library = modexp.open_libcrypto(modexp._libcrypto_names())
    library.OpenSSL_version.restype = ctypes.c_char_p
    return f"{library.OpenSSL_version(0).decode()}, by ctypes"


def postgres_version(binaries: Path) -> str:
    done = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip().removeprefix("postgres (PostgreSQL) ")
