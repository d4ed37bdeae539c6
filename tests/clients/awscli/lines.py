"""The AWS CLI, started once for many commands: each line of JSON in is the arguments of one, each line out how it ended.

The command `aws` is `awscli.clidriver.main` in a process of its own, and the start of Python is most of what it takes.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

from awscli.clidriver import main


def ended(arguments: list[str]) -> dict[str, object]:
    out, problem = io.StringIO(), io.StringIO()
    sys.argv = ["aws", *arguments]
    with redirect_stdout(out), redirect_stderr(problem):
        code = main()
    return {"code": code, "out": out.getvalue(), "problem": problem.getvalue()}


for line in sys.stdin:
    sys.stdout.write(json.dumps(ended(json.loads(line))) + "\n")
    sys.stdout.flush()
