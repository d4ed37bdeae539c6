"""A private PostgreSQL cluster: its own folder and port, started for the tests, gone afterwards."""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.support.ports import free_port

START_SECONDS = 30


class PostgresMissing(Exception):
    """No PostgreSQL server programs on this machine."""


def binaries() -> Path:
    """The folder of the newest initdb and postgres."""
    folders = [str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")]
    folders.sort(key=lambda folder: int(Path(folder).parent.name), reverse=True)
    found = shutil.which("initdb", path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))
    if found is None:
        raise PostgresMissing(
            "PostgreSQL is not installed; `make test` installs the package, or: apt-get install postgresql"
        )
    return Path(found).resolve().parent


def _user() -> dict[str, object]:
    """PostgreSQL refuses to run as root: give the server the first unprivileged account there is."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise PostgresMissing("PostgreSQL refuses to run as root, and there is no account `postgres` or `nobody`")


class Cluster:
    """fsync is off: no test crashes the database itself, and a crashed *client* loses nothing by it."""

    def __init__(self) -> None:
        self.binaries = binaries()
        self.account = _user()
        self.folder = Path(tempfile.mkdtemp(prefix="poolhouse-pg-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)

    def start(self, **changed: object) -> "Cluster":
        """changed: settings of PostgreSQL other than those for tests."""
        if self.account:
            os.chown(self.folder, self.account["user"], self.account["group"])  # type: ignore
        self.run(
            "initdb",
            "-D",
            self.folder / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": 100,
            "shared_buffers": "64MB",
            "log_min_messages": "fatal",
            **changed,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "data", *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self.account,  # type: ignore
            )
        self._wait()
        return self

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        ask = [self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ask, check=False).returncode:
            if time.monotonic() > end or self.process is None or self.process.poll() is not None:
                raise RuntimeError("PostgreSQL did not start:\n" + (self.folder / "log").read_text(errors="replace"))
            time.sleep(0.05)

    def run(self, program: str, *arguments: object, **options: object) -> str:
        """Run one of PostgreSQL's programs as the cluster's account; its standard output."""
        command = [str(self.binaries / program), *map(str, arguments)]
        done = subprocess.run(command, check=False, capture_output=True, cwd=self.folder, **{**self.account, **options})  # type: ignore
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode()

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self) -> str:
        """A new empty database; its URL."""
        name = f"poolhouse_{next(self._numbers)}"
        self.run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", name)
        return self.url(name)

    def dump(self, url: str) -> str:
        """The whole database as SQL text."""
        return self.run("pg_dump", "--dbname", url, "--inserts")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(2)  # SIGINT: "fast" shutdown, open connections are ended.
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
