"""`poolhouse keys`: access keys, which sign administrative calls; master keys, which seal every secret at rest; and new
keys for pools."""

import asyncio
import os
import shlex
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from poolhouse import clock as machine_clock
from poolhouse.cli import options
from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.crypto.seal import Keyring
from poolhouse.errors import ConfigError
from poolhouse.pool.configuration import access_keys
from poolhouse.storage.engine import Database, open_database

if TYPE_CHECKING:
    from poolhouse.pool.settings.key_rotation import KeyRotation, Rotation

T = TypeVar("T")


@click.group()
def keys() -> None:
    """Access keys, master keys, and new keys for pools.

    An access key (id and secret, as at AWS) signs administrative calls to a server that verifies signatures. A master key
    seals every secret in the database: passwords, client secrets, signing keys, access keys. Each pool has signing keys,
    which sign its tokens, and a pool key, under which all else that it gives out is sealed: `rotate` replaces them.
    """


@keys.command()
@options.settings_options(*options.STORAGE)
@click.option("--description", default="", help="What it is for; shown by `poolhouse keys list`.")
def create(config_file: Path | None, description: str, **flags: Any) -> None:
    """Make an access key and print it, this once, as lines for a shell."""
    from poolhouse.pool import resealing

    settings = options.load("dev", config_file, flags)
    keyring = Keyring.load(settings.master_key_path)
    now_ms = int(machine_clock.now() * 1000)

    async def work(db: Database) -> access_keys.NewAccessKey:
        await resealing.require_master_keys(db, keyring)
        return await db.write(
            partial(access_keys.create, keyring=keyring, description=description, now_ms=now_ms, random=os.urandom)
        )

    key = with_database(settings, work)
    click.echo(f"export AWS_ACCESS_KEY_ID={key.access_key_id}")
    click.echo(f"export AWS_SECRET_ACCESS_KEY={key.secret_access_key}")
    click.echo("The secret is shown this once.", err=True)


@keys.command(name="list")
@options.settings_options(*options.STORAGE)
def list_keys(config_file: Path | None, **flags: Any) -> None:
    """List the access keys, oldest first: id, day, description. Never a secret."""
    rows = with_database(options.load("dev", config_file, flags), access_keys.list_all)
    if not rows:
        click.echo("There is no access key yet: `poolhouse keys create` makes one.", err=True)
        return
    click.echo(f"{'ACCESS KEY ID':<20}  {'MADE':<10}  DESCRIPTION")
    for row in rows:
        day = datetime.fromtimestamp(row.created_at / 1000, UTC).date().isoformat()
        click.echo(f"{row.access_key_id}  {day}  {row.description}".rstrip())


