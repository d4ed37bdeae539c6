"""The timing programme itself: that it measures, and that too much is told."""

import pytest

from tests.timing import __main__ as timing


def test_what_takes_too_long_is_told_and_fails(monkeypatch, capsys):
    figures = [timing.Figure("quick", 0.001, 0.002), timing.Figure("slow", 0.003, 0.002)]
    monkeypatch.setattr(timing, "PROGRAMMES", {"sample": lambda: iter(figures)})
    monkeypatch.setattr("sys.argv", ["timing", "sample"])
    with pytest.raises(SystemExit) as ended:
        timing.main()
    assert ended.value.code == 1
    quick, slow = capsys.readouterr().out.splitlines()
    assert "TOO MUCH" not in quick
    assert "TOO MUCH" in slow


def test_samples_of_two_distributions_are_told_apart():
    one = [float(n % 17) for n in range(100)]
    assert timing.likeness(one, list(reversed(one))) > 0.9
    assert timing.likeness(one, [n + 8 for n in one]) < 0.0001
    # U is 0 of 100: z = 50 / sqrt(10 * 10 * 21 / 12) = 3.78.
    assert timing.likeness([*range(10)], [*range(10, 20)]) == pytest.approx(1.57e-4, rel=0.01)


def test_a_programme_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr("sys.argv", ["timing", "nonsense"])
    with pytest.raises(SystemExit) as ended:
        timing.main()
    assert ended.value.code == 2


MEASURED = {
    "passwords": ["verifier: a record and none, apart", "argon2id: a record and none, apart"],
    "counters": ["a look at the shared counters"],
    "waits": ["a write beside three busy processes, median", "a write beside three busy processes, longest"],
}


@pytest.mark.parametrize("name", MEASURED)
def test_it_measures(name):
    assert [figure.what for figure in timing.PROGRAMMES[name]()] == MEASURED[name]
