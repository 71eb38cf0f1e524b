"""Measurements, each against a bare baseline in the same run, because absolute times say little."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

_LEAST_ROUNDS = 3


@dataclass
class Comparison:
    """Values of ours and of the baseline, gathered in turn."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median of ours over the median of the baseline."""
        return median(self.ours) / median(self.bare)

    def described(self, unit: str, digits: int) -> str:
        """The absolute numbers, in words."""
        ours, bare, best, best_bare = (
            f"{value:.{digits}f} {unit}"
            for value in (median(self.ours), median(self.bare), min(self.ours), min(self.bare))
        )
        return f"ours {ours}, bare {bare}; lowest {best} and {best_bare}; {len(self.ours)} times each"


@dataclass(frozen=True)
class Result:
    """A measured value beside what it should be at most: a ratio, or else in its unit."""

    what: str
    value: float
    aim: float
    notes: tuple[str, ...] = ()
    """The absolute numbers behind a ratio."""
    unit: str = ""
    cut: bool = False
    """Whether waiting was given up, so that the true value is higher."""
    beside: str = ""
    """What belongs in the same line, such as how many calls were made."""

    def __str__(self) -> str:
        measured = f"{'over ' if self.cut else ''}{self.value:.2f}"
        verdict = "met" if self.value <= self.aim and not self.cut else "not met"
        return f"{self.what:<50} {measured:>11} {self.aim:>6.2f} {self.unit:<1}  {verdict:<7}  {self.beside}".rstrip()


def rounds(most: int, seconds: float) -> Iterator[int]:
    """Numbers of rounds: so many, or fewer on a busy machine, where they would take longer than this."""
    until = time.monotonic() + seconds
    for number in range(most):
        if number >= _LEAST_ROUNDS and time.monotonic() > until:
            return
        yield number
