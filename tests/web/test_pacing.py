"""Token buckets, and the turnstile before the app."""

import asyncio

import pytest

from xtnd_wizard.web.pacing import PER_CLIENT, PER_PROCESS, PER_SOCKET, ClientBuckets, Pace, TokenBucket, Turnstile


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_at_once_and_what_follows_waits_for_its_turn() -> None:
    bucket = TokenBucket(Pace(20, 5.0), Clock())
    waits = [bucket.reserve() for _ in range(25)]
    assert waits == pytest.approx([0.0] * 20 + [0.2, 0.4, 0.6, 0.8, 1.0])


def test_turns_come_back_with_time_and_no_more_than_a_burst_of_them() -> None:
    clock = Clock()
    bucket = TokenBucket(Pace(20, 5.0), clock)
    for _ in range(30):
        bucket.reserve()
    assert bucket.spent == 30
    clock.now += 4.0
    assert bucket.spent == 10
    clock.now += 3600
    assert bucket.spent == 0
    assert [bucket.reserve() > 0 for _ in range(21)] == [False] * 20 + [True]


def test_looking_takes_no_turn() -> None:
    bucket = TokenBucket(Pace(1, 5.0), Clock())
    assert [bucket.wait(), bucket.wait(), bucket.reserve()] == [0, 0, 0]
    assert bucket.wait() == pytest.approx(0.2)


def test_a_client_that_comes_again_finds_its_bucket_as_it_left_it() -> None:
    buckets = ClientBuckets(Pace(1, 0.001))
    assert buckets.of("a").reserve() == 0
    assert buckets.of("a").reserve() > 0
    assert buckets.of("b").reserve() == 0


def test_the_clients_that_are_remembered_are_bounded() -> None:
    buckets = ClientBuckets(Pace(1, 0.001))
    first = buckets.of("first")
    for number in range(5000):
        buckets.of(str(number))
    assert buckets.of("first") is not first
    assert len(buckets._buckets) <= 4096


def test_calm_clients_go_first_and_equal_ones_in_the_order_in_which_they_came() -> None:
    async def crowd() -> list[str]:
        turnstile, passed = Turnstile(Pace(1, 200.0)), []

        async def comes(name: str, spent: int) -> None:
            await turnstile.turn(spent)
            passed.append(name)

        stormy = [asyncio.create_task(comes(f"stormy {number}", 50)) for number in range(3)]
        await asyncio.sleep(0)
        calm = [asyncio.create_task(comes(f"calm {number}", 1)) for number in range(2)]
        await asyncio.gather(*stormy, *calm)
        return passed

    assert asyncio.run(crowd()) == ["stormy 0", "calm 0", "calm 1", "stormy 1", "stormy 2"]


def test_who_leaves_the_queue_takes_no_turn_with_them() -> None:
    async def crowd() -> float:
        turnstile = Turnstile(Pace(1, 0.01))
        await turnstile.turn(0)
        gone = [asyncio.create_task(turnstile.turn(0)) for _ in range(50)]
        await asyncio.sleep(0)
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        turnstile._let_through()
        return turnstile._bucket.wait()

    assert asyncio.run(crowd()) <= 100  # the one turn that was taken, and not 51


def test_one_client_leaves_the_process_more_than_it_takes() -> None:
    assert PER_SOCKET.per_second < PER_CLIENT.per_second < PER_PROCESS.per_second / 2
    assert Pace(20, 5.0) == PER_SOCKET
