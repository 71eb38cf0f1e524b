"""Transactions for callers that have an event loop."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function with a short transaction in a thread: a locked database keeps nobody else on the loop waiting.

    A transaction can't be interrupted; see `uninterrupted`.
    """
    return await uninterrupted(asyncio.to_thread(call, *args, **kwargs))


async def uninterrupted(call: Coroutine[Any, Any, T]) -> T:
    """Await what must not be left half done. Whoever is cancelled meanwhile is so as soon as it has ended."""
    called = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(called)
    except asyncio.CancelledError:
        await ended(called)
        raise


async def ended(task: asyncio.Future[Any]) -> None:
    """Wait for the end of a task, whatever it comes to. To be cancelled, as by a group that ends, changes nothing."""
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # asked for, so that asyncio does not call it forgotten
