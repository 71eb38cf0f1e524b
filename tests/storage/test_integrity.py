"""A draft or connection that was edited in the database counts as unverified, whatever was edited in it."""

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import class_mapper
from sqlmodel import SQLModel, col

from tests.walks import (
    ACCOUNT,
    FORM,
    MARKER_KEY,
    OTHER_HOST,
    SYSTEM,
    WORKS,
    Tab,
    declared,
    draft_of,
    existing_connection,
    key_refused,
    ready_to_save,
    running,
    save,
)
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import NotVerified
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.service import Service
from xtnd_wizard.storage.engine import writing
from xtnd_wizard.storage.integrity import PROTECTED
from xtnd_wizard.storage.models import ALTERED, VERIFIED, ApprovalState, Connection, Draft
from xtnd_wizard.vault import KeyRing, Vault
from xtnd_wizard.wizard.steps import Step, first_unfinished, report_of

TENANT, ANOTHER = "a" * 64, "b" * 64
THEN = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
MINE = "this sitting"
MOMENTS = ("set_aside_until", "tokens_expire_at", "lease_until")
UNPROTECTED: dict[type, set[str]] = {
    Draft: {"step", "last4", "notes", "refusals", "updated_at", "digest"},
    ApprovalState: {"digest"},
    Connection: {"last4", "digest"},
}
"""What is shown at most. A refusal that is taken away lets a value be tried that the channel then judges."""


@pytest.fixture
def service(tmp_path: Path) -> Any:
    with running(tmp_path) as started:
        yield started


def edit(service: Service, table: type[SQLModel], **values: object) -> None:
    """What somebody does who can write to the database and has no key ring."""
    with writing(service.engine) as session:
        session.execute(update(table).values(**values))


