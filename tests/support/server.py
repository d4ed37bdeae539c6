"""A running poolhouse: the real command in a process of its own, and what tests ask of it."""

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from poolhouse.api.errors import ProtocolError
from poolhouse.api.registry import OPERATIONS
from tests.support.inbox import Inbox
from tests.support.ports import free_port

START_SECONDS = 30
STOP_SECONDS = 20
REGION = "us-east-1"
KEPT = {"POOLHOUSE_MULTI_BUFFER"}  # `false` runs the tests without it
DUMMY_KEYS = ("test", "test")
COMMAND = Path(sys.executable).with_name("poolhouse")
TARGET = "AWSCognitoIdentityProviderService."
JSON_11 = "application/x-amz-json-1.1"
WORKING = frozenset(name for name, handler in OPERATIONS.items() if handler is not None)


# For clear text. To read in the authorities of the whole world costs a client 50 ms, and the tests make thousands of clients.
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

# Errors from before any operation runs; and a message that could not be sent, whatever sends it (user-pools-api.md §2, MSG).
UNDECLARED = {kind.__name__ for kind in ProtocolError.__subclasses__()} | {"CodeDeliveryFailureException"}


def _check_declared(http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:
    """An operation fails only with errors that the service model declares for it."""
    if http_response.status_code != 400 or model.name not in WORKING:
        return
    declared = {shape.name for shape in model.error_shapes}
    code = parsed["Error"]["Code"]
    assert code in declared | UNDECLARED, f"{model.name} does not declare {code}"


class Server:
    """One `poolhouse dev` or `poolhouse serve` on a free port.

    options: extra command-line flags.  environment: extra variables.  keys: access key id and secret that clients sign with.
    """

    def __init__(
        self,
        data: Path,
        *options: str,
        command: str = "dev",
        database_url: str = "",
        environment: dict[str, str] | None = None,
        keys: tuple[str, str] = DUMMY_KEYS,
        scheme: str = "http",
        port: int = 0,
    ) -> None:
        self.data = data
        self.command = command
        self.database_url = database_url
        self.options = list(options)
        self.environment = environment or {}
        self.keys = keys
        self.port = port or free_port()
        self.scheme = scheme
        self.url = f"{scheme}://localhost:{self.port}"
        self.log = data / "poolhouse.log"
        self.process: subprocess.Popen[bytes] | None = None
        # The loopback address, not its name: some machines try ::1 first and wait.
        self._authority = data / "local-ca.pem" if scheme == "https" else None
        self._http: httpx.Client | None = None
        self.inbox = Inbox(self)

    # ------------------------------------------------------------------ life

    def arguments(self) -> list[str]:
        database = ["--database-url", self.database_url] if self.database_url else []
        return [
            str(COMMAND),
            self.command,
            "--port",
            str(self.port),
            "--data",
            str(self.data),
            *database,
            *self.options,
        ]

    def start(self) -> "Server":
        self.data.mkdir(parents=True, exist_ok=True)
        clean = {name: text for name, text in os.environ.items() if name in KEPT or not name.startswith("POOLHOUSE_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.arguments(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data,  # No poolhouse.toml of the developer's.
                env={**clean, **self.environment},
                start_new_session=True,
            )
        self._wait()
        return self

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                if self.http.get("/_poolhouse/health").status_code == 200:
                    return
            except (httpx.TransportError, OSError):
                self._close_http()  # A TLS server writes its CA while it starts: read it anew.
            time.sleep(0.02)
        log = self.read_log()
        self.stop()
        raise RuntimeError(f"poolhouse did not start: {' '.join(self.arguments())}\n{log}")

    def stop(self) -> int | None:
        """Ask it to end, wait; its exit status."""
        self._close_http()
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"poolhouse ignored SIGTERM for {STOP_SECONDS} s:\n{self.read_log()}") from None
        self.process = None
        return status

    def kill(self) -> None:
        """kill -9 of the server and its workers."""
        self._close_http()
        if self.process is not None:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def read_log(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _close_http(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    # ------------------------------------------------------------------ asking

    @property
    def http(self) -> httpx.Client:
        """Plain HTTP at the public URL; follows no redirect and keeps no cookie between requests that set none."""
        if self._http is None:
            self._http = httpx.Client(base_url=self.url, timeout=30, trust_env=False, verify=self.trust())
        return self._http

    def browser(self) -> httpx.Client:
        """A new cookie jar."""
        return httpx.Client(base_url=self.url, timeout=30, trust_env=False, verify=self.trust())

    def trust(self) -> ssl.SSLContext:
        """Whom a client of this server trusts: the local authority of a server with TLS; else nobody."""
        return ssl.create_default_context(cafile=str(self._authority)) if self._authority else NOBODY

    def client(self, *, validate: bool = True, keys: tuple[str, str] | None = None) -> Any:
        """A boto3 cognito-idp client. validate=False lets wrong parameters reach the server."""
        key_id, secret = keys or self.keys
        client = boto3.client(
            "cognito-idp",
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=key_id,
            aws_secret_access_key=secret,
            verify=str(self._authority) if self._authority else None,
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=validate, max_pool_connections=64),
        )
        client.meta.events.register("after-call.cognito-idp", _check_declared)
        return client

    def call(
        self, operation: str, body: Any = None, *, sign: bool = True, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """One raw API call: body is encoded as JSON unless it is bytes."""
        import json

        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        sent = {"Content-Type": JSON_11, "X-Amz-Target": TARGET + operation, **(headers or {})}
        if sign:
            sent = self.signed(content, sent)
        return self.http.post("/", content=content, headers=sent)

    def signed(self, content: bytes, headers: dict[str, str], keys: tuple[str, str] | None = None) -> dict[str, str]:
        """The headers with a SigV4 signature for POST /."""
        request = AWSRequest("POST", self.url + "/", data=content, headers=headers)
        SigV4Auth(Credentials(*(keys or self.keys)), "cognito-idp", REGION).add_auth(request)
        return dict(request.headers)

    def get_json(self, path: str, **query: Any) -> Any:
        answer = self.http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def advance_clock(self, seconds: float) -> None:
        """Let the server's clock run ahead (`dev` only)."""
        self.http.post("/_poolhouse/api/clock", json={"advance_seconds": seconds}).raise_for_status()

    # ------------------------------------------------------------------ the demo pool

    demo_user_pool_id = "us-east-1_PoolHouse"
    demo_client_id = "poolhousedemoapplication01"
    demo_username = "demo"
    demo_password = "Poolhouse-1"


@contextmanager
def starter(new_database_url: Callable[[], str], folders: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Gives a function that starts servers as the fixture `start_server` says; they stop at the end."""
    started: list[Server] = []

    def start(
        *options: str, start: bool = True, data: Path | None = None, database_url: str | None = None, **more: Any
    ) -> Server:
        url = new_database_url() if database_url is None else database_url
        server = Server(data or folders.mktemp("server"), *options, database_url=url, **more)
        started.append(server)
        return server.start() if start else server

    try:
        yield start
    finally:
        for server in started:
            server.stop()
