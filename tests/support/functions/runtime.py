"""Lambda's Runtime API, to which AWS's own runtime interface client (awslambdaric) connects: it runs a function as Lambda does."""

import itertools
import os
import queue
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SECONDS = 30.0  # for a start and an answer
_PATH = "/2018-06-01/runtime/"


class Runtime(ThreadingHTTPServer):
    """One function in one process of the client. log: what it prints."""

    daemon_threads = True

    def __init__(self, file: Path, log: Path, environment: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: queue.Queue[tuple[str, str, bytes]] = queue.Queue()
        self.answers: dict[str, queue.Queue[tuple[bool, bytes]]] = {}
        self._ids = itertools.count(1)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", f"{file.stem}.lambda_handler"],
                cwd=file.parent,
                env={
                    **os.environ,
                    **environment,
                    "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server_port}",
                    "AWS_LAMBDA_FUNCTION_NAME": file.stem,
                    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
                    "LAMBDA_TASK_ROOT": str(file.parent),
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def invoke(self, function: str, event: bytes) -> tuple[bool, bytes]:
        """Whether it went well, and what the function returned, or how Lambda reports what it raised."""
        request_id = f"00000000-0000-4000-8000-{next(self._ids):012}"
        answer = self.answers[request_id] = queue.Queue()
        self.events.put((request_id, function, event))
        return answer.get(timeout=SECONDS)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Runtime
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        assert self.path == f"{_PATH}invocation/next"
        request_id, function, event = self.server.events.get()
        told = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Invoked-Function-Arn": function,
            "Lambda-Runtime-Deadline-Ms": "4102444800000",
            "Content-Type": "application/json",
        }
        self._answer(200, told, event)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        _, request_id, kind = self.path.removeprefix(_PATH).split("/")
        self.server.answers.pop(request_id).put((kind == "response", body))
        self._answer(202, {}, b'{"status":"OK"}')

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


class Runtimes:
    """Of all files of a folder, each started when it is first asked for."""

    def __init__(self, files: Path, logs: Path, environment: dict[str, str]) -> None:
        self._files, self._logs, self._environment = files, logs, environment
        self._running: dict[str, Runtime] = {}
        self._turn = threading.Lock()

    def invoke(self, stem: str, function: str, event: bytes) -> tuple[bool, bytes]:
        with self._turn:
            if stem not in self._running:
                log = self._logs / f"{stem}.runtime.log"
                self._running[stem] = Runtime(self._files / f"{stem}.py", log, self._environment)
            return self._running[stem].invoke(function, event)

    def stop(self) -> None:
        for each in self._running.values():
            each.stop()
