"""The poolhouse command itself: help that explains, versions, refusals in one clear line, imports that wait."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

import poolhouse
from poolhouse import config
from poolhouse.cli import main, options


@pytest.fixture
def run(tmp_path):
    """The command in a process of its own, as a person meets it."""

    def run(*arguments, environment=None):
        command = [sys.executable, "-m", "poolhouse", *arguments]
        path = {"PATH": "/usr/bin:/bin", **(environment or {})}
        return subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, env=path, timeout=60)

    return run


def test_help_names_every_command_with_its_sentence():
    text = CliRunner().invoke(main.poolhouse, ["--help"]).output
    for name, (_, line) in main.COMMANDS.items():
        assert name in text
        assert line.split()[0] in text


@pytest.mark.parametrize("command", main.COMMANDS)
def test_every_command_explains_itself(command):
    result = CliRunner().invoke(main.poolhouse, [command, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: poolhouse {command}")
    assert len(result.output.splitlines()) > 8


@pytest.mark.parametrize("command", ["dev", "serve"])
def test_the_server_commands_take_every_setting(command):
    text = CliRunner().invoke(main.poolhouse, [command, "--help"], terminal_width=200).output
    for flag in (
        "--host",
        "--port",
        "--data",
        "--database-url",
        "--public-url",
        "--workers",
        "--issuer-mode",
        "--config",
    ):
        assert f"  {flag} " in text


@pytest.mark.parametrize("command", ["dev", "serve"])
def test_the_help_of_the_server_commands_begins_with_the_usual_flags(command):
    """first-hour D19 and section 6: thirty flags in one list hid the five that people need."""
    text = CliRunner().invoke(main.poolhouse, [command, "--help"], terminal_width=200).output
    flags = [line.split()[0] for line in text.partition("Usual:")[2].splitlines() if line.startswith("  -")]
    assert flags[:5] == ["--port", "--data", "--public-url", "--database-url", "--config"]
    headings = [line for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Usual:", *(f"{heading}:" for heading in list(options.GROUPS)[1:]), "Other:"]


def test_every_setting_stands_under_one_heading():
    grouped = [name for names in options.GROUPS.values() for name in names]
    flags = [name for name in config.setting_names() if not config.is_table(name)]
    assert sorted(grouped) == sorted([*flags, "config"])


def test_serve_offers_nothing_that_only_dev_takes():
    """first-hour D19"""
    text = CliRunner().invoke(main.poolhouse, ["serve", "--help"], terminal_width=200).output
    assert "--demo" not in text
    assert "  --tls " not in text
    assert "dev only" not in text


def test_an_unknown_command_names_the_nearest(run):
    """first-hour D19"""
    done = run("devv")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "Error: No such command 'devv'. Did you mean 'dev'?"


def test_a_wrong_region_is_answered_with_an_example(run):
    """first-hour D19: it was a regular expression."""
    done = run("dev", "--region", "moon-1")
    assert (done.returncode, done.stderr) == (2, "Error: --region: must be like us-east-1, not 'moon-1'\n")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_database_that_is_away_is_one_clear_line(run, workers):
    """first-hour D19"""
    done = run("dev", "--port", "0", "--workers", workers, "--database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: database_url: cannot connect")
    assert "Traceback" not in done.stderr
    assert "startup failed" not in done.stderr


def test_help_imports_no_command():
    code = "import sys; from poolhouse.cli.main import poolhouse; poolhouse(['--help'], standalone_mode=False); print([m for m in sys.modules if m.startswith(('uvicorn', 'cryptography', 'asyncio'))])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.rstrip().endswith("[]")


def test_version(run):
    assert run("--version").stdout == f"poolhouse {poolhouse.__version__}\n"


def test_an_unknown_flag_names_the_nearest(run):
    done = run("dev", "--prot", "1")
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_an_unknown_variable_is_one_clear_line_and_no_traceback(run):
    done = run("dev", environment={"POOLHOUSE_PROT": "1"})
    assert done.returncode == 2
    assert done.stderr == "Error: POOLHOUSE_PROT: is no known variable\nDid you mean POOLHOUSE_PORT?\n"


def test_serve_without_a_master_key_says_how_to_make_one(run):
    done = run("serve")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: master_key_file: is needed")
    assert "poolhouse keys master" in done.stderr


def test_a_port_in_use_is_one_clear_line(run):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("dev", "--port", str(port))
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, f"Error: port: {port} is in use")
