"""CPU time and memory of a tree of processes, to the nanosecond, without a tool that would have to be installed."""

import os
import time
from pathlib import Path


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name in parentheses may hold anything; the parent is the second field after it.
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for known in found:
        found.extend(children.get(known, []))
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of processes, ended threads included."""
    total = 0.0
    for pid in pids:
        try:
            # clock_getcpuclockid(3) of another process; /proc/<pid>/stat counts the same in steps of 10 ms.
            total += time.clock_gettime(~pid << 3 | 2)
        except OSError:
            continue
    return total


def core_seconds(core: int) -> float:
    """How long a core has been busy, for whomever."""
    for line in Path("/proc/stat").read_text().splitlines():
        name, *values = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _waiting, irq, soft_irq, steal = map(int, values[:8])
            return (user + nice + system + irq + soft_irq + steal) / os.sysconf("SC_CLK_TCK")
    raise ValueError(f"no core {core}")


def memory_mb(pids: list[int]) -> tuple[float, float]:
    """(resident, proportional share) in MB (10^6 bytes)."""
    resident = shared = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Rss:"):
                resident += int(line.split()[1])
            elif line.startswith("Pss:"):
                shared += int(line.split()[1])
    return resident * 1024 / 1e6, shared * 1024 / 1e6


def cores() -> tuple[int, int]:
    """(core of the server, core of the load generator)."""
    usable = sorted(os.sched_getaffinity(0))
    return (usable[-1], usable[0])


FOREIGN_SHARE = 0.05  # A sample in which other programs had more than this of one of the two cores is disturbed.
PATIENCE_SECONDS = 20


def wait_for_rest(patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until nobody else uses the two cores; but not for ever."""
    end = time.perf_counter() + patience_seconds
    while time.perf_counter() < end:
        busy = [core_seconds(core) for core in CORES]
        time.sleep(0.25)
        if all(core_seconds(core) - before <= FOREIGN_SHARE * 0.25 for core, before in zip(CORES, busy, strict=True)):
            return


# Read before anything is pinned.
CORES = cores()
