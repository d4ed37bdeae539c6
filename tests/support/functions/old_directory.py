"""What examples/triggers/migrate_users.py asks: a directory of users in JSON over HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def old_directory(users: dict[str, tuple[str, dict[str, str]]]) -> Iterator[str]:
    """Its address. users: name -> (password, attributes); may change while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            password, attributes = users.get(asked["username"], ("", {}))
            status = 404 if not attributes else 401 if asked.get("password", password) != password else 200
            body = json.dumps(attributes).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
