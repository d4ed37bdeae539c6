"""`make compare BASE=<commit>`: what an operation costs here against a commit before; paired, interleaved.

Both servers run side by side on the same core, one asleep while the other is asked. Of each round both are measured,
the first in one round being the second in the next, so that a machine that warms up or is disturbed does not tell for
one of them. A cost is the CPU time of the server and of its database for one right answer.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.bench import meter
from tests.bench.workloads import WORKLOADS

ROOT = Path(__file__).parents[2]
STATION = Path(__file__).parent / "station.py"


@dataclass
class Cost:
    """Microseconds of CPU for one answer."""

    server: float
    database: float

    @property
    def total(self) -> float:
        return self.server + self.database


class Station:
    """A tree's server and its load, waiting to be asked. known: the names of what it can measure, once it is set up."""

    def __init__(self, tree: Path, engine: str, users: int, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [tree / ".venv" / "bin" / "python", STATION, engine, str(users)],
            cwd=tree,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @cached_property
    def known(self) -> list[str]:
        return self._read()

    def _read(self) -> list:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a server could not be measured; its last words are above")
        return json.loads(line)

    def measure(self, name: str, seconds: float) -> Cost:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, seconds]) + "\n")
        self._process.stdin.flush()
        count, cpu, database_cpu, _foreign = self._read()
        return Cost(cpu / count * 1e6, database_cpu / count * 1e6)

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)


def main() -> None:
    names = [workload.name for workload in WORKLOADS]
    parser = argparse.ArgumentParser(prog="python -m tests.bench.compare", description=__doc__.partition("\n")[0])
    parser.add_argument("base", help="a commit, or the folder of a tree that is set up")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["sqlite", "postgresql"])
    parser.add_argument("--only", type=lambda text: text.split(","), default=names, help="names of operations")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each operation in each round")
    patience = meter.PATIENCE_SECONDS
    parser.add_argument("--patience", type=float, default=patience, help="seconds to wait for a quiet machine")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--one-at-a-time", action="store_true", help="here without the multi-buffer library")
    options = parser.parse_args()
    if Path(options.base).is_dir():
        _compare(Path(options.base).resolve(), options)
        return
    with tempfile.TemporaryDirectory(prefix="poolhouse-base-") as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, options.base], check=True, cwd=ROOT)
        try:
            subprocess.run(["make", "--quiet", "setup"], check=True, cwd=tree, stdout=subprocess.DEVNULL)
            _compare(tree, options)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], check=True, cwd=ROOT)


def _compare(base: Path, options: argparse.Namespace) -> None:
    for engine in options.engines:
        here = {"POOLHOUSE_MULTI_BUFFER": "false"} if options.one_at_a_time else {}
        stations = [Station(base, engine, options.users, {}), Station(ROOT, engine, options.users, here)]
        try:
            known = [set(station.known) for station in stations]  # Both set themselves up at the same time.
            names = [name for name in options.only if all(name in each for each in known)]
            print(f"{engine}: microseconds of CPU for one answer, server + database; median of {options.rounds} rounds")
            print(f"  {'':20}{'before':>16}{'now':>16}   rate, now : before (quartiles)")
            for name in names:
                print(_line(name, _rounds(stations, name, options)), flush=True)
        finally:
            for station in stations:
                station.stop()


def _rounds(stations: list[Station], name: str, options: argparse.Namespace) -> list[tuple[Cost, Cost]]:
    for station in stations:
        station.measure(name, options.seconds / 2)  # caches, remembered signatures
    pairs = []
    for number in range(options.rounds):
        meter.wait_for_rest(options.patience)
        order = (0, 1) if number % 2 == 0 else (1, 0)
        measured = {index: stations[index].measure(name, options.seconds) for index in order}
        pairs.append((measured[0], measured[1]))
    return pairs


def _line(name: str, pairs: list[tuple[Cost, Cost]]) -> str:
    before, now = ([pair[index] for pair in pairs] for index in (0, 1))
    ratios = [old.total / new.total for old, new in pairs]
    low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return f"  {name:20}{_cost(before):>16}{_cost(now):>16}   {middle:.3f} ({low:.3f} to {high:.3f})"


def _cost(costs: list[Cost]) -> str:
    server, database = (statistics.median(getattr(cost, part) for cost in costs) for part in ("server", "database"))
    return f"{server:,.0f}" + (f" + {database:,.0f}" if database else "")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    main()
