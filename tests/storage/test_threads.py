"""Transactions that are waited for on an event loop."""

import asyncio
import threading

import pytest

from xtnd_wizard.storage.threads import in_thread

LONG = 30


def test_the_result_and_the_error_are_those_of_the_call() -> None:
    assert asyncio.run(in_thread(divmod, 7, 2)) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_thread(divmod, 7, 0))


@pytest.mark.parametrize("fails", [False, True])
def test_whoever_is_cancelled_waits_for_the_end_however_often(fails: bool) -> None:
    began, may_end, ended = (threading.Event() for _ in range(3))

    def transaction() -> None:
        began.set()
        assert may_end.wait(LONG)
        ended.set()
        if fails:
            raise LookupError

    async def leave() -> None:
        waiting = asyncio.ensure_future(in_thread(transaction))
        await asyncio.to_thread(began.wait, LONG)
        for _ in range(3):
            waiting.cancel()
            await asyncio.sleep(0)
        assert not waiting.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert ended.is_set()

    asyncio.run(leave())