def forged(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report with the same fingerprint, in which everything passed."""
    finding: dict[str, Any] = {"outcome": "passed", "problem_code": None, "facts": {}, "detail": ""}
    account = {"id": "1", "name": "Forged", "state": "", "currency": "", "country": "", "channels": [], "as_of": ""}
    return {**report, "findings": [{"check": c, **finding} for c in report["expected"]], "account": account}


def other(value: object, instead_of_nothing: object) -> object:
    """Something else of the same type."""
    if value is None:
        return instead_of_nothing
    if isinstance(value, dict):
        return {**value, "more": "text"}
    return value + timedelta(days=1) if isinstance(value, datetime | date) else f"{value}x"


def stored(service: Service, table: type[SQLModel]) -> Any:
    """The row as it stands in the database."""
    with writing(service.engine) as session:
        return session.get_one(table, (draft_of if table is Draft else only_connection)(service, TENANT).id)


def only_connection(service: Service, tenant: str) -> Connection:
    (found,) = service.connections.all(Actor(tenant))
    return found


def saved(service: Service) -> Connection:
    ready_to_save(service, TENANT)
    return save(service, TENANT)


@pytest.mark.parametrize("table", PROTECTED, ids=lambda table: table.__name__)
def test_every_column_is_protected_or_decides_nothing(table: type[Draft | Connection]) -> None:
    columns = set(class_mapper(table).columns.keys())
    assert columns == {*PROTECTED[table], *UNPROTECTED[table]}


def test_a_report_edited_to_passed_is_not_saved(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    report = declared(service, TENANT, key_refused()).to_json()
    assert Report.from_json(forged(report)).passed
    edit(service, Draft, report=forged(report))
    assert report_of(draft_of(service, TENANT)) is None
    assert first_unfinished(draft_of(service, TENANT)) is Step.VERIFY
    with pytest.raises(NotVerified):
        service.connections.save(Actor(TENANT), draft_of(service, TENANT).id, FORM, report["fingerprint"])


def test_a_report_with_the_digest_of_another_draft_is_not_saved(service: Service) -> None:
    other_draft = ready_to_save(service, ANOTHER)
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    with writing(service.engine) as session:
        forged_row = {"report": other_draft.report, "digest": other_draft.digest}
        session.execute(update(Draft).where(col(Draft.tenant) == TENANT).values(**forged_row))
    assert draft_of(service, TENANT).report is None


@pytest.mark.parametrize("name", [name for name in PROTECTED[Draft] if name != "tenant"])
def test_any_edit_of_what_decides_in_a_draft_voids_its_report(service: Service, name: str) -> None:
    row = ready_to_save(service, TENANT)
    edit(service, Draft, **{name: other(getattr(row, name), THEN if name in MOMENTS else "x")})
    draft = draft_of(service, TENANT)
    assert (draft.report, draft.entered_by, draft.set_aside) == (None, {}, {})
    assert (draft.tokens_expire_at, draft.lease_id, draft.lease_until) == (None, "", None)


def test_a_draft_given_to_another_owner_is_worth_nothing_to_them(service: Service) -> None:
    ready_to_save(service, TENANT)
    edit(service, Draft, tenant=ANOTHER)
    assert draft_of(service, ANOTHER).report is None
    with pytest.raises(NotVerified):
        save(service, ANOTHER)


@pytest.mark.parametrize("digest", ["", "0" * 64, "å"])
def test_a_digest_taken_away_or_made_up_gains_nothing(service: Service, digest: str) -> None:
    saved(service)
    ready_to_save(service, TENANT)
    edit(service, Draft, digest=digest)
    edit(service, Connection, digest=digest)
    assert draft_of(service, TENANT).report is None
    assert only_connection(service, TENANT).status == ALTERED


def test_a_start_adopts_no_row_without_a_digest(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        ready_to_save(service, TENANT)
        edit(service, Draft, digest="")
    with running(tmp_path) as service:
        assert draft_of(service, TENANT).report is None


def test_an_edited_draft_can_be_verified_anew_and_saved(service: Service) -> None:
    ready_to_save(service, TENANT)
    edit(service, Draft, report=None, entered_by={"secret": "forged"})
    declared(service, TENANT)
    assert report_of(draft_of(service, TENANT)) is not None
    assert stored(service, Draft).entered_by == {}
    assert save(service, TENANT).status == VERIFIED


def test_a_forged_sitting_is_asked_nothing(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, WORKS.values["api_url"], MINE)
    draft = Tab(service, TENANT).enter({"access_token": MARKER_KEY}, MINE)
    edit(service, Draft, entered_by={**draft.entered_by, "secret": draft.entered_by["access_token"]})
    changed = Tab(service, TENANT).choose(SYSTEM.code, OTHER_HOST, MINE)
    assert (changed.sealed, changed.set_aside) == ({}, {})


@pytest.mark.parametrize("name", [name for name in PROTECTED[Connection] if name != "tenant"])
def test_any_edit_of_what_decides_in_a_connection_makes_it_unverified(service: Service, name: str) -> None:
    edit(service, Connection, **{name: other(getattr(saved(service), name), THEN)})
    found = only_connection(service, TENANT)
    assert (found.status, found.report) == (ALTERED, {})
    assert service.handover.show_once(Actor(TENANT), found.id) is None


def test_secrets_shown_once_are_not_shown_again_by_an_edit(service: Service) -> None:
    connection = saved(service)
    assert service.handover.show_once(Actor(TENANT), connection.id)
    edit(service, Connection, shown_at=None)
    assert service.handover.show_once(Actor(TENANT), connection.id) is None
    edit(service, Connection, shown_at=None, status=VERIFIED)
    assert service.handover.show_once(Actor(TENANT), connection.id) is None
    assert service.handover.show_once(Actor(TENANT), connection.id, still=True) is None


def test_an_edited_connection_is_mended_by_connecting_the_same_account_again(service: Service) -> None:
    connection = saved(service)
    edit(service, Connection, report={}, warehouse="THEIRS")
    Tab(service, TENANT).discard()
    again = ready_to_save(service, TENANT)
    existing = existing_connection(service, again)
    assert existing is not None
    mended = save(service, TENANT, update=existing.id)
    assert (mended.id, mended.status, mended.warehouse) == (connection.id, VERIFIED, "")
    assert only_connection(service, TENANT).status == VERIFIED
    assert service.handover.show_once(Actor(TENANT), mended.id)


def test_what_the_wizard_itself_writes_is_believed_after_every_step(service: Service) -> None:
    saved(service)
    Tab(service, TENANT).discard()
    draft = ready_to_save(service, TENANT)
    Tab(service, TENANT).set_step(Step.VERIFY)
    assert draft_of(service, TENANT).report == draft.report
    existing = existing_connection(service, draft)
    assert existing is not None
    save(service, TENANT, update=existing.id)
    assert only_connection(service, TENANT).status == VERIFIED
    assert service.handover.show_once(Actor(TENANT), existing.id)
    assert only_connection(service, TENANT).status == VERIFIED


def test_a_ring_with_a_further_current_key_believes_the_rows_of_before(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        saved(service)
        old = service.vault.ring
    new = KeyRing.new()
    (tmp_path / "wizard.keys").write_text(KeyRing(new.current, {**old.keys, **new.keys}).to_json())
    with running(tmp_path) as service:
        assert only_connection(service, TENANT).status == VERIFIED


def test_the_log_says_once_which_row_was_edited_and_nothing_of_what_is_in_it(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    connection = saved(service)
    edit(service, Connection, account_name="Somebody else's shop")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            service.connections.all(Actor(TENANT))
            service.handover.show_once(Actor(TENANT), connection.id)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"connection {connection.id} was edited outside this program")
    assert not any(text in line for text in (TENANT, ACCOUNT.name, "Somebody", connection.api_url))


def test_reading_an_edited_row_changes_nothing_in_the_database(service: Service) -> None:
    saved(service)
    edit(service, Connection, status="verified!")
    before = stored(service, Connection).model_dump()
    service.connections.all(Actor(TENANT))
    assert stored(service, Connection).model_dump() == before


def test_another_ring_makes_other_digests(service: Service) -> None:
    row = ["draft", [["id", "1"]]]
    vault = service.vault
    assert vault.row_digest(row) == Vault(vault.ring).row_digest(row)
    assert vault.row_digest(row) != Vault(KeyRing.new()).row_digest(row)
    assert vault.row_digest(row) != vault.row_digest(["connection", [["id", "1"]]])
    assert vault.row_digest(row) != vault.fingerprint("draft", {"id": "1"})
