"""`poolhouse dev`: open, talkative, seeded with a demo pool, fast to start."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poolhouse.cli import options
from poolhouse.config import Settings

if TYPE_CHECKING:
    from poolhouse.cli.runner import Found


@click.command(cls=options.ServerCommand)
@options.settings_options()
def dev(config_file: Path | None, **flags: Any) -> None:
    """Serve on this machine for development.

    SQLite in ./.poolhouse, any AWS credentials accepted, mail in a local inbox, and a demo pool with a client and a
    user ready to sign in. Not for the open network: use `poolhouse serve` there.
    """
    from poolhouse.cli import runner

    runner.run(options.load("dev", config_file, flags), _say_ready)
    click.echo("\nStopped." if sys.stdout.isatty() else "Stopped.")  # The terminal has just printed ^C.


def _say_ready(settings: Settings, found: "Found") -> None:
    from poolhouse.cli import terminal

    terminal.print_banner(settings, user_pools=found.user_pools, users=found.users, neighbour=found.neighbour)
