"""Runs the handler of one Python file: events on standard input, a line of JSON each; answers on standard output.

python_host.py FILE HANDLER ARN. Started by local_files.py; it needs nothing of poolhouse, and the file finds nothing of it.
"""

import importlib.util
import json
import os
import sys
import time
import traceback
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType
from typing import cast

LIMIT_SECONDS = 5.0


class Context:
    """What Lambda gives as the second argument (https://docs.aws.amazon.com/lambda/latest/dg/python-context.html)."""

    function_version = "$LATEST"
    memory_limit_in_mb = "128"
    identity = None
    client_context = None

    def __init__(self, arn: str, request_id: str) -> None:
        self.invoked_function_arn = arn
        self.function_name = arn.rpartition(":")[2]
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = "local"
        self.aws_request_id = request_id
        self._ends_at = time.monotonic() + LIMIT_SECONDS

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends_at - time.monotonic()) * 1000))


def load(file: str) -> ModuleType:
    loader = SourceFileLoader("handler", file)
    spec = importlib.util.spec_from_loader("handler", loader)
    module = sys.modules["handler"] = importlib.util.module_from_spec(cast("ModuleSpec", spec))
    loader.exec_module(module)
    return module


def main(file: str, name: str, arn: str) -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the function prints is for the log
    sys.path[0] = os.path.dirname(file)  # noqa: PTH120  its own folder, not ours
    handler, error = None, None
    try:
        handler = getattr(load(file), name)
    except Exception as failure:
        traceback.print_exc()
        error = str(failure)
    for line in sys.stdin:
        asked = json.loads(line)
        if handler is None:
            text = json.dumps({"error": error})
        else:
            try:
                text = json.dumps({"answer": handler(asked["event"], Context(arn, asked["requestId"]))})
            except Exception as failure:
                traceback.print_exc()
                text = json.dumps({"error": str(failure)})
        sys.stdout.flush()
        answers.write(text + "\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
