"""`make bench`: the machine's limits, then every operation on SQLite and PostgreSQL; a table, and a plot beside the aims."""

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from poolhouse.crypto import multi_buffer
from tests.bench import limits, machine, meter, report
from tests.bench.latency import LATENCY, Times
from tests.bench.report import EngineResult, Result, Scaling
from tests.bench.workloads import SCALED, WORKLOADS, Driver, Sample
from tests.bench.world import World
from tests.support.postgres import Cluster

START_ROUNDS = 5
WARM_SECONDS = 3  # the server makes templates and spare keys after its first second; idle is what comes then


def main() -> None:
    options = _options()
    if options.without_ifma and machine.IFMA_SWITCH not in os.environ:
        # OpenSSL reads it when it is loaded, so this program has to begin again.
        os.environ[machine.IFMA_SWITCH] = machine.IFMA_OFF
        os.execv(sys.executable, [sys.executable, "-m", "tests.bench", *sys.argv[1:]])
    with tempfile.TemporaryDirectory(prefix="poolhouse-bench-", dir=options.folder) as folder:
        os.sched_setaffinity(0, {meter.CORES[1]})
        measured = limits.Limits()
        results: list[EngineResult] = []
        postgres = ""
        for engine in options.engines:
            with _database(engine) as cluster:
                if cluster:
                    postgres = machine.postgres_version(cluster.binaries)
                results.append(_run_engine(engine, cluster, Path(folder), measured, options))
    facts = machine.describe(postgres)
    sys.stdout.write(report.text(facts, measured, results) + "\n")
    if options.write:
        report.write(facts, measured, results)
        sys.stdout.write(f"\nWritten: {report.PAGE}, {report.PLOT}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["sqlite", "postgresql"])
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="names of operations")
    parser.add_argument("--users", type=int, default=1_000_000, help="users of the large pool; 0 leaves scaling out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each operation in each round")
    parser.add_argument("--quick", action="store_true", help="3 rounds of half a second, 20,000 users, nothing written")
    parser.add_argument("--attempts", type=int, default=6, help="at a sample that other programs do not disturb")
    parser.add_argument("--write", action=argparse.BooleanOptionalAction, default=None, help="docs/performance.*")
    parser.add_argument("--without-ifma", action="store_true", help="as on a CPU without AVX512-IFMA; nothing written")
    parser.add_argument("--folder", default=None, help="where the databases are made; default: the temporary folder")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.users = 3, min(options.seconds, 0.5), min(options.users, 20_000)
    if options.write is None:
        options.write = not (options.quick or options.only or options.without_ifma or len(options.engines) < 2)
    known = {workload.name for workload in WORKLOADS}
    if unknown := set(options.only) - known:
        parser.error(f"unknown operation {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    return options


@contextlib.contextmanager
def _database(engine: str) -> Iterator[Cluster | None]:
    if engine == "sqlite":
        yield None
        return
    # PostgreSQL's own processes share the core of the load generator, so that the server's core is the server's alone.
    cluster = Cluster()
    try:
        # As in production: an acknowledged write is on the disk.
        cluster.start(fsync="on", full_page_writes="on", shared_buffers="256MB")
        yield cluster
    finally:
        cluster.stop()


def _run_engine(
    engine: str, cluster: Cluster | None, folder: Path, measured: limits.Limits, options: argparse.Namespace
) -> EngineResult:
    def database_cpu() -> float:
        return meter.cpu_seconds(meter.tree(cluster.process.pid)) if cluster and cluster.process else 0.0

    def world(users: int, *others: str) -> World:
        where = folder / f"{engine}-{len(worlds)}"
        made = World(engine, users, where, cluster.create_database() if cluster else "", *others)
        _say(f"{engine}: a pool with {users:,} users{''.join(f', {other}' for other in others)}")
        made.furnish()
        return made

    chosen = [workload for workload in WORKLOADS if not options.only or workload.name in options.only]
    scaled = [workload for workload in SCALED if workload in chosen]
    is_batched = multi_buffer.choose(is_wanted=True)[0] is not None and any(w.is_batched for w in chosen)
    worlds: list[World] = []
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            worlds.append(world(1000))
            small = Driver(worlds[0], runner, database_cpu, options.attempts)
            time.sleep(WARM_SECONDS)
            memory_idle = worlds[0].memory()
            small.prepare()
            alone = None
            if is_batched:
                worlds.append(world(1000, "--no-multi-buffer"))
                alone = Driver(worlds[-1], runner, database_cpu, options.attempts)
                alone.prepare()
            large = None
            if options.users and scaled:
                worlds.append(world(options.users))
                large = Driver(worlds[-1], runner, database_cpu, options.attempts)
                large.prepare()
            samples: dict[str, list[Sample]] = {workload.name: [] for workload in chosen}
            alone_samples: dict[str, list[Sample]] = {workload.name: [] for workload in chosen}
            times = Times()
            scaling: dict[str, list[tuple[Sample, Sample]]] = {workload.name: [] for workload in scaled}
            for number in range(options.rounds):
                _say(f"{engine}: round {number + 1} of {options.rounds}")
                if options.attempts > 1:
                    meter.wait_for_rest()
                measured.measure(meter.CORES[0], options.seconds / 6)
                measured.add_commits(engine, _commits(engine, worlds[0], options.seconds / 4))
                for workload in chosen:
                    sample = small.measure(workload, options.seconds)
                    samples[workload.name].append(sample)
                    if alone and workload.is_batched:
                        alone_samples[workload.name].append(alone.measure(workload, options.seconds))
                    if large and workload in scaled:
                        scaling[workload.name].append((sample, large.measure(workload, options.seconds)))
                for workload in LATENCY:
                    if workload in chosen:
                        times.measure(workload, small, alone, options.seconds)
            memory_busy = worlds[0].memory()
            worlds[0].stop()
            starts = []
            for _ in range(START_ROUNDS):
                if options.attempts > 1:
                    meter.wait_for_rest()
                starts.append(worlds[0].time_to_first_answer())
        finally:
            for made in worlds:
                made.stop()
    return EngineResult(
        engine,
        [Result(workload, samples[workload.name], alone_samples[workload.name]) for workload in chosen],
        [Scaling(workload.label, options.users, scaling[workload.name]) for workload in scaled if large],
        statistics.median(starts),
        memory_idle,
        memory_busy,
        times.results(),
    )


def _commits(engine: str, world: World, seconds: float) -> float:
    if engine == "sqlite":
        return limits.sqlite_commits(world.folder, seconds)
    return limits.postgresql_commits(world.database_url, seconds)


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {text}\n")


if __name__ == "__main__":
    main()
