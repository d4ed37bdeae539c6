"""`poolhouse reset`: begin anew. The master key and the local authority stay, so that whoever trusts it still does."""

from pathlib import Path
from typing import Any

import click

from poolhouse.cli import options
from poolhouse.errors import ConfigError
from poolhouse.storage.engine import SQLITE_FILE


@click.command()
@options.settings_options("data", "database_url")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
def reset(config_file: Path | None, is_sure: bool, **flags: Any) -> None:
    """Delete the SQLite database of a data folder: every pool, user, message and access key in it.

    The next `poolhouse dev` makes a new one with a new demo. The master key and the authority of `--tls` stay.
    """
    from poolhouse.storage import sqlite

    settings = options.load("dev", config_file, flags)
    if settings.database_url:
        raise ConfigError(
            "database_url",
            "the database is not in the data folder",
            "Drop it and create it with PostgreSQL's own tools.",
        )
    file = settings.data.absolute() / SQLITE_FILE
    if not file.exists():
        click.echo(f"Nothing to do: there is no database in {file.parent}.")
        return
    if not sqlite.is_idle(file):
        raise ConfigError("data", f"a server runs on {file.parent}", "Stop it first: Ctrl-C in its terminal.")
    if not is_sure:
        _ask(file)
    sqlite.delete(file)
    click.echo(f"Deleted {file}.")


def _ask(file: Path) -> None:
    """Raises Abort where the answer is no, UsageError where nobody can answer."""
    try:
        click.confirm(f"Delete every pool, user, message and access key in {file}?", abort=True)
    except click.Abort as aborted:
        if isinstance(aborted.__context__, EOFError):
            click.echo()  # the question has no line's end yet
            raise click.UsageError("Nobody is there to answer: `poolhouse reset --yes` does not ask.") from aborted
        raise
