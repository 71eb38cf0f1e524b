"""Prints the ratios that the product promises, each beside its aim. Never fails a build: machines differ."""

import time
from collections.abc import Iterator

from bench import Result, memory, pages, start, verification


def main() -> None:
    """Measure everything, telling each result as soon as it is there."""
    began = time.monotonic()
    print(f"{'ours over a bare baseline':<44} {'ratio':>6} {'aim':>6}")
    for result in _results():
        verdict = "met" if result.ratio <= result.aim else "not met"
        print(f"{result.what:<44} {result.ratio:>6.2f} {result.aim:>6.2f}  {verdict}")
        for note in result.notes:
            print(f"    {note}", flush=True)
    print(f"measured in {time.monotonic() - began:.0f} s")


def _results() -> Iterator[Result]:
    yield start.measure()
    yield pages.measure()
    yield from verification.measure()
    yield memory.measure()


if __name__ == "__main__":
    main()
