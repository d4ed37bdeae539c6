"""`poolhouse migrate`: does the work, says what it did, and with --status only looks."""

from pathlib import Path

from click.testing import CliRunner

from poolhouse.cli.migrate import migrate
from poolhouse.storage.migrate import migrations


def _run(tmp_path: Path, database_url: str, *options: str) -> tuple[int, str]:
    database = ["--database-url", database_url] if database_url else []
    result = CliRunner().invoke(migrate, ["--data", str(tmp_path / "data"), *database, *options])
    return result.exit_code, result.output


def test_status_then_work_then_nothing_to_do(tmp_path: Path, database_url: str) -> None:
    code, output = _run(tmp_path, database_url, "--status")
    assert (code, output.count("missing")) == (1, len(migrations()))
    assert not (tmp_path / "data").exists()
    code, output = _run(tmp_path, database_url)
    assert (code, output.count("applied")) == (0, len(migrations()))
    code, output = _run(tmp_path, database_url, "--status")
    assert (code, output.count("applied")) == (0, len(migrations()))
    code, output = _run(tmp_path, database_url)
    assert code == 0
    assert "Nothing to do" in output
