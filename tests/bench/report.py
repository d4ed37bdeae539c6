"""The figures as a table for the terminal, a page for the documentation, and a plot."""

import statistics
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from tests.bench.limits import LABELS, Limits
from tests.bench.workloads import Sample, Workload

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "performance.svg"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
START_AIM_SECONDS, IDLE_AIM_MB, SCALING_AIM = 0.4, 60, 0.15
LATENCY_NOISE = 1.03


@dataclass
class Result:
    """One operation on one engine: medians over its rounds. alone: of a server without the multi-buffer library."""

    workload: Workload
    samples: list[Sample]
    alone: list[Sample] = field(default_factory=list)

    @property
    def alone_per_second(self) -> float | None:
        """The same in the same rounds by a server that computes one after the other."""
        costs = [sample.cpu / sample.count * 1e6 for sample in self.alone]
        return 1e6 / statistics.median(costs) if costs else None

    @property
    def microseconds(self) -> float:
        return statistics.median(sample.cpu / sample.count * 1e6 for sample in self.samples)

    @property
    def per_second(self) -> float:
        """Operations per second of server CPU."""
        return 1e6 / self.microseconds

    @property
    def database_microseconds(self) -> float:
        return statistics.median(sample.database_cpu / sample.count * 1e6 for sample in self.samples)

    @property
    def on_the_wall(self) -> float:
        return statistics.median(sample.count / sample.wall for sample in self.samples)

    def share(self, limits: Limits) -> float | None:
        """CPU of the cryptography that no server could leave out, as a part of all the CPU."""
        return limits.cost(self.workload.limit) / self.microseconds if self.workload.limit else None

    def holds(self, limits: Limits) -> bool | None:
        workload = self.workload
        if not workload.aim:
            return None
        share = self.share(limits)
        return self.per_second >= workload.aim and (share or 0) >= workload.aim_share


@dataclass
class Scaling:
    """The same operation in a small and in a large pool, in the same rounds."""

    label: str
    users: int
    pairs: list[tuple[Sample, Sample]]

    @property
    def small(self) -> float:
        return statistics.median(small.cpu / small.count * 1e6 for small, _ in self.pairs)

    @property
    def large(self) -> float:
        return statistics.median(large.cpu / large.count * 1e6 for _, large in self.pairs)

    @property
    def ratio(self) -> float:
        return statistics.median((large.cpu / large.count) / (small.cpu / small.count) for small, large in self.pairs)


@dataclass
class EngineResult:
    """memory: (resident, proportional) MB."""

    engine: str
    results: list[Result]
    scaling: list[Scaling]
    start_seconds: float
    memory_idle: tuple[float, float]
    memory_busy: tuple[float, float]
    latencies: list["Latency"] = field(default_factory=list)


@dataclass
class Latency:
    """Milliseconds. alone: the same in the same rounds without the library; not to be exceeded, but for noise.  bound: or this."""

    label: str
    milliseconds: float
    alone: float = 0.0
    bound: float = 0.0

    @property
    def holds(self) -> bool:
        return self.milliseconds <= self.bound if self.bound else self.milliseconds <= self.alone * LATENCY_NOISE


Table = tuple[list[str], list[list[str]]]


def _limits_table(limits: Limits, engines: list[EngineResult]) -> Table:
    rows = [
        [label, f"{limits.microseconds(name):,.0f}", f"{1e6 / limits.microseconds(name):,.0f}"]
        for name, label in LABELS.items()
    ]
    rows += [
        [f"{NAMES[e.engine]} commit, durable, one after the other", "", f"{limits.commits_per_second(e.engine):,.0f}"]
        for e in engines
    ]
    return ["Limit of one core", "CPU us", "per second"], rows


def _operations_table(limits: Limits, engine: EngineResult) -> Table:
    has_aims = engine.engine == "sqlite"
    head = ["Operation", "per CPU second", "one at a time", "CPU us", "share of limit", "on the wall/s"]
    head += ["aim", "best peer seen", "holds"] if has_aims else ["PostgreSQL's own CPU us"]
    rows = []
    for result in engine.results:
        share, workload = result.share(limits), result.workload
        row = [
            workload.label,
            f"{result.per_second:,.0f}",
            "" if result.alone_per_second is None else f"{result.alone_per_second:,.0f}",
            f"{result.microseconds:,.0f}",
            "" if share is None else f"{share:.0%}",
            f"{result.on_the_wall:,.0f}",
        ]
        if has_aims:
            aim = f"{workload.aim:,}" if workload.aim else ""
            aim += f" and {workload.aim_share:.0%}" if workload.aim_share else ""
            row += [aim, workload.peer, _yes(result.holds(limits))]
        else:
            row += [f"{result.database_microseconds:,.0f}"]
        rows.append(row)
    return head, rows


