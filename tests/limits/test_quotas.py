"""Moving windows: what is counted, for whom, and when it comes back."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from operator import methodcaller

import pytest

from xtnd_wizard.limits import quotas as quotas_module
from xtnd_wizard.limits.quotas import QuotaReached, Quotas

WINDOW = 600


class Clock:
    """The time of day, as the tests say."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now

    def __getattr__(self, name: str) -> object:
        return getattr(time, name)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr("limits.storage.memory.time", found)
    return found


def refused(quotas: Quotas, **users: str) -> QuotaReached:
    with pytest.raises(QuotaReached) as raised:
        quotas.take(users)
    return raised.value


def test_a_quota_that_is_used_up_says_when_its_oldest_use_leaves_the_window(clock: Clock) -> None:
    quotas = Quotas({"visitor": 3}, WINDOW)
    began = clock.now
    for _ in range(3):
        quotas.take({"visitor": "a"})
        clock.now += 100
    reached = refused(quotas, visitor="a")
    assert (reached.quota, reached.again_at) == ("visitor", datetime.fromtimestamp(began + WINDOW, UTC))
    clock.now = began + WINDOW + 0.001
    quotas.take({"visitor": "a"})
    assert refused(quotas, visitor="a").again_at == datetime.fromtimestamp(began + 100 + WINDOW, UTC)


def test_everybody_has_a_count_of_their_own(clock: Clock) -> None:
    quotas = Quotas({"visitor": 1, "host": 1}, WINDOW)
    quotas.take({"visitor": "a"})
    quotas.take({"visitor": "b"})
    quotas.take({"host": "a"})
    refused(quotas, visitor="b")


def test_one_quota_that_is_used_up_leaves_the_others_uncounted(clock: Clock) -> None:
    quotas = Quotas({"visitor": 1, "host": 2}, WINDOW)
    quotas.take({"visitor": "a", "host": "h"})
    for _ in range(5):
        assert refused(quotas, visitor="a", host="h").quota == "visitor"
    quotas.take({"visitor": "b", "host": "h"})


def test_of_several_that_are_used_up_the_last_to_come_back_is_told(clock: Clock) -> None:
    quotas = Quotas({"visitor": 1, "host": 1}, WINDOW)
    quotas.take({"visitor": "a"})
    clock.now += 60
    quotas.take({"host": "h"})
    reached = refused(quotas, visitor="a", host="h")
    assert (reached.quota, reached.again_at) == ("host", datetime.fromtimestamp(clock.now + WINDOW, UTC))


def test_many_at_the_same_moment_get_no_more_than_there_is() -> None:
    quotas = Quotas({"visitor": 10, "host": 25}, WINDOW)

    def take(user: int) -> bool:
        try:
            quotas.take({"visitor": str(user % 4), "host": "h"})
        except QuotaReached:
            return False
        return True

    with ThreadPoolExecutor(16) as people:
        assert sum(people.map(take, range(400))) == 25


def test_those_who_have_long_been_idle_are_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas_module, "_MOST_REMEMBERED", 5)
    quotas = Quotas({"visitor": 1}, WINDOW)
    for user in "abcdef":
        quotas.take({"visitor": user})
    clock.now += WINDOW + 1
    methodcaller("_MemoryStorage__expire_events")(quotas._storage)  # what its own timer does
    quotas.take({"visitor": "g"})
    assert len(quotas._storage.events) == 1
    refused(quotas, visitor="g")
