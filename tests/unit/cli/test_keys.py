"""`poolhouse keys`: access keys and master keys, on both engines."""

import re
import stat

import pytest
from click.testing import CliRunner

from poolhouse.cli.keys import keys
from poolhouse.crypto.seal import Keyring
from poolhouse.errors import ConfigError


@pytest.fixture
def master_key(tmp_path):
    assert CliRunner().invoke(keys, ["master", str(tmp_path / "master.key")]).exit_code == 0
    return tmp_path / "master.key"


@pytest.fixture
def run(tmp_path, database_url, master_key):
    storage = ["--data", str(tmp_path), "--master-key-file", str(master_key)]
    storage += ["--database-url", database_url] if database_url else []

    def run(command, *arguments):
        return CliRunner().invoke(keys, [command, *arguments, *storage], catch_exceptions=False)

    return run


class TestAccessKeys:
    def test_create_prints_lines_for_a_shell(self, run):
        result = run("create", "--description", "deployment")
        assert re.fullmatch(
            r"export AWS_ACCESS_KEY_ID=AKIA[A-Z2-7]{16}\nexport AWS_SECRET_ACCESS_KEY=\S{40}\n", result.stdout
        )
        assert "once" in result.stderr

    def test_list_shows_ids_and_descriptions_and_never_a_secret(self, run):
        made = dict(
            line.removeprefix("export ").split("=", 1)
            for line in run("create", "--description", "deployment").stdout.splitlines()
        )
        head, line = run("list").stdout.splitlines()  # the head: first-hour D19
        assert [head.index(word) for word in ("ACCESS KEY ID", "MADE", "DESCRIPTION")] == [0, 22, 34]
        assert line.startswith(made["AWS_ACCESS_KEY_ID"])
        assert line[34:] == "deployment"
        assert made["AWS_SECRET_ACCESS_KEY"] not in line

    def test_delete(self, run):
        key_id = run("create").stdout.split("=")[1].split()[0]
        assert run("delete", key_id).stdout == f"Deleted {key_id}.\n"
        assert run("list").stdout == ""
        again = run("delete", key_id)
        assert (again.exit_code, key_id in again.output) == (1, True)

    def test_create_refuses_a_master_key_of_another_database(self, run, master_key):
        run("create")
        master_key.unlink()
        CliRunner().invoke(keys, ["master", str(master_key)])
        with pytest.raises(ConfigError, match="has not the key under which this database is sealed"):
            run("create")
        assert run("list").stdout.count("AKIA") == 1


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgresql://...", "its host is no name"),
        ("postgresql://me:Horse@5432/x@localhost/poolhouse", "cannot connect|its host"),
        ("postgresql://me:Horse#1@localhost:5432/poolhouse", "its host and port cannot be read"),
    ],
)
def test_an_address_that_is_none_is_said_in_plain_words(tmp_path, master_key, url, problem):
    """Issue 5, a new user's walk, 5: the README's `postgresql://...`, as printed, told of an idna codec; never a password."""
    flags = ["--master-key-file", str(master_key), "--data", str(tmp_path), "--database-url", url]
    with pytest.raises(ConfigError, match=f"database_url: ({problem})") as refused:
        CliRunner().invoke(keys, ["create", *flags], catch_exceptions=False)
    assert not any(word in str(refused.value) for word in ("codec", "Horse"))


class TestMaster:
    def test_makes_a_file_that_only_its_owner_reads(self, master_key):
        assert stat.S_IMODE(master_key.stat().st_mode) == 0o600
        Keyring.load(master_key)

    def test_refuses_to_overwrite_a_key(self, master_key):
        before = master_key.read_bytes()
        assert CliRunner().invoke(keys, ["master", str(master_key)]).exit_code != 0
        assert master_key.read_bytes() == before

    def test_says_how_a_further_key_is_added(self, master_key):
        """Issue 5, a new user's walk, 5: `with --add first` read as "first of all, use --add"."""
        with pytest.raises(ConfigError, match=f"`poolhouse keys master {master_key} --add first`, .*`--add last`"):
            CliRunner().invoke(keys, ["master", str(master_key)], catch_exceptions=False)

    @pytest.mark.parametrize(("place", "seals"), [("first", False), ("last", True)])
    def test_add_puts_a_key_first_or_last(self, master_key, place, seals):
        old = Keyring.load(master_key)
        assert CliRunner().invoke(keys, ["master", str(master_key), "--add", place]).exit_code == 0
        new = Keyring.load(master_key)
        sealed = new.seal(b"secret", "here")
        assert old.needs_reseal(sealed) is not seals
        assert new.open(old.seal(b"secret", "here"), "here") == b"secret"
        assert stat.S_IMODE(master_key.stat().st_mode) == 0o600


def test_reseal_moves_every_secret_to_the_first_master_key(start_server, tmp_path):
    """A server's whole database is sealed anew; with the old key gone, everything still works."""
    from tests.support.pools import Pools

    server = start_server("--no-demo")
    pools = Pools(server.client())
    pool_id = pools.user_pool()
    client = pools.client(pool_id, GenerateSecret=True)
    client_id = pools.client_id(pool_id)
    user = pools.user(pool_id)
    pools.cognito.forgot_password(ClientId=client_id, Username=user.username)
    server.inbox.code(user.email)
    storage = ["--data", str(server.data)] + (["--database-url", server.database_url] if server.database_url else [])
    rotated = CliRunner().invoke(keys, ["rotate", "--all", "--pool-key", *storage], catch_exceptions=False)
    assert rotated.exit_code == 0
    server.stop()

    key_file = server.data / "master.key"
    assert CliRunner().invoke(keys, ["create", *storage], catch_exceptions=False).exit_code == 0
    assert CliRunner().invoke(keys, ["master", str(key_file), "--add", "first"]).exit_code == 0
    result = CliRunner().invoke(keys, ["reseal", *storage], catch_exceptions=False)
    counts = {line.split()[0]: int(line.split()[1]) for line in result.output.splitlines()}
    assert counts == {
        "access_keys": 1,
        "devices": 0,
        "identity_providers": 0,
        "saml_certificates": 0,
        "software_tokens": 0,
        "password_history": 0,
        "user_import_chunks": 0,
        "user_pools": 1,
        "pool_keys": 2,
        "signing_keys": 2,
        "user_pool_client_secrets": 1,
        "users": 1,
        "outbox_messages": 0,  # what waits is in tests/unit/jobs/test_deliver.py
        "inbox_messages": 1,
    }
    again = CliRunner().invoke(keys, ["reseal", *storage], catch_exceptions=False)
    assert {line.split()[1] for line in again.output.splitlines()} == {"0"}

    key_file.write_text(key_file.read_text().splitlines()[0] + "\n")
    server.start()
    assert "AccessToken" in pools.sign_in(client_id, user)
    described = pools.cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=client["ClientId"])
    assert described["UserPoolClient"]["ClientSecret"] == client["ClientSecret"]
    assert server.inbox.code(user.email)


def test_every_sealed_column_of_the_schema_is_known():
    """A column whose comment says that it is sealed must be in the table of `reseal`."""
    from poolhouse.storage import migrate, tables

    found = set()
    for migration in migrate.migrations():
        table = ""
        for line in migration.sql.splitlines():
            if match := re.match(r"(?:CREATE|ALTER) TABLE (\w+)", line):
                table = match[1]
            if match := re.search(r"(\w+) BLOB[^-]*--.*sealed", line):
                found.add((table, match[1]))
    assert {(table.name, table.sealed) for table in tables.SEALED} == found
