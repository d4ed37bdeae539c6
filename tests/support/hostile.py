"""Strings on which a careless regular expression works for seconds, and what ends a test that met one."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

LENGTH = 20_000
_SEEDS = (
    "a", "{####}", "{##", "##}", "{#", "@", "arn:", "a:", "0", "é", "\U0001f600", "\U000323af", "\U000e01ef", " ", "_", "-", ".",
)  # fmt: skip
_ENDS = ("", "\x00", "\n", " ", "{####}\x00", ":", "@\x00")


def strings() -> Iterator[str]:
    for seed in _SEEDS:
        for end in _ENDS:
            yield (seed * LENGTH)[:LENGTH] + end
    yield "".join(chr(point) for point in range(0x20000, 0x24E20))


class EndlessError(AssertionError):
    """The work took more of the processor than anything that ends does."""


@contextmanager
def cut_off_after(cpu_seconds: float) -> Iterator[None]:
    """A guard against what does not end, by the processor time of this process: how busy the machine is does not matter."""

    def cut_off(*_: object) -> None:
        raise EndlessError(f"more than {cpu_seconds} s of the processor")

    before = signal.signal(signal.SIGVTALRM, cut_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
