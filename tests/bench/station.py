"""One of the two servers that `compare` sets against each other: measures what it is asked for, a line in, a line out.

It is started by its path, with another tree's Python in that tree's folder: what it imports is what that tree measures
itself with, so that a tree can be compared which does not have this file yet.
"""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path.cwd())  # in place of this folder

import uvloop  # noqa: E402

from tests.bench import meter  # noqa: E402
from tests.bench.workloads import WORKLOADS, Driver  # noqa: E402
from tests.bench.world import World  # noqa: E402
from tests.support.postgres import Cluster  # noqa: E402


def main() -> None:
    engine, users = sys.argv[1], int(sys.argv[2])
    answers, sys.stdout = sys.stdout, sys.stderr
    workloads = {workload.name: workload for workload in WORKLOADS}
    os.sched_setaffinity(0, {meter.CORES[1]})
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="poolhouse-compare-")))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        url, database_cpu = "", lambda: 0.0
        if engine == "postgresql":
            cluster = Cluster()
            stack.callback(cluster.stop)
            cluster.start(fsync="on", full_page_writes="on", shared_buffers="256MB")
            url = cluster.create_database()
            database_cpu = lambda: meter.cpu_seconds(meter.tree(cluster.process.pid))
        world = World(engine, users, folder / "world", url)
        stack.callback(world.stop)
        world.furnish()
        driver = Driver(world, runner, database_cpu, attempts=1)
        driver.prepare()
        time.sleep(2)
        print(json.dumps(sorted(workloads)), file=answers, flush=True)
        for line in sys.stdin:
            name, seconds = json.loads(line)
            sample = driver.measure(workloads[name], seconds)
            print(json.dumps([sample.count, sample.cpu, sample.database_cpu, sample.foreign]), file=answers, flush=True)


if __name__ == "__main__":
    main()
