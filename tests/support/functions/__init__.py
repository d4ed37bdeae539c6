"""Functions behind triggers, and the two kinds of address that they can stand at."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.functions import codes, kms, recorder
from tests.support.functions.runtime import Runtimes
from tests.support.server import Server

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "triggers"
RUNTIME = "-runtime"  # an example behind the Invoke API, run by AWS's own runtime interface client
KINDS = ("python", "node", "lambda", "webhook")
SECRET = "a-secret-of-the-test-that-is-long"
AWS_KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


def arn(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:123456789012:function:{name}"


class _Context:
    def __init__(self, function: str, request_id: str) -> None:
        self.invoked_function_arn = function
        self.aws_request_id = request_id


class _Handler(BaseHTTPRequestHandler):
    """Lambda's Invoke API and a webhook, both with the function of recorder.py; and KMS. What is wrongly signed is refused."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/webhook":
            status, headers, answer = self._webhook(body)
        elif self.path == "/":
            status, headers, answer = self._kms(body)
        else:
            status, headers, answer = self._invoke(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _invoke(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        function = unquote(self.path.split("/")[3])
        if function.endswith(":absent"):
            return 404, {"x-amzn-errortype": "ResourceNotFoundException"}, b'{"Message":"Function not found"}'
        names = ("content-type", "x-amz-date", "x-amz-invocation-type")
        if function.endswith(":forbidden") or self.headers["authorization"] != self._signature(body, "lambda", names):
            return 403, {"x-amzn-errortype": "AccessDeniedException:http://internal"}, b"{}"
        if function.endswith(RUNTIME):
            stem = function.rpartition(":")[2].removesuffix(RUNTIME)
            went_well, answer = self.server.runtimes.invoke(stem, function, body)
            return 200, {} if went_well else {"x-amz-function-error": "Unhandled"}, answer
        try:
            answered = recorder.lambda_handler(json.loads(body), _Context(function, ""))
            if self.headers["x-amz-invocation-type"] == "Event":
                return 202, {}, b""
            return 200, {}, json.dumps(answered).encode()
        except ValueError as error:
            told = {"errorMessage": str(error), "errorType": "ValueError", "stackTrace": []}
            return 200, {"x-amz-function-error": "Unhandled"}, json.dumps(told).encode()

    def _kms(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        names = ("content-type", "x-amz-date", "x-amz-target")
        is_sdk = "Boto3" in self.headers["user-agent"]  # who decrypts has credentials of its own
        if not is_sdk and self.headers["authorization"] != self._signature(body, "kms", names):
            return 403, {}, b'{"__type":"AccessDeniedException"}'
        status, answered = kms.answer(self.headers["x-amz-target"], body)
        return status, {}, answered

    def _signature(self, body: bytes, service: str, names: tuple[str, ...]) -> str:
        """botocore's own, over what has come."""
        url = f"http://{self.headers['host']}{self.path}"
        told = {name: self.headers[name] for name in names}
        request = AWSRequest("POST", url, data=body, headers=told)
        request.context["timestamp"] = self.headers["x-amz-date"]
        signer = SigV4Auth(Credentials(*AWS_KEY), service, "us-east-1" if service == "lambda" else "eu-central-1")
        text = signer.string_to_sign(request, signer.canonical_request(request))
        signature = signer.signature(text, request)
        signed = ";".join(sorted(["host", *names]))
        return f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={signed}, Signature={signature}"

    def _webhook(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        signed = self.headers["poolhouse-timestamp"].encode() + b"." + body
        expected = "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, self.headers["poolhouse-signature"]):
            return 401, {}, b""
        try:
            return 200, {}, json.dumps(recorder.lambda_handler(json.loads(body), _Context(arn("webhook"), ""))).encode()
        except ValueError as error:
            return 400, {}, json.dumps({"errorMessage": str(error)}).encode()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    runtimes: Runtimes


@contextmanager
def addresses(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """`http://127.0.0.1:<port>`, while it lasts. folder: for the logs of real runtimes, which have this environment."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.runtimes = Runtimes(EXAMPLES, folder, environment)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        server.runtimes.stop()


class Functions:
    """What the functions of one server were told, and what they are to do."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address

    def write_settings(self, data: Path, address: str) -> None:
        """Rows for every kind of target, and for the examples by their file names."""
        here = Path(__file__).parent
        (data / "recorder.py").write_text((here / "recorder.py").read_text())
        (data / "recorder.mjs").write_text((here / "recorder.mjs").read_text())
        rows = {
            arn("python"): "recorder.py",
            arn("node"): "recorder.mjs",
            arn("webhook"): f"{address}/webhook",
            arn("lambda"): f"lambda+{address}",
            arn("absent"): f"lambda+{address}",
            arn("forbidden"): f"lambda+{address}",
            **{arn(f"{file.stem}-{file.suffix[1:]}"): str(file) for file in EXAMPLES.glob("*.*")},
            **{arn(f"{file.stem}{RUNTIME}"): f"lambda+{address}" for file in EXAMPLES.glob("*.py")},
            arn("dead"): "lambda+http://127.0.0.1:9",
            arn("dead-too"): "lambda+http://127.0.0.1:10",
            arn("dead-as-well"): "lambda+http://127.0.0.1:10",
        }
        lines = [f'webhook_secret = "{SECRET}"', "[triggers]", *(f'"{at}" = "{target}"' for at, target in rows.items())]
        (data / "codes.key").write_text(base64.b64encode(codes.RAW_KEY).decode() + "\n")
        lines += ["[kms_keys]", f'"{codes.RAW_ARN}" = "codes.key"', f'"{codes.KMS_ARN}" = "kms+{address}"']
        (data / "poolhouse.toml").write_text("\n".join(lines) + "\n")

    def tell(self, user_pool_id: str, trigger: str, **wanted: Any) -> None:
        """trigger: the first word of its sources. wanted: see recorder.py."""
        (self.folder / f"{user_pool_id}.{trigger}").write_text(json.dumps(wanted))

    def told(self, user_pool_id: str) -> list[dict[str, Any]]:
        """The events since the last question, the oldest first."""
        return [each["event"] for each in self.calls(user_pool_id)]

    def wait(self, user_pool_id: str, count: int = 1, seconds: float = 30) -> list[dict[str, Any]]:
        """As told, once there are as many: for functions that nobody waits for."""
        found: list[dict[str, Any]] = []
        end = time.monotonic() + seconds
        while len(found) < count:
            assert time.monotonic() < end, f"{found} within {seconds} s, not {count}"
            time.sleep(0.02)
            found += self.told(user_pool_id)
        return found

    def calls(self, user_pool_id: str) -> list[dict[str, Any]]:
        file = self.folder / f"{user_pool_id}.events"
        if not file.exists():
            return []
        lines = file.read_text().splitlines()
        file.unlink()
        return [json.loads(line) for line in lines]


@contextmanager
def served(data: Path, folder: Path, **environment: str) -> Iterator[tuple[Server, Functions]]:
    """A server whose ARNs `arn(kind)` lead to recorder.py or recorder.mjs."""
    import os

    os.environ["RECORDER_FOLDER"] = str(folder)  # for those that run in this process
    with addresses(folder, environment) as address:
        functions = Functions(folder, address)
        functions.write_settings(data, address)
        environment |= {
            "RECORDER_FOLDER": str(folder),
            "AWS_ACCESS_KEY_ID": AWS_KEY[0],
            "AWS_SECRET_ACCESS_KEY": AWS_KEY[1],
        }
        server = Server(data, environment=environment).start()
        try:
            yield server, functions
        finally:
            server.stop()
