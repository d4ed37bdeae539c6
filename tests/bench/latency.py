"""How long one request takes: alone on the server, and in a crowd."""

import statistics
from collections import defaultdict

from tests.bench.report import Latency
from tests.bench.workloads import WORKLOADS, Driver, Workload

LATENCY = [workload for workload in WORKLOADS if workload.name in ("client_credentials", "srp")]
CROWDED = "client_credentials"
CROWD = 200  # connections
CROWD_FACTOR = (
    20  # p99 stays under so many times what the crowd would take if nobody had to wait for anything but the processor
)
CORES = 1  # of the server


class Times:
    """Collected over the rounds; one server after the other, the first in one round being the second in the next."""

    def __init__(self) -> None:
        self._alone: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self._crowd: list[tuple[float, float]] = []
        self._labels: dict[str, str] = {}

    def measure(self, workload: Workload, server: Driver, without: Driver | None, seconds: float) -> None:
        """without: a server that computes one after the other, or None."""
        self._labels[workload.name] = workload.label
        servers = [server] if without is None else [server, without]
        turns = servers if len(self._alone[workload.name]) % 2 else servers[::-1]
        medians = {id(each): _median(each.measure_latency(workload, seconds / 2, 1)[1]) for each in turns}
        self._alone[workload.name].append((medians[id(server)], medians[id(servers[-1])]))
        if workload.name == CROWDED:
            sample, times = server.measure_latency(workload, seconds, CROWD)
            self._crowd.append((times[int(len(times) * 0.99)], sample.cpu / sample.count * CROWD / CORES))

    def results(self) -> list[Latency]:
        found = [
            Latency(
                f"{self._labels[name]}, one connection, median",
                *(1000 * statistics.median(pair[place] for pair in pairs) for place in (0, 1)),
            )
            for name, pairs in self._alone.items()
        ]
        if self._crowd:
            p99, fair = (statistics.median(pair[place] for pair in self._crowd) for place in (0, 1))
            label = f"{self._labels[CROWDED]}, {CROWD} connections, 99th percentile"
            found.append(Latency(label, 1000 * p99, bound=1000 * CROWD_FACTOR * fair))
        return found


def _median(times: list[float]) -> float:
    return times[len(times) // 2]
