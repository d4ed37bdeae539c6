"""Runs the handler of one Python file: events on standard input, a line of JSON each; answers on standard output.

python_host.py FILE HANDLER ARN. Started by local_files.py; it needs nothing of poolhouse, and the file finds nothing of it.
"""

import importlib.util
import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable
from importlib.machinery import ModuleSpec, SourceFileLoader
from io import TextIOWrapper
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


def tell(failure: Exception) -> None:
    """Print the traceback as whoever wrote the file wants it: without what is ours, which comes first."""
    trace = failure.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith((__file__, "<frozen importlib")):
        trace = trace.tb_next
    traceback.print_exception(type(failure), failure, trace)


def main(file: str, name: str, arn: str) -> None:
    module = os.path.splitext(os.path.basename(file))[0]  # noqa: PTH119, PTH122  pathlib would cost each start its import
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the function prints is for the log, and in its order there
    cast("TextIOWrapper", sys.stdout).reconfigure(line_buffering=True)
    sys.path[0] = os.path.dirname(file)  # noqa: PTH120  its own folder, not ours
    # As on Lambda: what is logged at WARNING and above appears, or from the level that the function sets.
    logging.basicConfig(stream=sys.stderr, format="[%(levelname)s] %(message)s")
    handler, error = None, None
    try:  # the words of each error are those of Lambda
        handler = getattr(load(file), name, None)
        error = f"Handler '{name}' missing on module '{module}'"
    except ImportError as failure:
        tell(failure)
        error = f"Unable to import module '{module}': {failure}"
    except SyntaxError as failure:
        tell(failure)
        error = f"Syntax error in module '{module}': {failure}"
    except Exception as failure:
        tell(failure)
        error = str(failure)
    for line in sys.stdin:
        asked = json.loads(line)
        context = Context(arn, asked["requestId"])
        text = json.dumps({"error": error}) if handler is None else answered(handler, asked["event"], context)
        answers.write(text + "\n")
        answers.flush()


def answered(handler: Callable[[object, Context], object], event: object, context: Context) -> str:
    """The line that says what came of one event."""
    try:
        answer = handler(event, context)
    except Exception as failure:
        tell(failure)
        return json.dumps({"error": str(failure)})
    try:
        return json.dumps({"answer": answer})
    except (TypeError, ValueError, RecursionError) as failure:
        return json.dumps({"error": f"Unable to marshal response: {failure}"})


if __name__ == "__main__":
    main(*sys.argv[1:])
