"""`poolhouse migrate`: bring a database to this release's schema, or say what that would do."""

import asyncio
from pathlib import Path
from typing import Any

import click

from poolhouse import clock
from poolhouse.cli import options
from poolhouse.config import Settings
from poolhouse.storage.engine import SQLITE_FILE, open_database
from poolhouse.storage.migrate import Migration, applied, migrations
from poolhouse.storage.migrate import migrate as run_migrations


@click.command()
@options.settings_options("data", "database_url")
@click.option("--status", "is_status", is_flag=True, help="Only say which migrations are missing; exit 1 if any is.")
@click.pass_context
def migrate(ctx: click.Context, /, config_file: Path | None, is_status: bool, **flags: Any) -> None:
    """Bring the database to this release's schema.

    `dev` and `serve` do this at start, too. Run it by hand to choose the moment, or to see with --status what is missing.
    Migrations only go forward, each in a transaction of its own; several at once are safe.
    """
    settings = options.load("dev", config_file, flags)
    if is_status:
        missing = asyncio.run(_missing(settings))
        for migration in migrations():
            state = click.style("missing", fg="yellow") if migration in missing else click.style("applied", fg="green")
            click.echo(f"{migration.number:04} {migration.name:<32} {state}")
        ctx.exit(1 if missing else 0)
    new = asyncio.run(_migrate(settings))
    for migration in new:
        click.echo(f"{migration.number:04} {migration.name:<32} {click.style('applied', fg='green')}")
    if not new:
        click.echo(f"Nothing to do: the database is at migration {migrations()[-1].number:04}.")


async def _missing(settings: Settings) -> list[Migration]:
    if not settings.database_url and not (settings.data / SQLITE_FILE).exists():
        return migrations()  # Looking must not create it.
    db = await open_database(settings, migrate=False)
    try:
        done = await applied(db)
    finally:
        await db.close()
    return [migration for migration in migrations() if migration.number not in done]


async def _migrate(settings: Settings) -> list[Migration]:
    db = await open_database(settings, migrate=False)
    try:
        return await run_migrations(db, int(clock.now() * 1000))
    finally:
        await db.close()
