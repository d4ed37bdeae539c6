"""`poolhouse operations`: which operations of the service work, and where they are written."""

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
@click.option("--json", "is_json", is_flag=True, help="Print one JSON array instead of a table.")
@click.option("--markdown", "is_markdown", is_flag=True, help="Print the Markdown table of the README.")
def operations(is_json: bool, is_markdown: bool) -> None:
    """List the operations of the service, and which of them work.

    Calling one that is missing is answered with HTTP 400 and NotImplementedException.
    """
    rows = list_rows()
    if is_json:
        click.echo(json.dumps([msgspec.structs.asdict(row) for row in rows], indent=2))
    elif is_markdown:
        click.echo(as_markdown(rows))
    else:
        _print_table(rows)


def _print_table(rows: list[Row]) -> None:
    for row in rows:
        status = click.style(f"{row.status:<9}", fg="green" if row.status == WORKS else "yellow")
        click.echo(f"{row.name:<40}{status}{row.where}".rstrip())
    click.echo(f"\n{total(rows)}")
