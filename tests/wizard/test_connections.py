"""A verified draft becomes a connection: once, for its tenant only, and never by halves."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from tests.walks import (
    ACCOUNT,
    FORM,
    MARKER_KEY,
    OTHER_HOST,
    SYSTEM,
    WORKS,
    Tab,
    all_passed,
    bytes_on_disk,
    declared,
    draft_of,
    existing_connection,
    key_refused,
    ready_to_save,
    running,
    save,
)
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import AlreadyConnected, ConnectionNotFound, DraftNotFound, NotVerified, StorageFailed
from xtnd_wizard.domain.findings import passed
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.storage import engine as engine_module
from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.storage.seal_contexts import connection_seal_context
from xtnd_wizard.wizard.check_runner import Event, Identified
from xtnd_wizard.wizard.connections import LONGEST_TEXT, XtndForm, marketplace_name, proposed_name
from xtnd_wizard.wizard.steps import Step, first_unfinished, report_of

TENANT, ANOTHER = "a" * 64, "b" * 64
HOST = WORKS.values["api_url"]


def rows(service: Service) -> list[Connection]:
    with reading(service.engine) as session:
        return list(session.exec(select(Connection)).all())


def ids(connections: Iterable[Connection]) -> list[str]:
    return [connection.id for connection in connections]


def opened(service: Service, connection: Connection, name: str) -> Secret:
    return service.vault.open(connection.sealed[name], connection_seal_context(connection, name))


def test_a_saved_connection_holds_exactly_what_was_verified(service: Service) -> None:
    ready_to_save(service, TENANT)
    values = save(service, TENANT, XtndForm("  Our shop ", date(2026, 2, 3), " MAIN", "G1 "))
    (saved,) = rows(service)
    assert saved.id == values.id
    assert (saved.tenant, saved.system, saved.api_url) == (TENANT, SYSTEM.code, HOST)
    assert (saved.account_id, saved.account_name) == (ACCOUNT.id, ACCOUNT.name)
    assert (saved.name, saved.order_start, saved.warehouse, saved.company_group) == (
        "Our shop",
        date(2026, 2, 3),
        "MAIN",
        "G1",
    )
    for name in SYSTEM.sealed_fields_of(""):
        assert opened(service, saved, name) == Secret(WORKS.values[name])
    assert saved.report["system"] == SYSTEM.code


def test_an_optional_open_field_is_saved_with_the_connection(service: Service) -> None:
    optional = next(field.name for field in SYSTEM.fields if not field.required and not field.sealed)
    ready_to_save(service, TENANT, {**WORKS.values, optional: "2041"})
    assert save(service, TENANT).values == {optional: "2041"}


def test_what_was_sealed_in_the_draft_is_gone_from_it_after_the_save(service: Service) -> None:
    before = ready_to_save(service, TENANT)
    saved = save(service, TENANT)
    draft = draft_of(service, TENANT)
    assert draft.sealed == {}
    assert draft.connection_id == saved.id
    assert first_unfinished(draft) is Step.DONE
    assert not set(before.sealed.values()) & set(saved.sealed.values())


def test_long_texts_are_cut_to_a_sane_length(service: Service) -> None:
    ready_to_save(service, TENANT)
    assert len(save(service, TENANT, replace(FORM, name="x" * 5000)).name) == LONGEST_TEXT


def test_saving_without_a_draft_is_refused(service: Service) -> None:
    with pytest.raises(DraftNotFound):
        save(service, TENANT)


def test_saving_an_unverified_draft_is_refused(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    with pytest.raises(NotVerified):
        save(service, TENANT)


def test_saving_after_a_failed_check_is_refused(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT, key_refused())
    with pytest.raises(NotVerified):
        save(service, TENANT)


def test_saving_with_a_check_unanswered_is_refused(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT, all_passed(SYSTEM.code)[1:])
    with pytest.raises(NotVerified):
        save(service, TENANT)


def test_saving_without_a_known_account_is_refused(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT, all_passed(SYSTEM.code)[:-1])
    with pytest.raises(NotVerified):
        save(service, TENANT)


def test_saving_with_a_report_on_other_values_is_refused(service: Service) -> None:
    ready_to_save(service, TENANT)
    with writing(service.engine) as session:
        session.execute(update(Draft).values(values={"api_url": OTHER_HOST}))
    with pytest.raises(NotVerified):
        save(service, TENANT)
    assert rows(service) == []


def test_saving_with_a_newer_report_than_the_one_that_was_shown_is_refused(service: Service) -> None:
    shown = report_of(ready_to_save(service, TENANT))
    assert shown is not None
    Tab(service, TENANT).enter({"access_token": MARKER_KEY})
    declared(service, TENANT)
    with pytest.raises(NotVerified):
        service.connections.save(Actor(TENANT), draft_of(service, TENANT).id, FORM, shown.fingerprint)


def test_saving_with_a_report_copied_from_another_draft_is_refused(service: Service) -> None:
    report = ready_to_save(service, TENANT).report
    Tab(service, ANOTHER).start_demo(SYSTEM.code, WORKS)
    Tab(service, ANOTHER).enter({"access_token": MARKER_KEY})
    with writing(service.engine) as session:
        session.execute(update(Draft).where(col(Draft.tenant) == ANOTHER).values(report=report))
    with pytest.raises(NotVerified):
        save(service, ANOTHER)


def test_saving_twice_makes_one_connection_and_tells_it_again(service: Service) -> None:
    ready_to_save(service, TENANT)
    first = save(service, TENANT)
    second = save(service, TENANT, replace(FORM, name="Pressed again"))
    assert second.id == first.id
    assert [row.name for row in rows(service)] == [FORM.name]


def test_two_tabs_that_save_at_once_make_one_connection(service: Service) -> None:
    ready_to_save(service, TENANT)
    together = Barrier(2)

    def press(_: int) -> str:
        together.wait(5)
        return save(service, TENANT).id

    with ThreadPoolExecutor(2) as tabs:
        values = set(tabs.map(press, range(2)))
    assert values == set(ids(rows(service)))
    assert len(values) == 1


def test_a_second_connection_to_the_same_account_asks_first_and_then_updates_the_same_row(service: Service) -> None:
    ready_to_save(service, TENANT)
    first = save(service, TENANT)
    Tab(service, TENANT).discard()
    again = ready_to_save(service, TENANT, {**WORKS.values, "access_token": MARKER_KEY})
    known = existing_connection(service, again)
    assert known is not None
    assert known.id == first.id
    with pytest.raises(AlreadyConnected):
        save(service, TENANT, replace(FORM, name="New name"))
    with pytest.raises(AlreadyConnected):
        save(service, TENANT, replace(FORM, name="New name"), update="another connection")
    assert draft_of(service, TENANT) == again
    updated = save(service, TENANT, replace(FORM, name="New name"), update=first.id)
    assert (updated.id, updated.name) == (first.id, "New name")
    assert ids(rows(service)) == [first.id]
    assert opened(service, rows(service)[0], "access_token") == Secret(MARKER_KEY)


def test_another_account_at_the_same_host_is_a_connection_of_its_own(service: Service) -> None:
    ready_to_save(service, TENANT)
    save(service, TENANT)
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT, all_passed(SYSTEM.code, replace(ACCOUNT, id="7002")))
    assert existing_connection(service, draft_of(service, TENANT)) is None
    save(service, TENANT)
    assert sorted(row.account_id for row in rows(service)) == ["7001", "7002"]


def test_two_owners_of_one_account_know_nothing_of_each_other(service: Service) -> None:
    ready_to_save(service, TENANT)
    mine = save(service, TENANT)
    theirs_to_be = ready_to_save(service, ANOTHER)
    assert existing_connection(service, theirs_to_be) is None
    theirs = save(service, ANOTHER)
    assert ids(service.connections.all(Actor(TENANT))) == [mine.id]
    assert ids(service.connections.all(Actor(ANOTHER))) == [theirs.id]
    with pytest.raises(ConnectionNotFound):
        service.connections.one(Actor(TENANT), theirs.id)
    assert not service.connections.delete(Actor(TENANT), theirs.id)
    assert service.connections.one(Actor(ANOTHER), theirs.id) is not None


def test_a_connection_of_another_owner_is_not_told_by_a_forged_draft(service: Service) -> None:
    ready_to_save(service, TENANT)
    mine = save(service, TENANT)
    ready_to_save(service, ANOTHER)
    with writing(service.engine) as session:
        session.execute(update(Draft).where(col(Draft.tenant) == ANOTHER).values(connection_id=mine.id))
    with pytest.raises(ConnectionNotFound):
        save(service, ANOTHER)


def test_connections_are_listed_newest_first(service: Service) -> None:
    names = ["first", "second", "third"]
    for number, name in enumerate(names):
        Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
        declared(service, TENANT, all_passed(SYSTEM.code, replace(ACCOUNT, id=str(number))))
        save(service, TENANT, replace(FORM, name=name))
    assert [connection.name for connection in service.connections.all(Actor(TENANT))] == names[::-1]


def test_deleting_takes_the_sealed_values_off_the_disk(service: Service, tmp_path: Path) -> None:
    ready_to_save(service, TENANT)
    saved = save(service, TENANT)
    assert service.connections.delete(Actor(TENANT), saved.id)
    assert service.connections.all(Actor(TENANT)) == []
    assert not service.connections.delete(Actor(TENANT), saved.id)
    service.engine.dispose()
    with closing(sqlite3.connect(tmp_path / "wizard.db")) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    written = bytes_on_disk(tmp_path)
    for token in saved.sealed.values():
        assert token.encode() not in written


def test_a_draft_whose_connection_was_deleted_can_not_be_saved_again(service: Service) -> None:
    ready_to_save(service, TENANT)
    service.connections.delete(Actor(TENANT), save(service, TENANT).id)
    with pytest.raises(ConnectionNotFound):
        save(service, TENANT)


@contextmanager
def without_its_table(service: Service, folder: Path) -> Iterator[None]:
    with service.engine.begin() as connection:
        connection.execute(text("ALTER TABLE connection RENAME TO elsewhere"))
    yield
    with service.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO connection"))


@contextmanager
def locked_by_another(service: Service, folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "wizard.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(service: Service, folder: Path) -> Iterator[None]:
    with service.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER no_room BEFORE INSERT ON connection BEGIN SELECT RAISE(FAIL, 'disk full'); END")
        )
    yield
    with service.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER no_room"))


@pytest.mark.parametrize("trouble", [without_its_table, locked_by_another, full], ids=lambda play: play.__name__)
def test_a_database_that_fails_leaves_the_draft_as_it_was_and_the_second_try_succeeds(
    trouble: Callable[[Service, Path], AbstractContextManager[None]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", 20)
    with running(tmp_path) as service:
        before = ready_to_save(service, TENANT)
        with trouble(service, tmp_path):
            with pytest.raises(StorageFailed) as values:
                save(service, TENANT)
            assert not any(token in str(values.value) for token in before.sealed.values())
            assert draft_of(service, TENANT).model_dump() == before.model_dump()
        saved = save(service, TENANT)
        assert ids(rows(service)) == [saved.id]


def test_the_proposed_name_is_the_shop_at_its_marketplace(service: Service) -> None:
    draft = ready_to_save(service, TENANT)
    report = report_of(draft)
    assert report is not None
    assert proposed_name(draft, report) == f"{ACCOUNT.name} – {marketplace_name(SYSTEM.code, HOST)}"
    assert marketplace_name(SYSTEM.code, HOST) in {place.name for place in SYSTEM.marketplaces()}


def test_an_unlisted_marketplace_is_called_by_its_host() -> None:
    assert marketplace_name(SYSTEM.code, "shop.nowhere.example") == "shop.nowhere.example"


def test_a_very_long_shop_name_is_cut_in_the_proposed_name(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    events: list[Event] = [passed("key"), Identified(replace(ACCOUNT, name="n" * 500))]
    report = declared(service, TENANT, events)
    assert len(proposed_name(draft_of(service, TENANT), report)) == LONGEST_TEXT
