"""`make fuzz`: the long form of the programmes of this folder; `make test` runs a seeded share of each."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fuzz import addresses, http_requests

PROGRAMMES = {"http": http_requests.main, "addresses": addresses.main}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz ARGS=...", description=__doc__)
    parser.add_argument("programmes", nargs="*", default=[*PROGRAMMES], help=", ".join(PROGRAMMES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sequences", type=int, default=5_000, help="of odd requests")
    parser.add_argument("--addresses", type=int, default=20_000, help="odd e-mail addresses")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="poolhouse-fuzz-") as folder:
        held = [PROGRAMMES[name](arguments, Path(folder)) for name in arguments.programmes]
    return 0 if all(held) else 1


sys.exit(main())
