"""`poolhouse operations`: which operations of the service work."""

import inspect
import json
from pathlib import Path

import click
import msgspec

WORKS, MISSING = "works", "missing"


class Row(msgspec.Struct, frozen=True):
    """where: file:line of the handler, from the folder of the package; empty where there is none."""

    name: str
    where: str
    status: str


def list_rows() -> list[Row]:
    from poolhouse.api.registry import OPERATIONS

    return [
        Row(name, _where(handler), WORKS) if handler is not None else Row(name, "", MISSING)
        for name, handler in sorted(OPERATIONS.items())
    ]


def _where(handler: object) -> str:
    code = inspect.unwrap(handler).__code__  # type: ignore[arg-type]  # handlers are plain functions
    package = Path(__file__).resolve().parent.parent.parent
    return f"{Path(code.co_filename).resolve().relative_to(package)}:{code.co_firstlineno}"


def total(rows: list[Row]) -> str:
    return f"{sum(row.status == WORKS for row in rows)} of {len(rows)} operations work."


def as_markdown(rows: list[Row]) -> str:
    """The compatibility table of the README."""
    table = [f"| {row.name} | {'yes' if row.status == WORKS else 'not yet'} |" for row in rows]
    return "\n".join([total(rows), "", "| Operation | Works |", "|---|---|", *table])


@click.command()
@click.option("--missing", "is_missing", is_flag=True, help="Only those that do not work yet.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON array, with file and line of each handler.")
@click.option("--markdown", "is_markdown", is_flag=True, help="Print the Markdown table of the README.")
def operations(is_missing: bool, is_json: bool, is_markdown: bool) -> None:
    """List the operations of the service, and which of them work.

    Calling one that is missing is answered with HTTP 400 and NotImplementedException.
    """
    rows = list_rows()
    shown = [row for row in rows if row.status == MISSING or not is_missing]
    if is_json:
        click.echo(json.dumps([msgspec.structs.asdict(row) for row in shown], indent=2))
    elif is_markdown:
        click.echo(as_markdown(rows))
    else:
        for row in shown:
            works = row.status == WORKS
            click.echo(
                f"{row.name:<40}{click.style('works' if works else 'not yet', fg='green' if works else 'yellow')}"
            )
        click.echo(f"\n{total(rows)}")
