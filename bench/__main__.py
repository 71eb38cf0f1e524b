"""Prints the ratios that the product promises, each beside its aim. Never fails a build: machines differ."""

import time
from collections.abc import Callable, Iterable

from bench import Result, memory, pages, start, verification


def main() -> None:
    """Measure everything, telling each result as soon as it is there."""
    began = time.monotonic()
    print(f"{'ours over a bare baseline':<44} {'ratio':>6} {'aim':>6}", flush=True)
    _tell(start.measure)
    _tell(pages.measure)
    _tell(verification.measure)
    _tell(memory.measure)
    print(f"measured in {time.monotonic() - began:.0f} s")


def _tell(measure: Callable[[], Iterable[Result]]) -> None:
    try:
        for result in measure():
            verdict = "met" if result.ratio <= result.aim else "not met"
            print(f"{result.what:<44} {result.ratio:>6.2f} {result.aim:>6.2f}  {verdict}")
            for note in result.notes:
                print(f"    {note}", flush=True)
    except Exception as error:  # noqa: BLE001  # one measurement that can't be made must not hide the others
        print(f"{measure.__module__} was not measured: {type(error).__name__}: {error}", flush=True)


if __name__ == "__main__":
    main()
