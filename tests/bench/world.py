"""What the operations run against: one server on one engine, with its pools, clients, users and signed-in sessions."""

import asyncio
import json
import os
import secrets
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joserfc import jwk as joserfc_jwk
from joserfc import jwt as joserfc_jwt

from poolhouse.crypto import password_hash
from poolhouse.crypto.seal import Keyring
from poolhouse.pool.users.passwords import record_context
from poolhouse.storage.engine import SQLITE_FILE
from tests.bench import meter
from tests.bench.http import build
from tests.support.arithmetic import done, power
from tests.support.server import COMMAND, Server

PASSWORD = "Correct-Horse-1"
REDIRECT_URI = "https://app.example.com/callback"
TRIGGER_ARN = "arn:aws:lambda:us-east-1:123456789012:function:bench"
# A function that does next to nothing, so that what is left is the way there and back. Its own process is not metered.
TRIGGER = """
def lambda_handler(event, context):
    details = {"accessTokenGeneration": {"claimsToAddOrOverride": {"tenant": "bench"}}}
    event["response"]["claimsAndScopeOverrideDetails"] = details
    return event
"""
SIGNERS = 256  # users with a password, spread evenly over all


class World:
    """A server with `users` users in its main pool. Made through the public API, but for the mass of the users."""

    def __init__(self, engine: str, users: int, folder: Path, database_url: str = "", *options: str) -> None:
        self.engine = engine
        self.users = users
        self.folder = folder
        self.database_url = database_url
        folder.mkdir(parents=True, exist_ok=True)
        self.key_file = folder / "master.key"
        self.keyring = Keyring.create_file(self.key_file)
        (folder / "trigger.py").write_text(TRIGGER)
        (folder / "poolhouse.toml").write_text(f'[triggers]\n"{TRIGGER_ARN}" = "trigger.py"\n')
        self.server = Server(
            folder,
            *("--master-key-file", str(self.key_file), "--log-level", "warning", *options),
            command="serve",
            database_url=database_url,
            keys=self._new_access_key(),
        )
        self.host = f"localhost:{self.server.port}"
        self._pids: list[int] = []
        self._keys: dict[str, Any] = {}

    # ------------------------------------------------------------------ life

    def _new_access_key(self) -> tuple[str, str]:
        database = ["--database-url", self.database_url] if self.database_url else []
        arguments = ["keys", "create", "--data", self.folder, "--master-key-file", self.key_file, *database]
        done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=True, cwd=self.folder)
        return read_access_key(done.stdout)

    def start(self) -> None:
        """Start the server on its core."""
        self.on_server_core(self.server.start)
        self._pids = meter.tree(self.server.process.pid)

    def on_server_core(self, work: Any) -> Any:
        server_core, load_core = meter.CORES
        os.sched_setaffinity(0, {server_core})
        try:
            return work()
        finally:
            os.sched_setaffinity(0, {load_core})

    def stop(self) -> None:
        self.server.stop()

    def cpu(self) -> float:
        return meter.cpu_seconds(self._pids)

    def memory(self) -> tuple[float, float]:
        return meter.memory_mb(meter.tree(self.server.process.pid))

    def time_to_first_answer(self) -> float:
        """Seconds from starting the command to the first 200 of the health endpoint. The server must be stopped."""
        arguments, port = self.server.arguments(), self.server.port
        request = build("GET", "/_poolhouse/health", self.host, "Connection: close\r\n")

        def spawn() -> tuple[float, subprocess.Popen[bytes]]:
            start = time.perf_counter()
            return start, subprocess.Popen(
                arguments, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

        start, process = self.on_server_core(spawn)
        try:
            while not _answers(port, request):
                if process.poll() is not None or time.perf_counter() - start > 30:
                    raise RuntimeError("the server did not start")
                time.sleep(0.001)
            return time.perf_counter() - start
        finally:
            process.terminate()
            process.wait(20)

    # ------------------------------------------------------------------ content

    def furnish(self) -> None:
        """Pools, clients, users. Leaves the server running."""
        self.start()
        api = self.server.client()
        self.pool_id = api.create_user_pool(PoolName="bench", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        self.pool_name = self.pool_id.partition("_")[2]
        flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        self.client_id = api.create_user_pool_client(
            UserPoolId=self.pool_id, ClientName="api", ExplicitAuthFlows=flows
        )["UserPoolClient"]["ClientId"]
        self.web_client_id = api.create_user_pool_client(
            UserPoolId=self.pool_id,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email", "profile"],
            CallbackURLs=[REDIRECT_URI],
            SupportedIdentityProviders=["COGNITO"],
        )["UserPoolClient"]["ClientId"]
        self.machine = self._machine(self.pool_id)
        tags = {"poolhouse:signing_algorithm": "ES256"}
        self.es256_pool_id = api.create_user_pool(PoolName="es256", UserPoolTags=tags)["UserPool"]["Id"]
        self.es256_machine = self._machine(self.es256_pool_id)
        versioned = {"LambdaVersion": "V3_0", "LambdaArn": TRIGGER_ARN}
        self.trigger_pool_id = api.create_user_pool(
            PoolName="trigger", UserPoolTags=tags, LambdaConfig={"PreTokenGenerationConfig": versioned}
        )["UserPool"]["Id"]
        self.trigger_machine = self._machine(self.trigger_pool_id)
        self.argon2id_pool_id = api.create_user_pool(
            PoolName="argon2id", UserPoolTags={"poolhouse:password_storage": "argon2id"}
        )["UserPool"]["Id"]
        self.argon2id_client_id = api.create_user_pool_client(
            UserPoolId=self.argon2id_pool_id, ClientName="api", ExplicitAuthFlows=flows[1:]
        )["UserPoolClient"]["ClientId"]
        self.stop()
        self._fill()
        self.start()

    def _machine(self, pool_id: str) -> tuple[str, str]:
        """A client with client_credentials and its secret, in a pool that gets a domain."""
        api = self.server.client()
        scopes = [{"ScopeName": "read", "ScopeDescription": "read"}]
        api.create_resource_server(UserPoolId=pool_id, Identifier="bench", Name="bench", Scopes=scopes)
        api.create_user_pool_domain(Domain=f"bench{secrets.token_hex(4)}", UserPoolId=pool_id)
        made = api.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="machine",
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["bench/read"],
        )["UserPoolClient"]
        return made["ClientId"], made["ClientSecret"]

    def username(self, number: int) -> str:
        return f"bench-{number:07d}"

    @property
    def signers(self) -> list[str]:
        """Users who can sign in."""
        step = self.users / SIGNERS
        return [self.username(int(i * step)) for i in range(SIGNERS)]

    @property
    def argon2id_signers(self) -> list[str]:
        return [self.username(i) for i in range(16)]

    def _fill(self) -> None:
        if self.engine == "sqlite":
            _fill_sqlite(self.folder / SQLITE_FILE, self._tables())
        else:
            asyncio.run(_fill_postgresql(self.database_url, self._tables()))

    def _tables(self) -> list[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
        """(table, columns, rows) of everything that a user consists of."""
        now = int(time.time() * 1000) - 86_400_000
        columns = (
            "user_pool_id", "username", "sub", "status", "is_enabled", "attributes", "password", "created_at", "updated_at",
        )  # fmt: skip

        def users(pool_id: str, names: list[str], signers: set[str], kind: str) -> Iterator[tuple[Any, ...]]:
            for name in names:
                attributes = {"email": f"{name}@example.com", "email_verified": "true", "name": f"Name {name}"}
                password = self._record(pool_id, name, kind) if name in signers else None
                yield (
                    pool_id, name, str(uuid.uuid4()), "CONFIRMED", 1, json.dumps(attributes, separators=(",", ":")),
                    password, now, now,
                )  # fmt: skip

        names = [self.username(i) for i in range(self.users)]
        search = ("user_pool_id", "attribute", "value", "username")
        return [
            ("users", columns, users(self.pool_id, names, set(self.signers), "verifier")),
            (
                "users",
                columns,
                users(self.argon2id_pool_id, self.argon2id_signers, set(self.argon2id_signers), "argon2id"),
            ),
            ("user_search", search, ((self.pool_id, "email", f"{n}@example.com", n) for n in names)),
            ("user_search", search, ((self.pool_id, "name", f"name {n}", n) for n in names)),
            ("user_counts", ("user_pool_id", "slot", "users"), iter([(self.pool_id, 0, self.users)])),
        ]

    def _record(self, pool_id: str, username: str, kind: str) -> bytes:
        salt = secrets.token_bytes(16)
        if kind == "argon2id":
            record = password_hash.argon2id_record(PASSWORD, salt)
        else:
            record = done(password_hash.srp_record(power, self.pool_name, username, PASSWORD, salt))
        return self.keyring.seal(record, record_context(pool_id, username))

    # ------------------------------------------------------------------ asking and checking

    def api(self, operation: str, body: dict[str, Any], *, is_signed: bool = False) -> bytes:
        """The request of an API call, ready to send."""
        content = json.dumps(body).encode()
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        }
        if is_signed:
            headers = self.server.signed(content, headers)
        lines = "".join(
            f"{name}: {value}\r\n" for name, value in headers.items() if name.lower() not in {"host", "content-length"}
        )
        return build("POST", "/", self.host, lines, content)

    def check_signature(self, token: str) -> dict[str, Any]:
        """The claims of a token, verified by a library that is not ours with the published keys."""
        pool_id = joserfc_jwt_payload(token)["iss"].rpartition("/")[2]
        if pool_id not in self._keys:
            document = self.server.get_json(f"/{pool_id}/.well-known/jwks.json")
            self._keys[pool_id] = joserfc_jwk.KeySet.import_key_set(document)
        algorithm = "ES256" if pool_id in {self.es256_pool_id, self.trigger_pool_id} else "RS256"
        return joserfc_jwt.decode(token, self._keys[pool_id], algorithms=[algorithm]).claims

    def new_codes(self, count: int) -> dict[str, str]:
        """username -> code of the newest messages, straight from the inbox table: reading them must cost the server nothing."""
        from poolhouse.delivery import inbox

        rows = self._newest_messages(count)
        found = {}
        for pool_id, message_id, message in rows:
            content = json.loads(self.keyring.open(message, inbox.context(pool_id, message_id)))
            found[content["username"]] = content["code"]
        return found

    def _newest_messages(self, count: int) -> list[Any]:
        query = "SELECT user_pool_id, message_id, message FROM inbox_messages WHERE user_pool_id = {} ORDER BY message_id DESC LIMIT {}"
        if self.engine == "sqlite":
            database = sqlite3.connect(self.folder / SQLITE_FILE)
            try:
                return database.execute(query.format("?", "?"), (self.pool_id, count)).fetchall()
            finally:
                database.close()

        async def fetch() -> list[Any]:
            import asyncpg

            connection = await asyncpg.connect(self.database_url)
            try:
                return list(await connection.fetch(query.format("$1", "$2"), self.pool_id, count))
            finally:
                await connection.close()

        return asyncio.run(fetch())


def joserfc_jwt_payload(token: str) -> dict[str, Any]:
    import base64

    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def read_access_key(text: str) -> tuple[str, str]:
    """Key id and secret from what `poolhouse keys create` prints."""
    values = dict(
        line.removeprefix("export ").split("=", 1) for line in text.splitlines() if line.startswith("export ")
    )
    return values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]


def _answers(port: int, request: bytes) -> bool:
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(request)
            return connection.recv(4096).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def _fill_sqlite(path: Path, tables: list[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA cache_size=-1000000")
    for table, columns, rows in tables:
        database.execute("BEGIN")
        places = ", ".join("?" * len(columns))
        database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
        database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


async def _fill_postgresql(url: str, tables: list[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    for table, columns, rows in tables:
        await connection.copy_records_to_table(table, columns=columns, records=rows)
    # What autovacuum would have done a minute later.
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
