"""The benchmark itself: that it runs, that it counts only right answers, and what its figures become."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.bench import limits, meter, report
from tests.bench.http import Answer, WrongAnswer
from tests.bench.report import EngineResult, Latency, Result, Scaling
from tests.bench.workloads import SCALED, WORKLOADS, Sample

ROOT = Path(__file__).parents[2]


class FixedLimits(limits.Limits):
    def __init__(self) -> None:
        self.commits = {"sqlite": [3000.0], "postgresql": [2000.0]}

    def microseconds(self, name: str) -> float:
        return {"rsa_sign": 250.0, "rsa_verify": 25.0, "modexp": 600.0, "argon2id": 20_000.0}[name]


def results(extra: float) -> list[EngineResult]:
    """Every operation costs its limit and so many microseconds more, or less where it is computed eight at once."""
    made = FixedLimits()
    return [
        EngineResult(
            engine,
            [Result(w, [Sample(1000, max(made.cost(w.limit) + extra, 50) / 1000, 0.05, 1.0)] * 3) for w in WORKLOADS],
            [Scaling(w.label, 1_000_000, [(Sample(10, 1, 0, 1), Sample(10, 1.1, 0, 1))]) for w in SCALED],
            0.3,
            (57, 40),
            (90, 70),
            [Latency("one connection", 1.0, alone=1.0), Latency("a crowd", 5.0, bound=4.0)],
        )
        for engine in ("sqlite", "postgresql")
    ]


def test_figures_hold_or_do_not():
    good, bad = results(-90)[0], results(5000)[0]
    by_name = {result.workload.name: result for result in good.results}
    assert by_name["client_credentials"].per_second == pytest.approx(1e6 / 160)
    assert by_name["client_credentials"].share(FixedLimits()) == pytest.approx(250 / 160)
    assert by_name["client_credentials"].holds(FixedLimits()) is True
    assert by_name["list_users"].holds(FixedLimits()) is None
    assert not any(result.holds(FixedLimits()) for result in bad.results)
    assert good.scaling[0].ratio == pytest.approx(1.1)
    assert [latency.holds for latency in good.latencies] == [True, False]


def test_the_table_and_the_plot_show_every_operation():
    table = report.text([("CPU", "x")], FixedLimits(), results(90))
    plot = ET.fromstring(report.plot(FixedLimits(), results(90)))
    drawn = "".join(plot.itertext())
    for workload in WORKLOADS[1:]:
        assert table.count(workload.label) >= 2
        assert workload.label in drawn


def test_the_page_keeps_what_people_wrote(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(report, "PLOT", tmp_path / "plot.svg")
    report.PAGE.write_text(f"before\n{report.BEGIN}\nobsolete\n{report.END}\nafter\n")
    report.write([("CPU", "x")], FixedLimits(), results(90))
    page = report.PAGE.read_text()
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "obsolete" not in page
    assert "| client_credentials | 2,941 |" in page
    assert report.PLOT.exists()


def test_a_wrong_answer_ends_the_run():
    with pytest.raises(WrongAnswer, match="500 instead of 200"):
        Answer(500, b"HTTP/1.1 500", b"no").expect(200)


def test_cpu_time_is_that_of_the_whole_tree():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()']); input()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    try:
        while len(meter.tree(process.pid)) < 2:
            pass
        pids = meter.tree(process.pid)
        assert meter.cpu_seconds(pids) > meter.cpu_seconds(pids[:1]) >= 0
        assert meter.memory_mb(pids)[0] > 5
    finally:
        process.communicate(b"\n\n")


def test_it_runs():
    command = [
        sys.executable,
        "-m",
        "tests.bench",
        "--no-write",
        "--rounds",
        "1",
        "--attempts",
        "1",
        "--engines",
        "sqlite",
        "--users",
        "2000",
        "--seconds",
        "0.1",
    ]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Hosted login with PKCE" in done.stdout


def test_a_tree_is_compared_with_another_one():
    """Here with itself: what is looked at is that both are asked, right answers are counted and each has its cost."""
    arguments = [
        "--engines",
        "sqlite",
        "--only",
        "health,sign_up",
        "--rounds",
        "2",
        "--seconds",
        "0.1",
        "--patience",
        "0",
        "--users",
        "300",
    ]
    command = [sys.executable, "-m", "tests.bench.compare", ROOT, *arguments]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in text.splitlines()[2:]]
    assert [line[0] for line in lines] == ["health", "sign_up"]
    for _, before, now, ratio, *_ in lines:
        assert int(before.replace(",", "")) > 0 < int(now.replace(",", ""))
        assert 0.2 < float(ratio) < 5
