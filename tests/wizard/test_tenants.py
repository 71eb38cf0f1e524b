"""What one tenant has becomes another's: sealed for the one, out of reach for the other, all of it or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
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
    credentials_of,
    declared,
    draft_of,
    ready_to_save,
    save,
)
from tests.wizard import approving
from tests.wizard.approving import choose, come_back
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import ConnectionNotFound, DraftNotFound, StorageFailed, TooManyConnections
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.domain.subjects import ConnectionRef
from xtnd_wizard.service import Service
from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.integrity import fits
from xtnd_wizard.storage.models import ALTERED, VERIFIED, ApprovalState, Connection, Draft, now
from xtnd_wizard.storage.seal_contexts import connection_seal_context, draft_seal_context
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.vault import DecryptionError
from xtnd_wizard.wizard import connections as connections_module
from xtnd_wizard.wizard import drafts as drafts_module
from xtnd_wizard.wizard import tenants as tenants_module
from xtnd_wizard.wizard.approvals import APPROVED
from xtnd_wizard.wizard.steps import missing_fields, report_of
from xtnd_wizard.wizard.tenants import Moved

OLD, NEW, SITTING = "a" * 64, "signed-in", "this sitting"
FROM, TO = Actor(OLD), Actor(NEW)
HOST, KEY = WORKS.values[API_URL], WORKS.values["access_token"]
SECRETS = {name: Secret(WORKS.values[name]) for name in SYSTEM.sealed_fields_of("")}


def saved(
    service: Service, tenant: str, account: str = ACCOUNT.id, key: str = WORKS.values["access_token"]
) -> Connection:
    """A connection of a tenant, verified just now."""
    Tab(service, tenant).start_demo(SYSTEM.code, replace(WORKS, values={**WORKS.values, "access_token": key}))
    declared(service, tenant, all_passed(SYSTEM.code, replace(ACCOUNT, id=account)))
    return save(service, tenant, replace(FORM, name=f"{tenant[:4]} {account}"))


def ids(service: Service, actor: Actor) -> set[str]:
    return {connection.id for connection in service.connections.all(actor)}


def key_of(service: Service, connection_id: str) -> Secret:
    return service.subjects.open(TO, ConnectionRef(connection_id)).credentials.secret("access_token")


def test_a_draft_and_its_report_are_the_others_and_can_be_saved_there(service: Service) -> None:
    before = ready_to_save(service, OLD)
    assert service.tenants.move(FROM, TO) == Moved(drafts=(before.id,))
    with pytest.raises(DraftNotFound):
        service.drafts.current(FROM, before.id)
    after = service.drafts.current(TO, before.id)
    assert {name: credentials_of(service, after).secret(name) for name in SECRETS} == SECRETS
    assert report_of(after) == report_of(before)
    assert save(service, NEW).tenant == NEW


def test_a_connection_is_the_others_with_all_its_values(service: Service) -> None:
    before = service.connections.one(FROM, saved(service, OLD).id)
    moved = service.tenants.move(FROM, TO)
    assert moved.connections == (before.id,)
    with pytest.raises(ConnectionNotFound):
        service.connections.one(FROM, before.id)
    after = service.connections.one(TO, before.id)
    assert service.subjects.open(TO, ConnectionRef(after.id)).secrets == SECRETS
    kept = (
        "name",
        "api_url",
        "account_id",
        "last4",
        "values",
        "report",
        "status",
        "verified_at",
        "saved_at",
        "shown_at",
    )
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert service.handover.show_once(TO, after.id)


def test_the_old_tenant_can_not_open_anything_any_more(service: Service) -> None:
    draft = ready_to_save(service, OLD)
    before = saved(service, OLD, account="7002")
    old_tokens = {**before.sealed}
    service.tenants.move(FROM, TO)
    after = service.connections.one(TO, before.id)
    for name, token in after.sealed.items():
        with pytest.raises(DecryptionError):
            service.vault.open(token, connection_seal_context(before, name))
        with pytest.raises(DecryptionError):
            service.vault.open(old_tokens[name], connection_seal_context(after, name))
    assert service.drafts.newest(FROM) is None
    assert draft.id not in {found.id for found in service.drafts.all(FROM)}


def test_rows_that_were_moved_are_believed(service: Service) -> None:
    draft = ready_to_save(service, OLD)
    service.tenants.move(FROM, TO)
    connection = saved(service, OLD, account="7002")
    service.tenants.move(FROM, TO)
    with writing(service.engine) as session:
        assert fits(session.get_one(Connection, connection.id), service.vault)
        assert fits(session.get_one(Draft, draft.id), service.vault)


def test_what_is_set_aside_moves_along_and_comes_back_at_its_host(service: Service) -> None:
    Tab(service, OLD).choose(SYSTEM.code, HOST, SITTING)
    Tab(service, OLD).enter(WORKS.values, SITTING)
    aside = Tab(service, OLD).choose(SYSTEM.code, OTHER_HOST, SITTING).set_aside["sealed"]
    assert aside.keys() == SECRETS.keys()
    service.tenants.move(FROM, TO)
    moved = draft_of(service, NEW)
    for name, token in moved.set_aside["sealed"].items():
        assert token != aside[name]
        assert service.vault.open(token, draft_seal_context(moved, name, HOST)) == SECRETS[name]
    back = Tab(service, NEW).choose(SYSTEM.code, HOST)
    assert {name: credentials_of(service, back).secret(name) for name in SECRETS} == SECRETS


@pytest.mark.parametrize("expired", [OLD, NEW])
def test_a_connection_that_has_expired_stands_in_no_ones_way(service: Service, expired: str) -> None:
    rows = {tenant: saved(service, tenant) for tenant in (OLD, NEW)}
    with service.transactions.writing() as session:
        session.get_one(Connection, rows[expired].id).expires_at = now() - timedelta(minutes=1)
    service.tenants.move(FROM, TO)
    with reading(service.engine) as session:
        assert [(row.id, row.tenant) for row in session.exec(select(Connection))] == [
            (rows[NEW if expired == OLD else OLD].id, NEW)
        ]


def test_an_approval_that_was_begun_is_the_others_and_comes_to_its_end_there(service: Service) -> None:
    answer = choose(approving.start(service, OLD))
    service.tenants.move(FROM, TO)
    with reading(service.engine) as session:
        (state,) = session.exec(select(ApprovalState))
        assert state.tenant == NEW
        assert fits(state, service.vault)
    assert come_back(service, OLD, answer) == "foreign_state"
    assert come_back(service, NEW, answer) == APPROVED
    assert missing_fields(draft_of(service, NEW)) == ()


def test_moving_again_moves_what_came_since_and_nothing_twice(service: Service) -> None:
    first = saved(service, OLD)
    service.tenants.move(FROM, TO)
    before = service.connections.one(TO, first.id)
    assert service.tenants.move(FROM, TO) == Moved()
    assert service.tenants.move(TO, TO) == Moved()
    assert service.connections.one(TO, first.id) == before
    second = saved(service, OLD, account="7002")
    assert service.tenants.move(FROM, TO).connections == (second.id,)
    assert ids(service, TO) == {first.id, second.id}


def test_what_others_have_stays_theirs(service: Service) -> None:
    other = saved(service, "b" * 64)
    theirs = saved(service, NEW, account="7003")
    saved(service, OLD, account="7002")
    service.tenants.move(FROM, TO)
    assert ids(service, Actor("b" * 64)) == {other.id}
    assert theirs.id in ids(service, TO)


@pytest.mark.parametrize("newer", [OLD, NEW])
def test_of_two_connections_to_one_account_the_one_verified_later_stays(service: Service, newer: str) -> None:
    older = NEW if newer == OLD else OLD
    loses, wins = saved(service, older), saved(service, newer, key=MARKER_KEY)
    moved = service.tenants.move(FROM, TO)
    assert moved.given_up == (loses.id,)
    assert ids(service, TO) == {wins.id}
    assert ids(service, FROM) == set()
    assert key_of(service, wins.id) == Secret(MARKER_KEY)
    leads_to = {draft.connection_id for draft in service.drafts.all(TO)}
    assert leads_to == {wins.id}, "the page of either draft shows what became of it"


def test_a_connection_that_was_edited_in_the_database_gives_way_and_is_not_believed_by_its_move(
    service: Service,
) -> None:
    edited, alone, stays = saved(service, OLD), saved(service, OLD, account="7002"), saved(service, NEW)
    later = now() + timedelta(days=1)
    with writing(service.engine) as session:
        session.execute(update(Connection).where(col(Connection.tenant) == OLD).values(verified_at=later))
    assert service.tenants.move(FROM, TO).given_up == (edited.id,)
    assert service.connections.one(TO, stays.id).status == VERIFIED
    assert service.connections.one(TO, alone.id).status == ALTERED


def test_a_row_that_does_not_open_is_named_and_left_as_it_is(service: Service) -> None:
    broken, moves = saved(service, OLD), saved(service, OLD, account="7002")
    Tab(service, OLD).start_demo(SYSTEM.code, WORKS)
    draft = draft_of(service, OLD)
    swapped = {"access_token": broken.sealed["secret"], "secret": broken.sealed["access_token"]}
    with writing(service.engine) as session:
        session.execute(update(Connection).where(col(Connection.id) == broken.id).values(sealed=swapped))
        session.execute(update(Draft).where(col(Draft.id) == draft.id).values(sealed=swapped))
    moved = service.tenants.move(FROM, TO)
    assert moved.connections == (moves.id,)
    assert set(moved.left) == {broken.id, draft.id}
    assert service.connections.one(FROM, broken.id).sealed == swapped
    assert service.drafts.current(FROM, draft.id).sealed == swapped


def test_a_connection_that_opens_stays_though_a_newer_one_does_not(service: Service) -> None:
    stays, broken = saved(service, OLD), saved(service, NEW)
    with writing(service.engine) as session:
        session.execute(update(Connection).where(col(Connection.id) == broken.id).values(sealed=stays.sealed))
    assert service.tenants.move(FROM, TO).given_up == (broken.id,)
    assert ids(service, TO) == {stays.id}


def test_a_move_that_fails_in_the_middle_moves_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = saved(service, OLD), saved(service, OLD, account="7002")
    calls: list[object] = []

    def fails_the_second_time(*arguments: object, **options: object) -> None:
        calls.append(arguments)
        if len(calls) == 2:
            raise StorageFailed("full")

    monkeypatch.setattr(tenants_module, "make_room_for_connections", fails_the_second_time)
    with pytest.raises(StorageFailed):
        service.tenants.move(FROM, TO)
    assert (ids(service, FROM), ids(service, TO)) == ({first.id, second.id}, set())
    for connection in (first, second):
        assert service.subjects.open(FROM, ConnectionRef(connection.id)).secrets == SECRETS


def test_a_move_leaves_no_tenant_with_more_than_one_can_have(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections_module, "MOST_SANDBOX_CONNECTIONS", 2)
    monkeypatch.setattr(drafts_module, "MOST_DRAFTS", 2)
    for tenant in (OLD, NEW):
        for account in ("7001", "7002"):
            saved(service, tenant, account=f"{tenant[:1]}{account}")
            service.drafts.create(Actor(tenant), SYSTEM.code, HOST)
    newest = service.drafts.newest(TO)
    service.tenants.move(FROM, TO)
    assert len(service.connections.all(TO)) == 2
    assert len(service.drafts.all(TO)) == 2
    assert newest in service.drafts.all(TO)


def test_a_row_that_does_not_open_makes_nobody_give_way(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections_module, "MOST_SANDBOX_CONNECTIONS", 1)
    broken, theirs = saved(service, OLD, account="7002"), saved(service, NEW)
    with writing(service.engine) as session:
        session.execute(update(Connection).where(col(Connection.id) == broken.id).values(sealed=theirs.sealed))
    assert service.tenants.move(FROM, TO).left == (broken.id,)
    assert ids(service, TO) == {theirs.id}


def test_more_real_connections_than_one_can_have_are_not_moved_at_all(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections_module, "MOST_CONNECTIONS", 1)
    mine, theirs = saved(service, OLD), saved(service, NEW, account="7002")
    with service.transactions.writing() as session:
        for connection in (mine, theirs):
            session.get_one(Connection, connection.id).expires_at = None
    with pytest.raises(TooManyConnections):
        service.tenants.move(FROM, TO)
    assert (ids(service, FROM), ids(service, TO)) == ({mine.id}, {theirs.id})
