"""`poolhouse imports`: the import jobs of all pools, and what became of the lines that made no user."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from poolhouse.cli import options
from poolhouse.cli.keys import with_database
from poolhouse.storage import user_import_jobs as stored
from poolhouse.storage.engine import Database
from poolhouse.storage.user_import_jobs import ImportJob, Line

MOST_SHOWN = 100
_LINES_AT_ONCE = 1_000


@click.group()
def imports() -> None:
    """CSV user import: jobs, and the report of each.

    A report names lines by their number, and nothing of what they say.
    """


@imports.command("list")
@options.settings_options(*options.STORAGE)
def list_(config_file: Path | None, **flags: Any) -> None:
    """The latest jobs of all pools."""
    settings = options.load("dev", config_file, flags)
    jobs: list[ImportJob] = with_database(settings, lambda db: stored.list_latest(db, MOST_SHOWN))
    for job in jobs:
        counts = f"{job.imported} imported, {job.skipped} skipped, {job.failed} failed"
        made = datetime.fromtimestamp(job.created_at / 1000).astimezone().isoformat(" ", "seconds")
        click.echo(f"{job.job_id}  {job.status:<10}  {made}  {job.user_pool_id}  {counts}  {job.job_name}")
        if job.completion_message:
            click.echo(f"{'':19}{job.completion_message}")
    if not jobs:
        click.echo("There is no import job.")


@imports.command()
@click.argument("job_id", metavar="JOB")
@options.settings_options(*options.STORAGE)
def report(config_file: Path | None, job_id: str, **flags: Any) -> None:
    """Every line that was skipped or has failed, for 90 days."""
    settings = options.load("dev", config_file, flags)

    async def work(db: Database) -> None:
        after, page = 0, await stored.list_lines(db, job_id, 0, _LINES_AT_ONCE)
        while page:
            for line in page:
                click.echo(_told(line))
            after = page[-1].line_number
            page = await stored.list_lines(db, job_id, after, _LINES_AT_ONCE)

    with_database(settings, work)


def _told(line: Line) -> str:
    return f"[{line.outcome}] Line Number {line.line_number} - {line.reason}"
