"""`make conformance`: every fault of every operation that the service model allows for, each answered by exactly its error."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.conformance.generated import run
from tests.support.server import Server


def main() -> int:
    parser = argparse.ArgumentParser(prog="make conformance ARGS=...", description=__doc__)
    parser.add_argument("--operation", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--cases", type=int, help="only as many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.monotonic()
    cases = run.all_cases(arguments.operation)
    with tempfile.TemporaryDirectory(prefix="poolhouse-conformance-") as folder:
        server = Server(Path(folder)).start()
        try:
            chosen = run.share(cases, arguments.cases, arguments.seed) if arguments.cases else cases
            account = run.send(server, chosen)
        finally:
            server.stop()
    print(f"{account}, in {time.monotonic() - began:.0f} s")
    return 1 if account.wrong or not account.asked else 0


sys.exit(main())
