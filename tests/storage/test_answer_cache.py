"""An operation that a channel allows once a day is asked once a day."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Lock

import pytest
from sqlmodel import select

from tests.walks import ACCOUNT, MARKER_KEY, MARKER_PASSWORD, bytes_on_disk, running
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage import answer_cache as kept_answers_module
from xtnd_wizard.storage.answer_cache import DatabaseAnswerCache
from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.models import CachedAnswer, now
from xtnd_wizard.systems.checks import Credentials

CREDENTIALS = Credentials(
    ApiUrl("https://shop.example.com"), {"access_token": Secret(MARKER_KEY), "secret": Secret(MARKER_PASSWORD)}
)


@dataclass
class Channel:
    """Counts how often it was asked."""

    fails: BaseException | None = None
    calls: int = 0
    lock: Lock = field(default_factory=Lock)
    may_answer: Event | None = None

    async def ask(self) -> Account:
        with self.lock:
            self.calls += 1
        if self.may_answer:
            await asyncio.to_thread(self.may_answer.wait, 5)
        if self.fails:
            raise self.fails
        return ACCOUNT


@pytest.fixture
def answer_cache(tmp_path: Path) -> Iterator[DatabaseAnswerCache]:
    with running(tmp_path) as service:
        yield service.answer_cache


def ask(
    answer_cache: DatabaseAnswerCache, channel: Channel, credentials: Credentials = CREDENTIALS, operation: str = "A01"
) -> Account:
    return asyncio.run(answer_cache.cached(operation, credentials, channel.ask))


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(kept_answers_module, "now", lambda: moment)


def test_the_second_question_gets_the_kept_answer_and_its_time(answer_cache: DatabaseAnswerCache) -> None:
    channel = Channel()
    before = now()
    assert ask(answer_cache, channel) == ACCOUNT
    kept = ask(answer_cache, channel)
    assert channel.calls == 1
    assert replace(kept, as_of="") == ACCOUNT
    assert before <= datetime.fromisoformat(kept.as_of) <= now()


def test_a_host_that_counts_nothing_is_asked_each_time_and_nothing_is_kept(answer_cache: DatabaseAnswerCache) -> None:
    channel = Channel()
    unlimited = replace(answer_cache, unlimited_hosts=frozenset({CREDENTIALS.url.host}))
    assert [ask(unlimited, channel).as_of for _ in range(2)] == ["", ""]
    assert channel.calls == 2
    with reading(answer_cache.engine) as session:
        assert session.exec(select(CachedAnswer)).all() == []


def test_two_questions_at_once_make_one_call(
    answer_cache: DatabaseAnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers_module, "_LOOK_AGAIN_SECONDS", 0.005)
    channel = Channel()

    async def both() -> list[Account]:
        return await asyncio.gather(*(answer_cache.cached("A01", CREDENTIALS, channel.ask) for _ in range(2)))

    assert {answer.id for answer in asyncio.run(both())} == {ACCOUNT.id}
    assert channel.calls == 1


def test_tabs_in_threads_of_their_own_make_one_call(
    answer_cache: DatabaseAnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers_module, "_LOOK_AGAIN_SECONDS", 0.005)
    channel = Channel(may_answer=Event())
    together = Barrier(5)

    def tab(_: int) -> str:
        together.wait(5)
        return ask(answer_cache, channel).id

    with ThreadPoolExecutor(4) as tabs:
        results = [tabs.submit(tab, number) for number in range(4)]
        together.wait(5)
        assert channel.may_answer is not None
        channel.may_answer.set()
        assert {answer.result(10) for answer in results} == {ACCOUNT.id}
    assert channel.calls == 1


@pytest.mark.parametrize("fault", [RuntimeError("no"), asyncio.CancelledError()])
def test_a_call_that_fails_may_be_made_again_at_once(answer_cache: DatabaseAnswerCache, fault: BaseException) -> None:
    channel = Channel(fails=fault)
    with pytest.raises(type(fault)):
        ask(answer_cache, channel)
    channel.fails = None
    assert ask(answer_cache, channel) == ACCOUNT
    assert channel.calls == 2


class Leaver:
    """Somebody who asks and leaves while the call is under way, as when a tab is closed."""

    def __init__(self, answer_cache: DatabaseAnswerCache, answer: Account | Exception = ACCOUNT) -> None:
        self.answer_cache, self.answer = answer_cache, answer
        self.sent, self.may_answer, self.given_up = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def ask(self) -> Account:
        self.sent.set()
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.given_up.set()
            raise
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def leaves(self, *, answered: bool) -> None:
        """Leave twice, as checks do that are ended one by one after their group was cancelled."""
        asking = asyncio.ensure_future(self.answer_cache.cached("A01", CREDENTIALS, self.ask))
        async with asyncio.timeout(20):
            await self.sent.wait()
            for _ in range(2):
                asking.cancel()
                await asyncio.sleep(0)
            if answered:
                self.may_answer.set()
            with pytest.raises(asyncio.CancelledError):
                await asking
        assert asyncio.all_tasks() == {asyncio.current_task()}


def test_the_answer_to_a_call_that_was_sent_is_kept_although_nobody_waits(
    answer_cache: DatabaseAnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers_module, "_LET_FINISH_SECONDS", 20)
    asyncio.run(Leaver(answer_cache).leaves(answered=True))
    channel = Channel()
    assert replace(ask(answer_cache, channel), as_of="") == ACCOUNT
    assert channel.calls == 0


def test_a_call_that_fails_after_somebody_left_may_be_made_again(answer_cache: DatabaseAnswerCache) -> None:
    asyncio.run(Leaver(answer_cache, RuntimeError("no")).leaves(answered=True))
    channel = Channel()
    assert ask(answer_cache, channel) == ACCOUNT
    assert channel.calls == 1


def test_a_call_that_does_not_end_is_given_up_a_little_after_somebody_left(
    answer_cache: DatabaseAnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers_module, "_LET_FINISH_SECONDS", 0.01)

    async def leave() -> bool:
        leaver = Leaver(answer_cache)
        await leaver.leaves(answered=False)
        return leaver.given_up.is_set()

    assert asyncio.run(leave())
    channel = Channel()
    assert ask(answer_cache, channel) == ACCOUNT
    assert channel.calls == 1


@pytest.mark.parametrize(
    ("later", "calls"), [(timedelta(hours=23, minutes=59), 1), (timedelta(hours=24, minutes=1), 2)]
)
def test_after_a_day_the_channel_is_asked_again(
    answer_cache: DatabaseAnswerCache, monkeypatch: pytest.MonkeyPatch, later: timedelta, calls: int
) -> None:
    channel = Channel()
    ask(answer_cache, channel)
    at(monkeypatch, now() + later)
    ask(answer_cache, channel)
    assert channel.calls == calls


@pytest.mark.parametrize(("later", "calls"), [(timedelta(seconds=100), 0), (timedelta(seconds=130), 1)])
def test_a_claim_of_a_process_that_died_holds_for_minutes_only(
    answer_cache: DatabaseAnswerCache, monkeypatch: pytest.MonkeyPatch, later: timedelta, calls: int
) -> None:
    values = {"url": str(CREDENTIALS.url), **CREDENTIALS.values}
    with writing(answer_cache.engine) as session:
        session.add(CachedAnswer(digest=answer_cache.vault.fingerprint("A01", values), asked_at=now(), answer=None))
    at(monkeypatch, now() + later)
    channel = Channel()

    async def impatient() -> None:
        async with asyncio.timeout(0.05):
            await answer_cache.cached("A01", CREDENTIALS, channel.ask)

    if calls:
        asyncio.run(impatient())
    else:
        with pytest.raises(TimeoutError):
            asyncio.run(impatient())
    assert channel.calls == calls


@pytest.mark.parametrize(
    "other",
    [
        replace(CREDENTIALS, url=ApiUrl("https://other.example.com")),
        replace(CREDENTIALS, values={**CREDENTIALS.values, "access_token": Secret("another key")}),
        replace(CREDENTIALS, values={**CREDENTIALS.values, "shop_id": "3311"}),
    ],
    ids=["host", "key", "shop"],
)
def test_another_question_is_a_call_of_its_own(answer_cache: DatabaseAnswerCache, other: Credentials) -> None:
    channel = Channel()
    ask(answer_cache, channel)
    ask(answer_cache, channel, other)
    ask(answer_cache, channel, operation="A02")
    assert channel.calls == 3


def test_nothing_of_the_key_is_in_the_row_or_on_the_disk(answer_cache: DatabaseAnswerCache, tmp_path: Path) -> None:
    ask(answer_cache, Channel())
    with reading(answer_cache.engine) as session:
        (row,) = session.exec(select(CachedAnswer))
    for secret in (MARKER_KEY, MARKER_PASSWORD):
        assert secret not in f"{row.digest} {row.answer}"
        assert secret.encode() not in bytes_on_disk(tmp_path)


def test_answers_older_than_a_day_are_deleted(
    answer_cache: DatabaseAnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(answer_cache, Channel())
    at(monkeypatch, now() + timedelta(hours=25))
    ask(answer_cache, Channel(), operation="A02")
    with reading(answer_cache.engine) as session:
        assert len(session.exec(select(CachedAnswer)).all()) == 1
