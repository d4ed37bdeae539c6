"""`poolhouse trust`: prints what to run, correctly quoted, and changes nothing (first-hour F8, D3)."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from poolhouse import config
from poolhouse.cli import local_ca
from poolhouse.cli.trust import trust
from poolhouse.config import Settings
from poolhouse.errors import ConfigError


@pytest.fixture
def folder(tmp_path):
    """With a blank and an umlaut, as projects have them."""
    folder = tmp_path / "my pröjects" / ".poolhouse"
    folder.mkdir(parents=True)
    local_ca.ensure(config.resolve(Settings(tls=True, data=folder)))
    return folder


def run(*arguments):
    return CliRunner().invoke(trust, [str(argument) for argument in arguments], catch_exceptions=False).stdout


def test_every_command_names_the_whole_file(folder):
    """first-hour D3: half a path was set, `sudo cp` copied nothing."""
    authority = str(folder / local_ca.CA_CERTIFICATE)
    lines = [line for line in run("--data", folder).splitlines() if local_ca.CA_CERTIFICATE in line and line[0] != "#"]
    assert len(lines) == 5
    for line in lines:
        assert authority in shlex.split(line), line


def test_browsers_on_linux_are_named(folder):
    """first-hour F8: they do not read the system's store."""
    text = run("--data", folder)
    assert 'certutil -d sql:"$HOME/.pki/nssdb" -A -t C,, -n poolhouse -i ' in text
    assert ".mozilla/firefox" in text


def test_it_says_what_the_authority_may_speak_for_and_that_variables_replace(folder):
    text = run("--data", folder)
    assert "can speak for nothing but localhost, 127.0.0.0/8, ::1/128." in text
    assert "replace all other authorities" in text


def test_printing_changes_nothing(folder):
    before = sorted(folder.iterdir())
    run("--data", folder)
    assert sorted(folder.iterdir()) == before


def test_the_bundle_holds_the_systems_authorities_and_ours(folder):
    """first-hour F8: with AWS_CA_BUNDLE on our authority alone, calls to the real AWS fail in the same shell."""
    shell = 'eval "$(poolhouse trust --bundle --data "$1")" && printf "%s\\n" "$AWS_CA_BUNDLE" "$SSL_CERT_FILE" "$NODE_EXTRA_CA_CERTS"'
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": "/"}
    done = subprocess.run(
        ["sh", "-c", shell, "sh", str(folder)], check=True, capture_output=True, text=True, env=environment
    )
    bundle = folder / "local-bundle.pem"
    ours = (folder / local_ca.CA_CERTIFICATE).read_text()
    assert done.stdout.splitlines() == [str(bundle), str(bundle), str(folder / local_ca.CA_CERTIFICATE)]
    assert ours in bundle.read_text()
    assert bundle.read_text().count("BEGIN CERTIFICATE") > 20


def test_the_bundle_is_what_clients_need(start_local_server, tmp_path):
    import ssl

    import httpx

    server = start_local_server("--tls", scheme="https", data=tmp_path / "with blank")
    run("--data", server.data, "--bundle")
    context = ssl.create_default_context(cafile=str(server.data / "local-bundle.pem"))
    with httpx.Client(verify=context, trust_env=False) as client:
        assert client.get(f"{server.url}/_poolhouse/health").status_code == 200


def test_without_an_authority_it_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError, match="poolhouse dev --tls"):
        run("--data", tmp_path)
