"""A `dev` server without a socket, in a thread and event loop of its own: for what needs a hand inside a running server."""

import asyncio
import threading
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from poolhouse import config, server
from poolhouse.asgi import Response
from poolhouse.cli import seed
from poolhouse.crypto.seal import Keyring

T = TypeVar("T")
CLIENT_ID = "poolhousedemoapplication01"
TARGET = "AWSCognitoIdentityProviderService."


class House:
    """One `dev` server without a socket: started, asked and stopped in its own thread."""

    def __init__(self, data: Path) -> None:
        data.mkdir()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        Keyring.create_file(data / "master.key")
        settings = config.resolve(config.Settings(data=data, mode="dev"))
        self.app = server.create_app(settings, seed.ensure_demo)
        self._running = self.app._running()
        self.do(self._running.__aenter__())

    def do(self, work: Awaitable[T]) -> T:
        async def run() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(30)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        sent = {"host": "localhost:9229", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self._send(method, path, msgspec.json.encode(body) if body is not None else b"", sent)

    def post_form(self, path: str, form: str, **headers: str) -> Response:
        kind = {"host": "localhost:9229", "content-type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, form.encode(), {**kind, **headers})

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Response:
        path, _, query = path.partition("?")
        request = self.app.new_request(method, path, query, headers, "127.0.0.1")
        request.body = body
        return self.do(self.app.dispatch(request))

    def sign_in(self, password: str) -> Response:
        parameters = {"USERNAME": "demo", "PASSWORD": password}
        body = {"ClientId": CLIENT_ID, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
        target = TARGET + "InitiateAuth"
        return self.ask("POST", "/", body, content_type="application/x-amz-json-1.1", x_amz_target=target)

    def now(self) -> float:
        answer = self.ask("GET", "/_poolhouse/api/clock")
        return float(msgspec.json.decode(answer.body)["now"])

    def stop(self) -> None:
        if self._thread.is_alive():
            self.do(self._running.__aexit__(None, None, None))
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
