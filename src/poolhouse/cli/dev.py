"""`poolhouse dev`: open, talkative, seeded with a demo pool, fast to start."""

from pathlib import Path
from typing import Any

import click

from poolhouse.cli import options
from poolhouse.config import Settings


@click.command()
@options.settings_options()
def dev(config_file: Path | None, **flags: Any) -> None:
    """Serve on this machine for development.

    SQLite in ./.poolhouse, any AWS credentials accepted, mail in a local inbox, and a demo pool with a client and a
    user ready to sign in. Not for the open network: use `poolhouse serve` there.
    """
    from poolhouse.cli import runner

    runner.run(options.load("dev", config_file, flags), _say_ready)


def _say_ready(settings: Settings) -> None:
    from poolhouse.cli import terminal

    terminal.print_banner(settings)