@keys.command()
@click.argument("access_key_id")
@options.settings_options(*options.STORAGE)
def delete(access_key_id: str, config_file: Path | None, **flags: Any) -> None:
    """Delete an access key. It stops working within a second, on every worker."""
    settings = options.load("dev", config_file, flags)
    if not with_database(settings, lambda db: db.write(partial(access_keys.delete, access_key_id=access_key_id))):
        raise click.ClickException(f"There is no access key {access_key_id}.")
    click.echo(f"Deleted {access_key_id}.")


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--add",
    type=click.Choice(["first", "last"]),
    help="Add a key to an existing file: first seals from now on, last only opens.",
)
def master(file: Path, add: Literal["first", "last"] | None) -> None:
    """Make a master key FILE, readable by its owner only.

    Keep a copy of it apart from the database: without it every secret in there is lost, with it every one is open.

    \b
    To change the key:
      poolhouse keys master FILE --add first    (many servers: --add last, restart all,
                                                 then move that line to the top)
      restart every server
      poolhouse keys reseal --master-key-file FILE
      delete the older lines of FILE, restart every server
    """  # fmt: skip
    if add is None:
        if file.exists():
            raise ConfigError(
                str(file),
                "exists already and is left as it is",
                f"A further key in the same file: `poolhouse keys master {shlex.quote(str(file))} --add first`, which seals from "
                "then on, or `--add last`, which only opens.",
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        Keyring.create_file(file)
        click.echo(f"Made {file}. Keep a copy of it apart from the database.")
        return
    Keyring.load(file)
    _add_key(file, add)
    Keyring.load(file)
    click.echo(f"Added a key to {file}, {add}. Restart every server before anything else: they read it at their start.")


def _add_key(file: Path, place: Literal["first", "last"]) -> None:
    """Write the longer file aside, then put it in place whole: no reader ever sees half of it."""
    aside = file.with_name(f"{file.name}.new")
    Keyring.create_file(aside)
    new, old = aside.read_text("ascii"), file.read_text("ascii")
    old = old if old.endswith("\n") else old + "\n"
    aside.write_text(new + old if place == "first" else old + new, "ascii")
    aside.replace(file)


@keys.command()
@options.settings_options(*options.STORAGE)
def reseal(config_file: Path | None, **flags: Any) -> None:
    """Seal every secret anew under the first key of the master key file.

    Servers may go on meanwhile, if they were started with all keys of the file: a server reads it only at its start.
    """
    from poolhouse.pool import resealing

    settings = options.load("dev", config_file, flags)
    keyring = Keyring.load(settings.master_key_path)
    for table, count in with_database(settings, lambda db: resealing.reseal(db, db.write, keyring)).items():
        click.echo(f"{table:<28}{count:>10}")


@keys.command()
@options.settings_options(*options.STORAGE)
@click.option("--user-pool", "user_pool_ids", multiple=True, metavar="ID", help="The pool; may be given again.")
@click.option("--all", "is_all", is_flag=True, help="Every pool of the database.")
@click.option("--signing", is_flag=True, help="Only the signing keys of tokens.")
@click.option("--pool-key", is_flag=True, help="Only the pool key: refresh tokens, codes, sessions, pages.")
@click.option(
    "--after",
    type=click.IntRange(min=60),
    metavar="SECONDS",
    help="When the new signing keys begin to sign.  [default: 86400, as long as jwks.json may be kept]",
)
@click.option("--revoke", is_flag=True, help="A key has leaked: end at once all that the old keys made.")
def rotate(  # noqa: PLR0913  one for each option
    config_file: Path | None,
    user_pool_ids: tuple[str, ...],
    is_all: bool,
    signing: bool,
    pool_key: bool,
    after: int | None,
    revoke: bool,
    **flags: Any,
) -> None:
    """Give pools new signing keys and a new pool key, while servers run.

    Nobody notices: new signing keys stand in jwks.json a day before they sign, old ones stay there until the last token
    they signed has expired; a new pool key seals after a minute, and the old one opens what it sealed until the last
    refresh token made under it has expired. Every server takes the keys into use by itself.

    With --revoke the old keys are gone at once: all users of the pool sign in again. Resource servers that keep jwks.json
    take tokens of a deleted key until they fetch it anew, so restart them.
    """
    if is_all == bool(user_pool_ids):
        raise click.UsageError("Say which pools: --user-pool ID (it may be given again), or --all.")
    from poolhouse.pool.settings.key_rotation import PUBLISHED_SECONDS

    is_both = signing == pool_key
    after_seconds = PUBLISHED_SECONDS if after is None else after
    under_way: list[str] = []
    settings = options.load("dev", config_file, flags)

    async def work(rotation: "KeyRotation") -> list[str]:
        steps: dict[str, Callable[[str], Awaitable[Rotation | None]]] = {}
        if is_both or signing:
            steps["signing keys"] = (
                rotation.revoke_signing_keys if revoke else partial(rotation.signing_keys, after_seconds=after_seconds)
            )
        if is_both or pool_key:
            steps["pool key"] = rotation.revoke_pool_key if revoke else rotation.pool_key
        missing = []
        for user_pool_id in [each async for each in rotation.user_pool_ids()] if is_all else user_pool_ids:
            for what, step in steps.items():
                times = await step(user_pool_id)
                if times is None:
                    missing.append(user_pool_id)
                    break
                click.echo(f"{user_pool_id}  {_rotated(what, times)}")
                if what == "signing keys" and not times.is_new:
                    under_way.append(user_pool_id)
        return missing

    missing = _with_rotation(settings, work)
    if under_way and after is not None:
        click.echo(_AFTER_IGNORED, err=True)
    if missing and not is_all:  # Of all pools, one may have been deleted meanwhile.
        raise click.ClickException(f"There is no user pool {', '.join(missing)}.")


_AFTER_IGNORED = (
    "--after was ignored where new keys were under way already: what jwks.json announces is not moved. "
    "Only --revoke is sooner, and with it all users of the pool sign in again."
)
_VERBS = {"signing keys": ("sign", "verify"), "pool key": ("seals", "opens")}


def _rotated(what: str, times: "Rotation") -> str:
    """What became of the keys of one kind, as a line."""
    if times.ends_at is None:
        return f"new {what} in use; the old are deleted"
    begins, lasts = _VERBS[what]
    under_way = "" if times.is_new else "were under way already: "
    return f"{what}: {under_way}new {begins} from {_time(times.begins_at)}, old {lasts} until {_time(times.ends_at)}"


def _time(epoch_ms: int) -> str:
    return datetime.fromtimestamp(epoch_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _with_rotation(settings: Settings, work: Callable[["KeyRotation"], Awaitable[T]]) -> T:
    from poolhouse.pool import resealing
    from poolhouse.pool.configuration.snapshots import Configuration
    from poolhouse.pool.settings.key_rotation import KeyRotation
    from poolhouse.storage.generation import SharedCounters

    keyring = Keyring.load(settings.master_key_path)

    async def run(db: Database) -> T:
        await resealing.require_master_keys(db, keyring)
        counters = SharedCounters(settings.data / "counters")
        try:
            clock = Clock(lambda: counters.clock_offset_ms / 1000)  # that the servers of this folder go by
            configuration = Configuration(settings, db, keyring, counters, clock)
            rotation = KeyRotation(configuration, db, keyring, write=db.write, now_ms=clock.now_ms(), random=os.urandom)
            return await work(rotation)
        finally:
            counters.close()

    return with_database(settings, run)


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """What the work gives, on the database of the settings."""

    async def run() -> T:
        db = await open_database(settings)
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())
