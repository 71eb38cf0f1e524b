"""Prints what the product promises, each beside its aim. Never fails a build: machines differ."""

import time
from collections.abc import Callable, Iterable

from bench import Result, memory, pages, start, stranger, verification

_SECTIONS = {
    "ours over a bare baseline": (start.measure, pages.measure, verification.measure, memory.measure),
    "one stranger": (stranger.measure,),
}


def main() -> None:
    """Measure everything, and print each result as soon as it is known."""
    began = time.monotonic()
    for title, measurements in _SECTIONS.items():
        print(f"{title:<50} {'measured':>11} {'aim':>6}", flush=True)
        for measure in measurements:
            _print_results(measure)
    print(f"measured in {time.monotonic() - began:.0f} s")


def _print_results(measure: Callable[[], Iterable[Result]]) -> None:
    try:
        for result in measure():
            print(result)
            for note in result.notes:
                print(f"    {note}", flush=True)
    except Exception as error:  # noqa: BLE001  # one measurement that can't be made must not hide the others
        print(f"{measure.__module__} was not measured: {type(error).__name__}: {error}", flush=True)


if __name__ == "__main__":
    main()
