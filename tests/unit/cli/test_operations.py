"""`poolhouse operations`."""

import json
from pathlib import Path

from click.testing import CliRunner

from poolhouse.api.registry import OPERATIONS
from poolhouse.cli.operations import operations

SOURCE = Path(__file__).parents[3] / "src"
WORKING = sum(handler is not None for handler in OPERATIONS.values())


def run(*arguments: str) -> str:
    result = CliRunner().invoke(operations, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_table_names_every_operation_and_a_total():
    lines = run().splitlines()
    assert [line.split()[0] for line in lines[:141]] == sorted(OPERATIONS)
    assert {line[40:] for line in lines[:141]} == {"works"}
    assert lines[-1] == f"{WORKING} of 141 operations work."


def test_only_the_missing_ones():
    """first-hour D19"""
    lines = run("--missing").splitlines()
    assert [line.split()[0] for line in lines[:-2]] == sorted(n for n, handler in OPERATIONS.items() if handler is None)
    assert len(json.loads(run("--missing", "--json"))) == 141 - WORKING


def test_json_points_at_the_handlers():
    rows = json.loads(run("--json"))
    assert len(rows) == 141
    for row in rows:
        assert (row["status"] == "works") == (OPERATIONS[row["name"]] is not None)
        if row["status"] == "works":
            file, _, line = row["where"].rpartition(":")
            assert "async def " in (SOURCE / file).read_text().splitlines()[int(line) - 1]


def test_markdown_is_a_table():
    lines = run("--markdown").splitlines()
    assert lines[2:4] == ["| Operation | Works |", "|---|---|"]
    assert len(lines) == 4 + 141
