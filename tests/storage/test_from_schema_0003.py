"""A database and its ring as the program of schema 0003 wrote them: everything opens, and every walk goes on.

The rows are in `fixtures/schema_0003.sql`; whose they are stands below.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.pasted import MESSAGE
from tests.walks import FORM, OTHER_HOST, SYSTEM, WORKS, Tab, credentials_of, draft_of, running, save, verified
from tests.watching import watched
from tests.wizard.approving import SYSTEM as OAUTH_SYSTEM
from tests.wizard.approving import Messages, come_back
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import NotReady, NotVerified
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.storage.engine import reading
from xtnd_wizard.storage.integrity import fits
from xtnd_wizard.storage.models import ALTERED, VERIFIED, ApprovalState, Connection, Draft
from xtnd_wizard.storage.schema import REVISIONS
from xtnd_wizard.wizard.approvals import APPROVED
from xtnd_wizard.wizard.questions import open_questions
from xtnd_wizard.wizard.steps import Step, first_unfinished, report_of

FIXTURES = Path(__file__).parent / "fixtures"
VERIFIED_DRAFT, CONNECTED, APPROVED_DRAFT, SET_ASIDE, ASKED = (digit * 64 for digit in "12345")
EDITED_DRAFT, EDITED_CONNECTION, REAL, OTHER_SYSTEM = (digit * 64 for digit in "6789")
SITTING = "the sitting of the fixture"
USED = {"code": "0012018a-786c-4656-9ec5-0cbfbbcc6a67", "state": "QfHUS1HRjxmJIv-8shSmvojFP2Jhu_7ngaZ4Dl7Qe94"}
AWAITED = {"code": "0012018a-02e1-45f3-b646-deaf3e4ccd16", "state": "kFGFvFcNZhXHNYwtfZI1aS8cO3i7P-myhpOOjqt2C4Y"}
"""What came back from the channel once, and what may still come."""
SECRETS = {name: WORKS.values[name] for name in SYSTEM.sealed_fields_of("")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "wizard.db")) as database, database:
        database.executescript((FIXTURES / "schema_0003.sql").read_text("utf-8"))
    (tmp_path / "wizard.keys").write_text((FIXTURES / "schema_0003_test_only_keys.json").read_text("utf-8"))
    (tmp_path / "wizard.keys").chmod(0o600)
    return tmp_path


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    with running(folder) as started:
        yield started


def opened(service: Service, tenant: str) -> dict[str, str]:
    """The secrets of a draft, opened as they are before a check."""
    values = credentials_of(service, draft_of(service, tenant)).values
    return {name: value.reveal() for name, value in values.items() if isinstance(value, Secret)}


def connection_of(service: Service, tenant: str) -> Connection:
    (found,) = service.connections.all(Actor(tenant))
    return found


def test_a_verified_draft_keeps_its_report_and_is_saved(service: Service) -> None:
    assert opened(service, VERIFIED_DRAFT) == SECRETS
    report = report_of(draft_of(service, VERIFIED_DRAFT))
    assert report is not None
    assert report.fingerprint == service.credentials.open(draft_of(service, VERIFIED_DRAFT)).fingerprint
    saved = save(service, VERIFIED_DRAFT)
    assert (saved.status, saved.name) == (VERIFIED, FORM.name)
    assert service.handover.show_once(Actor(VERIFIED_DRAFT), saved.id) == SECRETS


def test_a_verified_draft_is_verified_anew(service: Service) -> None:
    _, report = watched(service, VERIFIED_DRAFT)
    assert report.passed
    assert save(service, VERIFIED_DRAFT).status == VERIFIED


@pytest.mark.parametrize("tenant", [CONNECTED, REAL])
def test_every_connection_opens_and_is_believed(service: Service, tenant: str) -> None:
    connection = connection_of(service, tenant)
    assert connection.status == VERIFIED
    assert (connection.expires_at is None) == (tenant == REAL)
    assert service.handover.show_once(Actor(tenant), connection.id) == SECRETS


def test_a_connection_to_another_system_opens_too(service: Service) -> None:
    connection = connection_of(service, OTHER_SYSTEM)
    assert connection.status == VERIFIED
    assert connection.system != SYSTEM.code
    shown = service.handover.show_once(Actor(OTHER_SYSTEM), connection.id)
    assert shown is not None
    assert {name: text[-4:] for name, text in shown.items() if connection.last4[name]} == connection.last4
    assert draft_of(service, OTHER_SYSTEM).connection_id == connection.id


def test_tokens_that_ended_are_renewed_and_the_approval_goes_on_to_saved(service: Service) -> None:
    draft, before = draft_of(service, APPROVED_DRAFT), opened(service, APPROVED_DRAFT)
    assert draft.tokens_expire_at is not None
    assert (draft.system, draft.lease_id, draft.lease_until) == (OAUTH_SYSTEM.code, "", None)
    messages = Messages(service)
    _, report = watched(service, APPROVED_DRAFT)
    assert report.passed
    assert messages.grants == ["refresh_token"]
    assert opened(service, APPROVED_DRAFT) != before
    assert save(service, APPROVED_DRAFT).status == VERIFIED


def test_an_approval_that_was_awaited_may_come_back_once_and_a_used_one_not_again(service: Service) -> None:
    assert come_back(service, APPROVED_DRAFT, USED) == "used_state"
    assert come_back(service, VERIFIED_DRAFT, AWAITED) == "foreign_state"
    assert come_back(service, APPROVED_DRAFT, AWAITED) == APPROVED
    assert come_back(service, APPROVED_DRAFT, AWAITED) == "used_state"


def test_what_was_set_aside_is_kept_by_the_sitting_that_entered_it(service: Service) -> None:
    assert service.host_questions.pending(draft_of(service, SET_ASIDE), "another sitting") is None
    assert service.host_questions.pending(draft_of(service, SET_ASIDE), SITTING) is not None
    Tab(service, SET_ASIDE).keep(OTHER_HOST, SITTING)
    assert opened(service, SET_ASIDE) == SECRETS


def test_what_was_set_aside_is_dropped_on_request(service: Service) -> None:
    Tab(service, SET_ASIDE).drop()
    assert draft_of(service, SET_ASIDE).set_aside == {}
    assert first_unfinished(draft_of(service, SET_ASIDE)) is Step.ENTER


def test_a_question_is_still_open_and_one_answer_settles_it(service: Service) -> None:
    with pytest.raises(NotReady):
        credentials_of(service, draft_of(service, ASKED))
    (question,) = open_questions(draft_of(service, ASKED)).values()
    Tab(service, ASKED).confirm(question.field, question.digest)
    assert opened(service, ASKED) == {**SECRETS, "secret": MESSAGE}


def test_rows_that_were_edited_behind_the_programs_back_stay_distrusted(service: Service) -> None:
    assert report_of(draft_of(service, EDITED_DRAFT)) is None
    with pytest.raises(NotVerified):
        save(service, EDITED_DRAFT)
    connection = connection_of(service, EDITED_CONNECTION)
    assert (connection.status, connection.report) == (ALTERED, {})
    assert service.handover.show_once(Actor(EDITED_CONNECTION), connection.id) is None
    assert verified(service, EDITED_DRAFT).passed, "what it holds can be verified anew"


def test_every_other_row_has_a_digest_that_fits(service: Service) -> None:
    with reading(service.engine) as session:
        rows = [*session.exec(select(Draft)), *session.exec(select(Connection))]
        assert {row.tenant for row in rows if not fits(row, service.vault)} == {EDITED_DRAFT, EDITED_CONNECTION}
        states = session.exec(select(ApprovalState).order_by(col(ApprovalState.used_at))).all()
        assert [(fits(row, service.vault), row.tenant, bool(row.used_at)) for row in states] == [
            (True, APPROVED_DRAFT, False),
            (True, APPROVED_DRAFT, True),
        ]


def test_a_text_of_an_approval_that_was_edited_is_not_moved(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "wizard.db")) as database, database:
        database.execute("UPDATE draft SET consent = replace(consent, '\"used\"', '\"unused\"')")
    with running(folder) as service:
        assert come_back(service, APPROVED_DRAFT, USED) == "foreign_state"
        assert come_back(service, APPROVED_DRAFT, AWAITED) == "foreign_state"
        assert draft_of(service, APPROVED_DRAFT).tokens_expire_at is None


def test_nothing_is_left_of_the_text_and_a_second_start_changes_nothing(folder: Path) -> None:
    def everything() -> list[str]:
        with closing(sqlite3.connect(folder / "wizard.db")) as database:
            return list(database.iterdump())

    with running(folder):
        pass
    migrated = everything()
    assert not any("consent" in line for line in migrated)
    assert f"INSERT INTO \"alembic_version\" VALUES('{REVISIONS[-1]}');" in migrated
    with running(folder):
        pass
    assert everything() == migrated
