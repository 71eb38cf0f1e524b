"""What a verification begins and ends with, for a draft and a saved connection alike: its values, and its report."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import ConnectionChanged, CredentialsLost, DraftChanged
from xtnd_wizard.domain.findings import Finding, Report
from xtnd_wizard.domain.subjects import ConnectionRef, DraftRef, SubjectRef
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import VERIFIED, Connection, Draft, now
from xtnd_wizard.systems import get_system
from xtnd_wizard.wizard.check_runner import Event, Identified, checks_of
from xtnd_wizard.wizard.connections import found_connection
from xtnd_wizard.wizard.credentials import Opened, Subject, held_by
from xtnd_wizard.wizard.drafts import Drafts


@dataclass(frozen=True)
class Subjects:
    """The drafts and connections of all tenants, as a verification sees them."""

    drafts: Drafts

    def open(self, actor: Actor, ref: SubjectRef) -> Opened:
        """The row with its values, opened once for the whole verification.

        Raises DraftNotFound or ConnectionNotFound, DraftChanged where the draft is saved by now, NotReady where there
        is no full set of values, or StorageFailed. A draft whose sealed values can't be opened any more asks for them
        again from then on, and CredentialsLost is raised.
        """
        row: Subject
        if isinstance(ref, ConnectionRef):
            with self.drafts.transactions.reading() as session:
                row = self._connection(session, actor, ref.id)
        else:
            row = self.drafts.current(actor, ref.id)
            if row.connection_id:
                raise DraftChanged("saved by now")
        try:
            return self.drafts.credentials.open(row)
        except CredentialsLost as lost:
            if isinstance(row, Draft):
                self.drafts.ask_again(actor, row.id, lost.names)
            raise

    def record(self, actor: Actor, opened: Opened, events: Iterable[Event]) -> Report:
        """Make the report of a verification, and keep it with exactly what was verified.

        A draft keeps every report. A connection keeps a passing one on the same account, with its time; any other is
        returned only, and the connection stays as it is. Raises DraftNotFound or ConnectionNotFound, DraftChanged or
        ConnectionChanged where the row holds other values by now, or StorageFailed.
        """
        report = _report(opened, list(events))
        if isinstance(opened.row, Draft):
            with self.drafts.editing(actor, opened.row.id) as draft:
                if held_by(draft) != held_by(opened.row):
                    raise DraftChanged("edited meanwhile")
                draft.report = report.to_json()
            return report
        with self.drafts.transactions.writing() as session:
            connection = self._connection(session, actor, opened.row.id, for_update=True)
            if held_by(connection) != held_by(opened.row):
                raise ConnectionChanged("saved anew meanwhile")
            same = report.account is not None and report.account.id == connection.account_id
            if report.passed and same and connection.status == VERIFIED:
                connection.report, connection.verified_at = report.to_json(), report.verified_at
        return report

    def _connection(
        self, session: Session, actor: Actor, connection_id: str, *, for_update: bool = False
    ) -> Connection:
        return found_connection(queries.connection(session, actor.tenant, connection_id, now(), for_update=for_update))


def ref_of(row: Subject) -> SubjectRef:
    """What a row is asked for by."""
    return DraftRef(row.id) if isinstance(row, Draft) else ConnectionRef(row.id)


def _report(opened: Opened, events: list[Event]) -> Report:
    return Report(
        system=opened.row.system,
        fingerprint=opened.fingerprint,
        verified_at=now(),
        expected=checks_of(get_system(opened.row.system)),
        findings=tuple(event for event in events if isinstance(event, Finding)),
        account=next((event.account for event in events if isinstance(event, Identified)), None),
    )
