"""Turning a verified draft into a connection, and looking after the saved ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import VERIFIED, Connection, Draft, now
from xtnd_wizard.storage.seal_contexts import connection_seal_context
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.vault import DecryptionError
from xtnd_wizard.wizard.drafts import DraftGone, Drafts
from xtnd_wizard.wizard.host_change import forget_question
from xtnd_wizard.wizard.steps import Step, report_of
from xtnd_wizard.wizard.views import DraftContents

LONGEST_TEXT = 120
MOST_SANDBOX_CONNECTIONS = 20
"""For one tenant: every system shown three times in one demo, and what a script saves fills no disk."""
MOST_CONNECTIONS = 500
"""For one tenant: more than any agency has shops, and few enough to list on one page."""


class NotVerified(Exception):
    """The draft has no passing report for exactly what it holds now."""


class NotSaved(Exception):
    """The database did not take it. Nothing is stored, and the draft is still there."""


class TooManyConnections(Exception):
    """The tenant has as many connections as one tenant can have."""


class AlreadyConnected(Exception):
    """The tenant has a connection to this account; updating it has to be asked for."""


@dataclass(frozen=True)
class XtndForm:
    """The fields of XTND's own form that the channel does not tell."""

    name: str
    order_start: date
    warehouse: str = ""
    company_group: str = ""

    def cleaned(self) -> "XtndForm":
        """Without white space around the texts, each cut to a sane length."""
        short = {key: getattr(self, key).strip()[:LONGEST_TEXT] for key in ("name", "warehouse", "company_group")}
        return replace(self, **short)


def proposed_name(draft: DraftContents, report: Report) -> str:
    """A name from the verified shop and the marketplace."""
    shop = report.account.name if report.account else ""
    parts = (shop, marketplace_name(draft.system, draft.values.get(API_URL, "")))
    return " – ".join(dict.fromkeys(filter(None, parts)))[:LONGEST_TEXT]


def marketplace_name(system_code: str, host: str) -> str:
    """What people call the marketplace behind a host; the system's name where all have one host, or else the host."""
    system = get_system(system_code)
    unlisted = system.name if system.hosts.fixed else host
    return next((place.name for place in system.marketplaces() if place.host == host), unlisted)


@dataclass(frozen=True)
class Connections:
    """The saved connections of all tenants, each reached by its tenant only."""

    drafts: Drafts

    def save(self, tenant: str, form: XtndForm, fingerprint: str, update: str | None = None) -> Connection:
        """Save the draft that the report with this fingerprint is about, in one short transaction.

        `update` is the id of the connection that the merchant agreed to update. Saving the same draft
        again returns the connection that it became. Raises NotVerified where the draft is another one by
        now, AlreadyConnected where another connection would be updated, TooManyConnections, DraftGone, or NotSaved.
        """
        try:
            with self.drafts.writing() as session:
                return self._save(session, tenant, form.cleaned(), fingerprint, update)
        except SQLAlchemyError as error:
            raise NotSaved(type(error).__name__) from None

    def existing_connection(self, draft: Draft) -> Connection | None:
        """The connection that saving this draft would update."""
        report = report_of(draft)
        if not report or not report.account:
            return None
        with self.drafts.reading() as session:
            return queries.same_account(
                session, draft.tenant, draft.system, draft.values[API_URL], report.account.id, now()
            )

    def all(self, tenant: str) -> Sequence[Connection]:
        """The tenant's connections, newest first."""
        with self.drafts.reading() as session:
            return queries.connections(session, tenant, now())

    def one(self, tenant: str, connection_id: str) -> Connection | None:
        """One of the tenant's connections."""
        with self.drafts.reading() as session:
            return queries.connection(session, tenant, connection_id, now())

    def delete(self, tenant: str, connection_id: str) -> bool:
        """Delete a connection with its sealed values; whether there was one."""
        with self.drafts.writing() as session:
            return queries.drop_connection(session, tenant, connection_id, now())

    def _save(self, session: Session, tenant: str, form: XtndForm, fingerprint: str, update: str | None) -> Connection:
        draft = queries.live_draft(session, tenant, now(), for_update=True)
        if draft is None:
            raise DraftGone("no draft")
        if draft.connection_id:
            saved = queries.connection(session, tenant, draft.connection_id, now())
            if saved is None:
                raise DraftGone("deleted meanwhile")
            return saved
        report = self._passing_report(draft, fingerprint)
        assert report.account is not None
        queries.purge_connections(session, now())  # one that expired is no other connection to this account
        known = queries.same_account(session, tenant, draft.system, draft.values[API_URL], report.account.id, now())
        if known and known.id != update:
            raise AlreadyConnected("already connected")
        if known is None:
            self._make_room(session, tenant, sandbox=_is_sandbox(draft))
        connection = known or Connection(tenant=tenant, **_required(draft, form, report))
        self._fill(connection, draft, form, report)
        session.add(connection)
        draft.connection_id, draft.sealed, draft.step = connection.id, {}, Step.DONE
        forget_question(draft)
        return connection

    def _make_room(self, session: Session, tenant: str, *, sandbox: bool) -> None:
        """Keep an tenant's connections within bounds: the oldest practice one makes way, real ones never do."""
        count = queries.count_connections(session, tenant, sandbox=sandbox)
        if sandbox and count >= MOST_SANDBOX_CONNECTIONS:
            session.delete(queries.oldest_sandbox_connection(session, tenant))
        elif not sandbox and count >= MOST_CONNECTIONS:
            raise TooManyConnections("the tenant has as many as can be kept")

    def _passing_report(self, draft: Draft, fingerprint: str) -> Report:
        report = report_of(draft)
        try:
            fits = report and report.passed and report.fingerprint == fingerprint == self.drafts.fingerprint(draft)
        except (DecryptionError, DraftGone):
            fits = False
        if not report or not fits:
            raise NotVerified("no passing report for this draft")
        return report

    def _fill(self, connection: Connection, draft: Draft, form: XtndForm, report: Report) -> None:
        for name, value in _required(draft, form, report).items():
            setattr(connection, name, value)
        vault = self.drafts.vault
        connection.sealed = {
            name: vault.seal(
                vault.open(token, self.drafts.context(draft, name)), connection_seal_context(connection, name)
            )
            for name, token in draft.sealed.items()
        }
        connection.last4 = draft.last4
        connection.values = {name: text for name, text in draft.values.items() if name != API_URL and text}
        connection.report, connection.status = report.to_json(), VERIFIED
        connection.saved_at, connection.shown_at = now(), None
        kept_for = timedelta(days=self.drafts.settings.draft_days)
        connection.expires_at = connection.saved_at + kept_for if _is_sandbox(draft) else None


def _is_sandbox(draft: Draft) -> bool:
    return get_system(draft.system).is_sandbox(draft.values[API_URL])


def _required(draft: Draft, form: XtndForm, report: Report) -> dict[str, Any]:
    assert report.account is not None
    return {
        "system": draft.system,
        "name": form.name,
        "api_url": draft.values[API_URL],
        "account_id": report.account.id,
        "account_name": report.account.name,
        "order_start": form.order_start,
        "warehouse": form.warehouse,
        "company_group": form.company_group,
        "verified_at": report.verified_at,
    }
