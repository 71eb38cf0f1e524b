"""The use case itself, under a loop of the test's own and without a screen."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import aclosing, closing, contextmanager
from pathlib import Path

import pytest

from tests.hanging_shop import LONG, HangingShop
from tests.outbound.servers import LoopbackServer
from tests.walks import SYSTEM, WORKS, Tab, draft_of, running, save
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import ConnectionNotFound, StorageFailed, TryLater
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.domain.subjects import ConnectionRef, DraftRef
from xtnd_wizard.service import Service
from xtnd_wizard.settings import CheckLimits
from xtnd_wizard.storage import engine as engine_module
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.steps import report_of
from xtnd_wizard.wizard.verification import Progress

TENANT, ANOTHER = "a" * 64, "b" * 64


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "wizard.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def verified(service: Service, tenant: str) -> list[Progress]:
    draft = draft_of(service, tenant)
    return [event async for event in service.verification.verify(Actor(tenant), DraftRef(draft.id))]


def test_the_last_thing_that_is_yielded_is_the_report_that_was_kept(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    *events, report = asyncio.run(verified(service, TENANT))
    assert isinstance(report, Report)
    assert report.passed
    assert report == report_of(draft_of(service, TENANT))
    assert [event for event in events if event in report.findings] == list(report.findings)


def test_several_are_verified_side_by_side_on_one_loop(tmp_path: Path) -> None:
    shop = HangingShop()
    with LoopbackServer(shop) as server:
        origin = f"http://127.0.0.1:{server.port}"
        with running(tmp_path, trusted_origins=(origin,), check_seconds=LONG) as service:
            for tenant in (TENANT, ANOTHER):
                Tab(service, tenant).start_demo(SYSTEM.code, Scenario("waits", {**WORKS.values, API_URL: origin}))

            async def both() -> list[list[Progress]]:
                verifications = asyncio.gather(*(verified(service, tenant) for tenant in (TENANT, ANOTHER)))
                await asyncio.to_thread(shop.until, lambda: shop.open == 2)
                shop.answer()
                return await verifications

            assert [type(events[-1]) for events in asyncio.run(both())] == [Report, Report]


def test_closing_it_ends_every_call_and_gives_the_place_back(tmp_path: Path) -> None:
    shop = HangingShop()
    with LoopbackServer(shop) as server:
        origin = f"http://127.0.0.1:{server.port}"
        limits = CheckLimits(at_once=1)
        with running(tmp_path, trusted_origins=(origin,), check_seconds=LONG, checks=limits) as service:
            Tab(service, TENANT).start_demo(SYSTEM.code, Scenario("waits", {**WORKS.values, API_URL: origin}))

            async def leave() -> None:
                ref = DraftRef(draft_of(service, TENANT).id)
                async with aclosing(service.verification.verify(Actor(TENANT), ref)) as events:
                    await anext(events)
                    await asyncio.to_thread(shop.until, lambda: shop.open == 1)
                    with pytest.raises(TryLater):
                        await verified(service, TENANT)

            for _ in range(2):
                asyncio.run(leave())
                shop.until(lambda: shop.open == 0)
            assert report_of(draft_of(service, TENANT)) is None


def test_a_locked_database_keeps_nobody_else_on_the_loop_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever records waits for the lock in a thread: the loop goes on, and lifts the lock itself."""
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", LONG * 1000)
    with running(tmp_path) as service:
        Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)

        async def beside_a_lock() -> list[Progress]:
            with locked(tmp_path):
                verification = asyncio.ensure_future(verified(service, TENANT))
                for _ in range(100):
                    await asyncio.sleep(0)
                assert not verification.done()
            return await verification

        assert isinstance(asyncio.run(beside_a_lock())[-1], Report)


def test_a_database_that_stays_locked_is_said_and_leaves_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", 20)
    with running(tmp_path) as service:
        Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
        with locked(tmp_path), pytest.raises(StorageFailed):
            asyncio.run(verified(service, TENANT))
        assert report_of(draft_of(service, TENANT)) is None


def test_a_saved_connection_is_verified_by_the_same_use_case_and_keeps_a_passing_report(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    asyncio.run(verified(service, TENANT))
    connection = save(service, TENANT)
    before = connection.verified_at

    async def again(tenant: str) -> list[Progress]:
        ref = ConnectionRef(connection.id)
        return [event async for event in service.verification.verify(Actor(tenant), ref)]

    report = asyncio.run(again(TENANT))[-1]
    assert isinstance(report, Report)
    assert report.passed
    (kept,) = service.connections.all(Actor(TENANT))
    assert (Report.from_json(kept.report), kept.verified_at > before) == (report, True)
    with pytest.raises(ConnectionNotFound):
        asyncio.run(again(ANOTHER))


def test_an_answer_of_somebody_elses_practice_is_never_shown(service: Service) -> None:
    for tenant in (TENANT, TENANT, ANOTHER):
        Tab(service, tenant).start_demo(SYSTEM.code, WORKS)
        *_, report = asyncio.run(verified(service, tenant))
        assert isinstance(report, Report)
        assert report.account
        assert report.account.as_of == "", "the sandbox is asked anew each time"
