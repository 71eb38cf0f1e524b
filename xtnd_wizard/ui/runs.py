"""The one bridge from pages, which are drawn in threads, to use cases, which run under an event loop.

One loop in one thread for the whole process carries every run; a run is watched from as many threads as there are
tabs, at most one run of each subject, and only for as long as somebody watches.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Hashable, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from types import TracebackType
from typing import Generic, Self, TypeVar

from xtnd_wizard.domain.errors import Superseded

_WAITING_SECONDS = 0.25
"""How long a viewer waits for an event before it is asked whether it still waits."""

E = TypeVar("E")


class _Abandoned(Exception):
    """The run was ended, because nobody watched it any more."""


_starting = threading.Lock()
_started: list[asyncio.AbstractEventLoop] = []


def background_loop() -> asyncio.AbstractEventLoop:
    """The process's event loop for what pages ask for, running in a thread of its own from the first use on."""
    with _starting:
        if not _started:
            _started.append(asyncio.new_event_loop())
            threading.Thread(target=_started[0].run_forever, name="background loop", daemon=True).start()
        return _started[0]


class Run(Generic[E]):
    """One stream of events. They are kept, so that whoever joins later gets them from the beginning."""

    def __init__(
        self, stream: "Stream[E]", *, grace_seconds: float = 0.0, when_over: Callable[[], None] = lambda: None
    ) -> None:
        """With `grace_seconds`, a viewer who left may return for so long; without, the last one ends the run."""
        self._stream = stream
        self._grace_seconds = grace_seconds
        self._when_over = when_over
        self._loop = background_loop()
        self._changed = threading.Condition()
        self._events: list[E] = []
        self._viewers = 0
        self._leavings = 0
        self._task: asyncio.Task[None] | None = None
        self._begun = False
        self._reason: Exception | None = None
        self._outcome: BaseException | None = None
        self._over = False

    def join(self) -> "Viewer[E] | None":
        """One viewer more; None where the run is over, or about to be ended."""
        with self._changed:
            if self._reason or self._over:
                return None
            self._viewers += 1
            return Viewer(self)

    def start(self, after: "Run[E] | None" = None) -> None:
        """Begin, or with `after` as soon as another run is over."""
        self._loop.call_soon_threadsafe(self._create_task, after)

    def end(self, reason: Exception) -> bool:
        """End it; whether there was anything to end. Viewers are given the reason.

        The stream has time to leave things as it found them.
        """
        with self._changed:
            ending = not (self._reason or self._over)
            self._end(reason)
            return ending

    def wait(self) -> None:
        """Wait until it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._over)

    def _create_task(self, after: "Run[E] | None") -> None:
        self._task = self._loop.create_task(self._run(after))

    async def _run(self, after: "Run[E] | None") -> None:
        outcome: BaseException | None = None
        try:
            if after is not None:
                await after._finished()
            await self._read()
        except BaseException as error:  # noqa: BLE001  # it is raised again where somebody watches
            outcome = error
        with self._changed:
            self._over, self._outcome = True, outcome
            self._changed.notify_all()
        self._when_over()

    async def _finished(self) -> None:
        """Wait, on the loop, until it is over."""
        if self._task:
            await asyncio.wait({self._task})

    async def _read(self) -> None:
        with self._changed:
            if self._reason:
                return
            self._begun = True
        async with aclosing(self._stream(self)) as events:
            async for event in events:
                with self._changed:
                    self._events.append(event)
                    self._changed.notify_all()

    def _end(self, reason: Exception) -> None:
        if self._reason or self._over:
            return
        self._reason = reason
        self._changed.notify_all()
        self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        """Cancel the stream. One that waits for its turn waits on, as the next run does, and then begins nothing."""
        if self._task and self._begun:
            self._task.cancel()

    def _left(self) -> None:
        with self._changed:
            self._viewers -= 1
            if self._viewers or self._over:
                return
            self._leavings += 1
            if self._grace_seconds and self._begun:
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
        """What came after the first `place` events; nothing where none came in a while, None where none will."""
        with self._changed:
            self._changed.wait_for(lambda: self._reason or self._over or place < len(self._events), _WAITING_SECONDS)
            if self._reason:
                raise self._reason
            if place < len(self._events):
                return self._events[place:]
            if self._outcome:
                raise self._outcome
            return None if self._over else ()


Stream = Callable[[Run[E]], AsyncGenerator[E, None]]


class Viewer(Generic[E]):
    """One who watches a run, until the end of a `with` block."""

    def __init__(self, run: Run[E]) -> None:
        self._run = run

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._run._left()

    def events(self, while_waiting: Callable[[], object] = lambda: None) -> Iterator[E]:
        """Every event from the beginning, as it comes. `while_waiting` is called four times a second meanwhile.

        Raises what the stream raised, or Superseded.
        """
        place = 0
        while (events := self._run._since(place)) is not None:
            yield from events
            place += len(events)
            if not events:
                while_waiting()


class Runs(Generic[E]):
    """The runs of this process, at most one of each subject at a time."""

    def __init__(self, grace_seconds: float) -> None:
        self._grace_seconds = grace_seconds
        self._lock = threading.Lock()
        self._current: dict[Hashable, tuple[str, Run[E]]] = {}

    def watch(self, subject: Hashable, about: str, stream: Stream[E]) -> Viewer[E]:
        """Join the subject's run about the same, or begin one. A run about something else is ended first."""
        with self._lock:
            running_about, current = self._current.get(subject, ("", None))
            viewer = current.join() if current and running_about == about else None
            if viewer:
                return viewer
            if current:
                current.end(Superseded())
            run: Run[E] = Run(stream, grace_seconds=self._grace_seconds, when_over=lambda: self._forget(subject, run))
            viewer = run.join()
            assert viewer
            run.start(after=current)
            self._current[subject] = (about, run)
            return viewer

    def end(self, subject: Hashable, reason: Exception) -> bool:
        """End the subject's run; whether one was under way."""
        with self._lock:
            _, current = self._current.get(subject, ("", None))
            return bool(current and current.end(reason))

    def now_about(self, subject: Hashable, run: Run[E], about: str) -> None:
        """Say that a run is about something else from here on."""
        with self._lock:
            if self._is_current(subject, run):
                self._current[subject] = (about, run)

    def _forget(self, subject: Hashable, run: Run[E]) -> None:
        with self._lock:
            if self._is_current(subject, run):
                del self._current[subject]

    def _is_current(self, subject: Hashable, run: Run[E]) -> bool:
        return subject in self._current and self._current[subject][1] is run
