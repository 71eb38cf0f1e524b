"""How many are inside at once."""

import asyncio

import pytest

from xtnd_wizard.limits.concurrency import ConcurrencyLimit


def entered(limit: ConcurrencyLimit, *users: str) -> int:
    """How many of these find a place without waiting."""

    async def enter(user: str) -> bool:
        try:
            async with asyncio.timeout(0):
                await limit.acquire(user)
        except TimeoutError:
            return False
        return True

    async def all_in_turn() -> int:
        return sum([await enter(user) for user in users])

    return asyncio.run(all_in_turn())


def test_no_user_has_more_than_their_share_and_all_together_no_more_than_there_is() -> None:
    limit = ConcurrencyLimit(5, 2)
    assert entered(limit, "a", "a", "a", "a") == 2
    assert entered(limit, "b", "b", "b") == 2
    assert entered(limit, "c", "c") == 1
    assert entered(limit, "d", "") == 0


def test_those_whose_name_nobody_knows_share_the_total_only() -> None:
    assert entered(ConcurrencyLimit(5, 2), *[""] * 9) == 5


@pytest.mark.parametrize("user", ["a", ""])
def test_a_place_that_was_given_back_is_taken_by_who_waits(user: str) -> None:
    limit = ConcurrencyLimit(1, 1)

    async def wait_for_it() -> None:
        await limit.acquire(user)
        waiting = asyncio.ensure_future(limit.acquire(user))
        await asyncio.sleep(0)
        assert not waiting.done()
        limit.release(user)
        await asyncio.wait_for(waiting, 30)
        limit.release(user)

    asyncio.run(wait_for_it())
    assert entered(limit, user) == 1


def test_who_gave_up_waiting_holds_no_place() -> None:
    limit = ConcurrencyLimit(1, 1)
    assert entered(limit, "a", "a", "b") == 1
    limit.release("a")
    assert entered(limit, "b") == 1