def _scaling_table(engines: list[EngineResult]) -> Table:
    rows = [
        [
            f"{scaling.label}, {NAMES[e.engine]}",
            f"{scaling.small:,.0f}",
            f"{scaling.large:,.0f}",
            f"{scaling.ratio - 1:+.1%}",
            _yes(abs(scaling.ratio - 1) <= SCALING_AIM),
        ]
        for e in engines
        for scaling in e.scaling
    ]
    users = next((s.users for e in engines for s in e.scaling), 0)
    return ["CPU us per operation", "1,000 users", f"{users:,} users", "difference", "within 15 %"], rows


def _latency_table(engines: list[EngineResult]) -> Table:
    rows = [
        [
            f"{latency.label}, {NAMES[e.engine]}",
            f"{latency.milliseconds:.2f} ms",
            f"{latency.alone:.2f} ms" if latency.alone else "",
            f"{latency.bound:.2f} ms" if latency.bound else "",
            _yes(latency.holds),
        ]
        for e in engines
        for latency in e.latencies
    ]
    return ["Latency", "measured", "one at a time", "bound", "holds"], rows


def _process_table(engines: list[EngineResult]) -> Table:
    rows = []
    for e in engines:
        name = NAMES[e.engine]
        rows.append(
            [
                f"First answer after start, {name}",
                f"{e.start_seconds * 1000:.0f} ms",
                "400 ms",
                _yes(e.start_seconds <= START_AIM_SECONDS),
            ]
        )
        resident, proportional = e.memory_idle
        rows.append(
            [
                f"Idle memory, one worker, {name}",
                f"{resident:.0f} MB ({proportional:.0f} MB proportional)",
                "60 MB",
                _yes(resident < IDLE_AIM_MB),
            ]
        )
        resident, proportional = e.memory_busy
        rows.append(
            [f"Memory after all operations, {name}", f"{resident:.0f} MB ({proportional:.0f} MB proportional)", "", ""]
        )
    return ["Process", "measured", "aim", "holds"], rows


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _foreign(engines: list[EngineResult]) -> tuple[str, str]:
    shares = [sample.foreign for e in engines for result in e.results for sample in result.samples]
    return (
        "Other programs",
        f"had {statistics.median(shares):.0%} of a core (median; at worst {max(shares):.0%})",
    )


def _tables(limits: Limits, engines: list[EngineResult]) -> list[tuple[str, Table]]:
    tables = [("The machine's own limits", _limits_table(limits, engines))]
    tables += [(f"Operations on {NAMES[e.engine]}", _operations_table(limits, e)) for e in engines]
    if any(e.latencies for e in engines):
        tables.append(("How long one request takes", _latency_table(engines)))
    if any(e.scaling for e in engines):
        tables.append(("A thousand users and a million", _scaling_table(engines)))
    tables.append(("Start and memory", _process_table(engines)))
    return tables


