"""Runs that several viewers watch: who hears what, and when a run ends."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager

import pytest

from xtnd_wizard.domain.errors import Superseded
from xtnd_wizard.ui.runs import Run, Runs, Viewer, background_loop

LONG = 30.0
"""Seconds that nobody waits for unless something is broken."""
TENANT = "somebody"


class Stage:
    """Work that tells what it is told to tell, and notes how it went."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.under_way = 0
        self.most_under_way = 0
        self.ended = threading.Event()
        self.may_end = threading.Event()

    async def stream(self, run: Run[str]) -> AsyncGenerator[str, None]:
        self.begun.append("again" if self.begun else "first")
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            yield "one"
            yield "two"
            while not self.may_end.is_set():
                await asyncio.sleep(0.01)
            yield "three"
            yield "done"
        finally:
            self.under_way -= 1
            self.ended.set()


@pytest.fixture
def stage() -> Iterator[Stage]:
    found = Stage()
    yield found
    found.may_end.set()


def messages(viewer: Viewer[str], most: int) -> list[str]:
    events = viewer.events()
    return [next(events) for _ in range(most)]


@contextmanager
def watching(runs: Runs[str], stage: Stage, about: str = "this") -> Iterator[Viewer[str]]:
    with runs.watch(TENANT, about, stage.stream) as viewer:
        yield viewer


def test_a_second_viewer_hears_everything_from_the_beginning_of_the_one_run(stage: Stage) -> None:
    runs: Runs[str] = Runs(0)
    with watching(runs, stage) as first:
        assert messages(first, 2) == ["one", "two"]
        with watching(runs, stage) as second:
            assert messages(second, 2) == ["one", "two"]
            stage.may_end.set()
            for viewer in (first, second):
                assert list(viewer.events()) == ["one", "two", "three", "done"]
    assert stage.begun == ["first"]


def test_two_owners_have_a_run_each(stage: Stage) -> None:
    runs: Runs[str] = Runs(0)
    with runs.watch("somebody", "this", stage.stream) as one, runs.watch("another", "this", stage.stream) as other:
        assert messages(one, 2) == messages(other, 2)
        assert len(stage.begun) == 2


def test_a_run_that_is_over_is_not_joined(stage: Stage) -> None:
    runs: Runs[str] = Runs(LONG)
    stage.may_end.set()
    for _ in range(3):
        with watching(runs, stage) as viewer:
            assert list(viewer.events()) == ["one", "two", "three", "done"]
            settled()
    assert len(stage.begun) == 3


def settled() -> None:
    """Wait for what a finished run still does behind its last event."""
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), background_loop()).result(LONG)


def test_a_run_about_something_else_ends_the_one_before_and_begins_when_that_is_over(stage: Stage) -> None:
    runs: Runs[str] = Runs(LONG)
    with watching(runs, stage) as old:
        messages(old, 2)
        with watching(runs, stage, "that") as new:
            with pytest.raises(Superseded):
                list(old.events())
            messages(new, 2)
            assert stage.most_under_way == 1
            stage.may_end.set()
            assert list(new.events())[-2:] == ["three", "done"]


def test_whoever_watches_what_the_run_is_about_by_now_joins_it(stage: Stage) -> None:
    runs: Runs[str] = Runs(0)
    about: list[Run[str]] = []

    async def stream(run: Run[str]) -> AsyncGenerator[str, None]:
        about.append(run)
        async for event in stage.stream(run):
            yield event

    with runs.watch(TENANT, "old tokens", stream) as first:
        messages(first, 2)
        runs.now_about(TENANT, about[0], "new tokens")
        with runs.watch(TENANT, "new tokens", stream) as second:
            assert messages(second, 2) == ["one", "two"]
    assert stage.begun == ["first"]


def test_the_last_viewer_to_leave_ends_the_run(stage: Stage) -> None:
    runs: Runs[str] = Runs(0)
    with watching(runs, stage) as first:
        with watching(runs, stage):
            messages(first, 2)
        assert not stage.ended.is_set()
    assert stage.ended.is_set(), "without a grace, leaving waits until the run is over"


def test_nobody_comes_back_within_the_grace_and_the_run_ends(stage: Stage) -> None:
    runs: Runs[str] = Runs(0.05)
    with watching(runs, stage) as viewer:
        messages(viewer, 2)
    assert stage.ended.wait(LONG)


def test_who_comes_back_within_the_grace_finds_the_run(stage: Stage) -> None:
    runs: Runs[str] = Runs(LONG)
    with watching(runs, stage) as viewer:
        messages(viewer, 2)
    with watching(runs, stage) as viewer:
        stage.may_end.set()
        assert list(viewer.events()) == ["one", "two", "three", "done"]
    assert stage.begun == ["first"]


def test_the_grace_begins_anew_each_time_that_the_last_viewer_leaves(stage: Stage) -> None:
    run: Run[str] = Run(stage.stream, grace_seconds=LONG)
    run.start()
    for _ in range(2):
        viewer = run.join()
        assert viewer
        with viewer:
            messages(viewer, 1)
    run._end_if_unwatched(1)  # the timer of the first leaving comes late
    back = run.join()
    assert back
    with back:
        stage.may_end.set()
        run.wait()


def test_a_run_that_is_about_to_end_is_not_joined_but_waited_for(stage: Stage) -> None:
    slow_to_leave, leaving = threading.Event(), threading.Event()

    async def stream(run: Run[str]) -> AsyncGenerator[str, None]:
        try:
            async with aclosing(stage.stream(run)) as events:
                async for event in events:
                    yield event
        finally:
            leaving.set()
            await asyncio.to_thread(slow_to_leave.wait, LONG)

    runs: Runs[str] = Runs(0.01)
    with runs.watch(TENANT, "this", stream) as viewer:
        messages(viewer, 2)
    assert leaving.wait(LONG)
    with runs.watch(TENANT, "this", stream) as viewer:
        assert stage.begun == ["first"]
        slow_to_leave.set()
        messages(viewer, 2)
        assert stage.begun == ["first", "again"]


def test_who_leaves_before_the_run_could_begin_begins_nothing(stage: Stage) -> None:
    before: Run[str] = Run(stage.stream)
    before.join()
    run: Run[str] = Run(stage.stream, grace_seconds=LONG)
    before.start()
    viewer = run.join()
    assert viewer
    run.start(after=before)
    with viewer:
        pass
    stage.may_end.set()
    run.wait()
    assert stage.begun == ["first"]


def test_what_the_work_raises_is_raised_to_every_viewer_after_its_events() -> None:
    async def stream(run: Run[str]) -> AsyncGenerator[str, None]:
        yield "one"
        raise LookupError("no such thing")

    runs: Runs[str] = Runs(0)
    with runs.watch(TENANT, "this", stream) as first:
        events = first.events()
        assert next(events) == "one"
        with pytest.raises(LookupError, match="no such thing"):
            next(events)
        settled()
        with pytest.raises(LookupError):
            list(first.events())


def test_who_waits_is_asked_whether_they_still_do_and_may_leave(stage: Stage) -> None:
    class TabClosed(Exception):
        pass

    def ask() -> None:
        raise TabClosed

    runs: Runs[str] = Runs(0)
    with pytest.raises(TabClosed), watching(runs, stage) as viewer:
        list(viewer.events(while_waiting=ask))
    assert stage.ended.is_set()
