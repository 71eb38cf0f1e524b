"""Turning a verified draft into a connection, and looking after the saved ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import (
    AlreadyConnected,
    ConnectionChanged,
    ConnectionNotFound,
    NotReady,
    NotVerified,
    TooManyConnections,
)
from xtnd_wizard.domain.findings import Account, Report
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.settings import Settings
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import VERIFIED, Connection, Draft, now
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.oauth import TokenGrant
from xtnd_wizard.wizard.credentials import CredentialStore
from xtnd_wizard.wizard.draft_contents import DraftContents
from xtnd_wizard.wizard.drafts import found_draft
from xtnd_wizard.wizard.host_change import forget_question
from xtnd_wizard.wizard.steps import Step, report_of
from xtnd_wizard.wizard.transactions import Transactions

LONGEST_TEXT = 120
MOST_SANDBOX_CONNECTIONS = 20
"""For one tenant: every system shown three times in one demo, and what a script saves fills no disk."""
MOST_CONNECTIONS = 500
"""For one tenant: more than any agency has shops, and few enough to list on one page."""


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
    """The saved connections of all tenants, each reached by its tenant only.

    Each use case raises StorageFailed where the database does not take or give it.
    """

    transactions: Transactions
    credentials: CredentialStore
    settings: Settings

    def save(
        self, actor: Actor, draft_id: str, form: XtndForm, fingerprint: str, update: str | None = None
    ) -> Connection:
        """Save a draft that the report with this fingerprint is about, in one short transaction.

        `update` is the id of the connection that the merchant agreed to update. Saving the same draft again returns
        the connection that it became. Raises DraftNotFound, ConnectionNotFound where what it became was deleted,
        NotVerified where the report is not on what the draft holds now, AlreadyConnected where another connection
        would be updated, or TooManyConnections.
        """
        with self.transactions.writing() as session:
            draft = found_draft(queries.draft(session, actor.tenant, draft_id, now(), for_update=True))
            if draft.connection_id:
                return found_connection(queries.connection(session, actor.tenant, draft.connection_id, now()))
            return self._save(session, draft, form.cleaned(), fingerprint, update)

    def existing_connection(self, actor: Actor, draft_id: str) -> Connection | None:
        """The connection that saving a draft would update. Raises DraftNotFound."""
        with self.transactions.reading() as session:
            draft = found_draft(queries.draft(session, actor.tenant, draft_id, now()))
            report = report_of(draft)
            if not report or not report.account:
                return None
            return _same_account(session, draft, report.account.id)

    def all(self, actor: Actor) -> Sequence[Connection]:
        """The tenant's connections, newest first."""
        with self.transactions.reading() as session:
            return queries.connections(session, actor.tenant, now())

    def one(self, actor: Actor, connection_id: str) -> Connection:
        """One of the tenant's connections. Raises ConnectionNotFound."""
        with self.transactions.reading() as session:
            return found_connection(queries.connection(session, actor.tenant, connection_id, now()))

    def delete(self, actor: Actor, connection_id: str) -> bool:
        """Delete a connection with its sealed values; whether there was one."""
        with self.transactions.writing() as session:
            return queries.drop_connection(session, actor.tenant, connection_id, now())

    def store_tokens(self, actor: Actor, connection_id: str, grant: TokenGrant, lease_id: str) -> Connection:
        """Keep what a renewal gave. Raises ConnectionNotFound, or ConnectionChanged where its lease is over.

        That is so where the connection was saved anew meanwhile: those tokens stand.
        """
        with self.transactions.writing() as session:
            connection = found_connection(
                queries.connection(session, actor.tenant, connection_id, now(), for_update=True)
            )
            if connection.lease_id != lease_id:
                raise ConnectionChanged("renewed or saved anew meanwhile")
            self.credentials.put_tokens(connection, grant)
            return connection

    def _save(self, session: Session, draft: Draft, form: XtndForm, fingerprint: str, update: str | None) -> Connection:
        report, account, secrets = self._verified(draft, fingerprint)
        queries.purge_connections(session, now())  # one that expired is no other connection to this account
        known = _same_account(session, draft, account.id)
        if known and known.id != update:
            raise AlreadyConnected("already connected")
        required = _required(draft, form, report, account)
        if known is None:
            make_room_for_connections(session, draft.tenant, sandbox=_is_sandbox(draft), coming=1)
        connection = known or Connection(tenant=draft.tenant, **required)
        for name, value in required.items():
            setattr(connection, name, value)
        self._fill(connection, draft, secrets)
        session.add(connection)
        draft.connection_id, draft.sealed, draft.step = connection.id, {}, Step.DONE
        forget_question(draft)
        return connection

    def _verified(self, draft: Draft, fingerprint: str) -> tuple[Report, Account, Mapping[str, Secret]]:
        """The passing report on what a draft holds now, its account, and the sealed values, opened."""
        report = report_of(draft)
        if not report or not report.passed or not report.account or report.fingerprint != fingerprint:
            raise NotVerified("no passing report for this draft")
        try:
            opened = self.credentials.open(draft)
        except NotReady:
            raise NotVerified("no full set of values") from None
        if opened.fingerprint != fingerprint:
            raise NotVerified("the report is on other values")
        return report, report.account, opened.secrets

    def _fill(self, connection: Connection, draft: Draft, secrets: Mapping[str, Secret]) -> None:
        connection.sealed, connection.last4 = {}, {}
        self.credentials.seal(connection, secrets)
        connection.values = {name: text for name, text in draft.values.items() if name != API_URL and text}
        connection.saved_at, connection.shown_at = now(), None
        connection.tokens_expire_at, connection.lease_id, connection.lease_until = draft.tokens_expire_at, "", None
        kept_for = timedelta(days=self.settings.draft_days)
        connection.expires_at = connection.saved_at + kept_for if _is_sandbox(draft) else None


def found_connection(connection: Connection | None) -> Connection:
    """The connection that was looked for. Raises ConnectionNotFound where there is none."""
    if connection is None:
        raise ConnectionNotFound("no such connection")
    return connection


def _same_account(session: Session, draft: Draft, account_id: str) -> Connection | None:
    return queries.same_account(session, draft.tenant, draft.system, draft.values[API_URL], account_id, now())


def make_room_for_connections(session: Session, tenant: str, *, sandbox: bool, coming: int = 0) -> None:
    """Keep a tenant's connections within bounds: the oldest sandbox one makes way, real ones never do.

    Raises TooManyConnections.
    """
    count = queries.count_connections(session, tenant, sandbox=sandbox) + coming
    if sandbox and count > MOST_SANDBOX_CONNECTIONS:
        session.delete(queries.oldest_sandbox_connection(session, tenant))
    elif not sandbox and count > MOST_CONNECTIONS:
        raise TooManyConnections("the tenant has as many as can be kept")


def _is_sandbox(draft: Draft) -> bool:
    return get_system(draft.system).is_sandbox(draft.values[API_URL])


def _required(draft: Draft, form: XtndForm, report: Report, account: Account) -> dict[str, Any]:
    return {
        "system": draft.system,
        "name": form.name,
        "api_url": draft.values[API_URL],
        "account_id": account.id,
        "account_name": account.name,
        "order_start": form.order_start,
        "warehouse": form.warehouse,
        "company_group": form.company_group,
        "report": report.to_json(),
        "status": VERIFIED,
        "verified_at": report.verified_at,
    }