def text(facts: list[tuple[str, str]], limits: Limits, engines: list[EngineResult]) -> str:
    """Aligned, for a terminal."""
    parts = ["\n".join(f"{name:28}{value}" for name, value in [*facts, _foreign(engines)])]
    for _, (head, rows) in _tables(limits, engines):
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = [
            "  ".join(
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in [head, ["-" * width for width in widths], *rows]
        ]
        parts.append("\n".join(line.rstrip() for line in lines))
    return "\n\n".join(parts)


def write(facts: list[tuple[str, str]], limits: Limits, engines: list[EngineResult]) -> None:
    """Replace the measured part of the page; what people wrote around it stays."""
    parts = [
        "![Operations per second of server CPU, and share of the limit](performance.svg)",
        "",
        "| Machine | |",
        "|---|---|",
    ]
    parts += [f"| {name} | {value} |" for name, value in [*facts, _foreign(engines)]]
    for title, (head, rows) in _tables(limits, engines):
        parts += ["", f"### {title}", "", f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
        parts += [f"| {' | '.join(row)} |" for row in rows]
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(before + BEGIN + "\n" + "\n".join(parts) + "\n" + END + after, encoding="utf-8")
    PLOT.write_text(plot(limits, engines), encoding="utf-8")


# ---------------------------------------------------------------------- the plot

_WIDTH, _LEFT, _ROW, _TOP = 960, 228, 46, 104
_RATE = (_LEFT, 380)  # x and width of the left panel
_SHARE = (_LEFT + 380 + 88, 212)
_TOP_SHARE = 2  # where that panel ends
_STYLE = """
svg{background:#fff;font:14px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
text{fill:#0f1e24}.quiet{fill:#55686f;font-size:12px}.title{font-size:20px;font-weight:600}.head{font-weight:600}
.grid{stroke:#dde6e9}.track{fill:#eef4f6}.sqlite{fill:#0b6e8f}.postgresql{fill:#c27a2c}.aim{stroke:#0f1e24;stroke-width:2}
.alone{stroke:#fff;stroke-width:2}
@media (prefers-color-scheme:dark){svg{background:#0b1418}text{fill:#e6eef1}.quiet{fill:#9db0b8}.grid{stroke:#22323a}.track{fill:#152229}
.sqlite{fill:#4fb3d1}.postgresql{fill:#e0a458}.aim{stroke:#e6eef1}.alone{stroke:#0b1418}}
"""


def plot(limits: Limits, engines: list[EngineResult]) -> str:
    """Bars of operations per CPU second, each against its aim, and of the share of the limit."""
    workloads = [result.workload for result in engines[0].results if result.workload.name != "health"]
    height = _TOP + _ROW * len(workloads) + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"',
        'role="img" aria-label="Operations per second of server CPU, and share of the limit">',
        f"<style>{_STYLE}</style>",
        _text(24, 36, "What one core serves", "title"),
        *_legend(engines),
        _text(_RATE[0], 84, "Operations per second of server CPU", "head"),
        _text(_SHARE[0], 84, "Share of the limit", "head"),
    ]
    shown = [result for e in engines for result in e.results if result.workload.name != "health"]
    top = max(10_000.0, *(max(result.per_second, result.workload.aim) for result in shown))
    for fraction, label in ((0.0, "0 %"), (0.5, "100 %"), (1.0, "200 %")):
        x = _SHARE[0] + _SHARE[1] * fraction
        parts.append(f'<path class="grid" d="M{x:.0f} {_TOP - 8}V{height - 36}"/>')
        parts.append(_text(x, height - 16, label, "quiet", "middle"))
    step = 2000 if top <= 12_000 else 5000
    for value in range(0, int(top) + 1, step):
        x = _RATE[0] + _RATE[1] * value / top
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP - 8}V{height - 36}"/>')
        parts.append(_text(x, height - 16, f"{value:,}", "quiet", "middle"))
    for row, workload in enumerate(workloads):
        y = _TOP + row * _ROW
        parts.append(_text(_LEFT - 14, y + 22, workload.label, "", "end"))
        bar = 26 / len(engines)
        for number, engine in enumerate(engines):
            result = next(result for result in engine.results if result.workload is workload)
            at = y + 4 + number * (bar + 1)
            width = _RATE[1] * result.per_second / top
            parts.append(_bar(_RATE[0], at, width, bar, engine.engine))
            alone = _RATE[1] * (result.alone_per_second or 0) / top
            if 2 < alone < width - 2:
                x = _RATE[0] + alone
                parts.append(f'<path class="alone" d="M{x:.1f} {at:.1f}v{bar:.1f}"/>')
            label = _clear_of(_RATE[0] + width, _RATE[0] + _RATE[1] * workload.aim / top)
            parts.append(_text(label, at + bar / 2 + 4, f"{result.per_second:,.0f}", "quiet"))
            share = result.share(limits)
            if share is not None:
                width = _SHARE[1] * min(share / _TOP_SHARE, 1)
                parts.append(_bar(_SHARE[0], at, width, bar, engine.engine))
                label = _clear_of(_SHARE[0] + width, _SHARE[0] + _SHARE[1] * workload.aim_share / _TOP_SHARE)
                parts.append(_text(label, at + bar / 2 + 4, f"{share:.0%}", "quiet"))
        if workload.aim:
            x = _RATE[0] + _RATE[1] * workload.aim / top
            parts.append(
                f'<path class="aim" d="M{x:.1f} {y}V{y + bar + 6:.0f}"><title>aim {workload.aim:,}</title></path>'
            )
        if workload.aim_share:
            x = _SHARE[0] + _SHARE[1] * workload.aim_share / _TOP_SHARE
            parts.append(
                f'<path class="aim" d="M{x:.1f} {y}V{y + bar + 6:.0f}"><title>aim {workload.aim_share:.0%}</title></path>'
            )
    return "\n".join([*parts, "</svg>", ""])


def _clear_of(end: float, aim: float) -> float:
    """Where the figure of a bar stands: behind its end, and behind the mark of the aim where that would cross it."""
    return (aim if end - 2 < aim < end + 45 else end) + 7


def _legend(engines: list[EngineResult]) -> list[str]:
    parts, x = [], _RATE[0]
    for engine in engines:
        parts.append(_bar(x, 46, 12, 12, engine.engine))
        parts.append(_text(x + 18, 56, NAMES[engine.engine], "quiet"))
        x += 108
    parts.append(f'<path class="aim" d="M{x + 4} 44V60"/>')
    parts.append(_text(x + 14, 56, "aim on SQLite", "quiet"))
    if any(result.alone for engine in engines for result in engine.results):
        x += 120
        parts.append(_bar(x, 46, 24, 12, engines[0].engine))
        parts.append(f'<path class="alone" d="M{x + 10} 46v12"/>')
        parts.append(_text(x + 32, 56, "white mark: one at a time", "quiet"))
    return parts


def _bar(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"/>'


def _text(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(content)}</text>'
