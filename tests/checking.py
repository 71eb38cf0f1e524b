"""Checks run from a test that has no event loop of its own."""

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from typing import TypeVar

from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.contract import System
from xtnd_wizard.wizard.check_runner import AnswerCache, Event, run_checks

E = TypeVar("E")
_END = object()


def verify(
    system: System,
    credentials: Credentials,
    outbound_client: OutboundClient,
    answer_cache: AnswerCache,
    seconds: float,
) -> Generator[Event, None, None]:
    """The events of a system's checks as they arrive. Closing ends every call, and waits until that is done."""
    return read_in_thread(run_checks(system, credentials, outbound_client, answer_cache, seconds))


def read_in_thread(events: AsyncGenerator[E, None]) -> Generator[E, None, None]:
    """What an asynchronous generator yields, read in a thread with a loop that goes on while the test looks away."""
    read: queue.SimpleQueue[object] = queue.SimpleQueue()
    failed: list[BaseException] = []
    started: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = queue.SimpleQueue()

    async def read_on() -> None:
        task = asyncio.current_task()
        assert task
        started.put((asyncio.get_running_loop(), task))
        async with aclosing(events):
            async for event in events:
                read.put(event)

    def run() -> None:
        try:
            asyncio.run(read_on())
        except BaseException as error:  # noqa: BLE001  # it is raised again in the test
            failed.append(error)
        read.put(_END)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    loop, task = started.get()
    try:
        while (event := read.get()) is not _END:
            yield event  # type: ignore[misc]
        if failed:
            raise failed[0]
    finally:
        if thread.is_alive() and not task.done():
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
