"""Work that several viewers watch: one run per tenant, in a thread of its own, for as long as somebody watches."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from xtnd_wizard.domain.errors import Superseded

_WAITING_SECONDS = 0.25
"""How long a viewer waits for an event before it is asked whether it still waits."""

E = TypeVar("E")
R = TypeVar("R")


class _Abandoned(Exception):
    """The run was ended, because nobody watched it any more."""


class Run(Generic[E, R]):
    """One piece of work. What it tells is kept, so that whoever joins later hears it from the beginning."""

    def __init__(
        self, work: "Work[E, R]", *, grace_seconds: float = 0.0, when_over: Callable[[], None] = lambda: None
    ) -> None:
        """With `grace_seconds`, a viewer who left may return for so long; without, the last one ends the run."""
        self._work = work
        self._grace_seconds = grace_seconds
        self._when_over = when_over
        self._changed = threading.Condition()
        self._events: list[E] = []
        self._viewers = 0
        self._leavings = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[R] | None = None
        self._reason: Exception | None = None
        self._outcome: tuple[R] | BaseException | None = None

    def join(self) -> "Viewer[E, R] | None":
        """One viewer more; None where the run is over, or about to be ended."""
        with self._changed:
            if self._reason or self._outcome:
                return None
            self._viewers += 1
            return Viewer(self)

    def start(self, after: "Run[E, R] | None" = None) -> None:
        """Begin, or with `after` as soon as another run is over."""
        threading.Thread(target=self._run, args=(after,), name="run", daemon=True).start()

    def tell(self, event: E) -> None:
        """Let every viewer hear this."""
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def end(self, reason: Exception) -> None:
        """End it. Viewers are given the reason; the work has time to leave things as it found them."""
        with self._changed:
            self._end(reason)

    def wait(self) -> None:
        """Wait until it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._outcome)

    def _run(self, after: "Run[E, R] | None") -> None:
        outcome: tuple[R] | BaseException
        try:
            if after is not None:
                after.wait()
            outcome = (asyncio.run(self._worked()),)
        except BaseException as error:  # noqa: BLE001  # it is raised again where somebody watches
            outcome = error
        with self._changed:
            self._outcome = outcome
            self._changed.notify_all()
        self._when_over()

    async def _worked(self) -> R:
        with self._changed:
            if self._reason:
                raise asyncio.CancelledError
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            return await self._work(self)
        finally:
            with self._changed:
                self._loop = self._task = None

    def _end(self, reason: Exception) -> None:
        if self._reason or self._outcome:
            return
        self._reason = reason
        self._changed.notify_all()
        if self._loop and self._task:
            self._loop.call_soon_threadsafe(self._task.cancel)

    def _left(self) -> None:
        with self._changed:
            self._viewers -= 1
            if self._viewers or self._outcome:
                return
            self._leavings += 1
            if self._grace_seconds and self._loop:
                end = partial(self._end_if_unwatched, self._leavings)
                self._loop.call_soon_threadsafe(self._loop.call_later, self._grace_seconds, end)
                return
            self._end(_Abandoned())
        if not self._grace_seconds:
            self.wait()

    def _end_if_unwatched(self, leaving: int) -> None:
        """End it, unless somebody came back since the last viewer left that time."""
        with self._changed:
            if not self._viewers and leaving == self._leavings:
                self._end(_Abandoned())

    def _since(self, place: int) -> Sequence[E] | None:
        """What was told after the first `place` events; nothing where none came in a while, None where none will."""
        with self._changed:
            self._changed.wait_for(lambda: self._reason or self._outcome or place < len(self._events), _WAITING_SECONDS)
            if self._reason:
                raise self._reason
            if place < len(self._events):
                return self._events[place:]
            if isinstance(self._outcome, BaseException):
                raise self._outcome
            return None if self._outcome else ()

    def _result(self) -> R:
        assert isinstance(self._outcome, tuple), "asked for before the events came to their end"
        return self._outcome[0]


Work = Callable[[Run[E, R]], Coroutine[Any, Any, R]]


class Viewer(Generic[E, R]):
    """One who watches a run, until the end of a `with` block."""

    def __init__(self, run: Run[E, R]) -> None:
        self._run = run

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._run._left()

    def events(self, while_waiting: Callable[[], object] = lambda: None) -> Iterator[E]:
        """Every event from the beginning, as it is told. `while_waiting` is called four times a second meanwhile.

        Raises what the work raised, or Superseded.
        """
        place = 0
        while (events := self._run._since(place)) is not None:
            yield from events
            place += len(events)
            if not events:
                while_waiting()

    @property
    def result(self) -> R:
        """What the work came to, once its events were read to their end."""
        return self._run._result()


class Runs(Generic[E, R]):
    """The runs of this process, at most one per tenant at a time."""

    def __init__(self, grace_seconds: float) -> None:
        self._grace_seconds = grace_seconds
        self._lock = threading.Lock()
        self._current: dict[str, tuple[str, Run[E, R]]] = {}

    def watch(self, tenant: str, about: str, work: Work[E, R]) -> Viewer[E, R]:
        """Join the tenant's run about the same, or begin one. A run about something else is ended first."""
        with self._lock:
            running_about, current = self._current.get(tenant, ("", None))
            viewer = current.join() if current and running_about == about else None
            if viewer:
                return viewer
            if current:
                current.end(Superseded())
            run: Run[E, R] = Run(work, grace_seconds=self._grace_seconds, when_over=lambda: self._forget(tenant, run))
            viewer = run.join()
            assert viewer
            run.start(after=current)
            self._current[tenant] = (about, run)
            return viewer

    def now_about(self, tenant: str, run: Run[E, R], about: str) -> None:
        """Say that a run is about something else from here on."""
        with self._lock:
            if self._is_current(tenant, run):
                self._current[tenant] = (about, run)

    def _forget(self, tenant: str, run: Run[E, R]) -> None:
        with self._lock:
            if self._is_current(tenant, run):
                del self._current[tenant]

    def _is_current(self, tenant: str, run: Run[E, R]) -> bool:
        return tenant in self._current and self._current[tenant][1] is run


def watched_alone(work: Work[E, object]) -> Iterator[E]:
    """The events of a run that has this one viewer: it begins with the first that is read, and ends with the last.

    Closing the iterator ends the run, and waits until it is over.
    """
    run = Run(work)
    viewer = run.join()
    assert viewer
    run.start()
    with viewer:
        yield from viewer.events()
