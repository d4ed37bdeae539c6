"""`poolhouse keys`: access keys, which sign administrative calls; master keys, which seal every secret at rest."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from poolhouse import clock
from poolhouse.cli import options
from poolhouse.config import Settings
from poolhouse.crypto.seal import Keyring
from poolhouse.errors import ConfigError
from poolhouse.pool import access_keys
from poolhouse.storage.engine import Database, open_database

T = TypeVar("T")


@click.group()
def keys() -> None:
    """Access keys and master keys.

    An access key (id and secret, as at AWS) signs administrative calls to a server that verifies signatures. A master key
    seals every secret in the database: passwords, client secrets, signing keys, access keys.
    """


@keys.command()
@options.settings_options(*options.STORAGE)
@click.option("--description", default="", help="What it is for; shown by `poolhouse keys list`.")
def create(config_file: Path | None, description: str, **flags: Any) -> None:
    """Make an access key and print it, this once, as lines for a shell."""
    from poolhouse.pool import resealing

    settings = options.load("dev", config_file, flags)
    keyring = Keyring.load(settings.master_key_path)
    now_ms = int(clock.now() * 1000)

    async def work(db: Database) -> access_keys.NewAccessKey:
        await resealing.require_master_keys(db, keyring)
        return await access_keys.create(db, keyring, description, now_ms=now_ms, random=os.urandom)

    key = _with_database(settings, work)
    click.echo(f"export AWS_ACCESS_KEY_ID={key.access_key_id}")
    click.echo(f"export AWS_SECRET_ACCESS_KEY={key.secret_access_key}")
    click.echo("The secret is shown this once.", err=True)


@keys.command(name="list")
@options.settings_options(*options.STORAGE)
def list_keys(config_file: Path | None, **flags: Any) -> None:
    """List the access keys, oldest first: id, day, description. Never a secret."""
    rows = _with_database(options.load("dev", config_file, flags), access_keys.list_all)
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
    if not _with_database(settings, lambda db: access_keys.delete(db, access_key_id)):
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
            raise ConfigError(str(file), "exists already", "Add a key to it with --add first.")
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
    for table, count in _with_database(settings, lambda db: resealing.reseal(db, keyring)).items():
        click.echo(f"{table:<28}{count:>10}")


def _with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    async def run() -> T:
        db = await open_database(settings)
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())
