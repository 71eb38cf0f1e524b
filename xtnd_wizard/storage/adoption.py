"""What a migration can't do without the key ring: taking over the rows that are there, once, at the start that ran it.

Each step belongs to one migration and finds the rows as the step before left them. A row's digest is judged by the
columns of its own time; where it does not fit, it is left as it is, and fits nothing from then on either.
"""

import hmac
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, column, inspect, table, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, select

from xtnd_wizard.storage.integrity import digest_of, seal
from xtnd_wizard.storage.models import ApprovalState, Connection, Draft, new_id, now
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.vault import Vault

Step = Callable[[Session, Vault, int], None]
_CONSENTS = table("draft_consent", column("id", String), column("consent", JSON))
"""What 0004 put aside of the drafts that were there."""


def adopt(session: Session, vault: Vault, draft_days: int, before: str) -> None:
    """Take over the rows of a database whose revision was `before`, for a ring that is known to fit it."""
    for revision, step in _STEPS:
        if before < revision:
            step(session, vault, draft_days)
            session.flush()


def _give_first_digests(session: Session, vault: Vault, draft_days: int) -> None:
    """Until 0003 rows had no digest, and sandbox connections no end."""
    systems = {found.code: found for found in all_systems()}
    for draft, consent in _drafts_and_consents(session):
        draft.sealed_for = draft.values.get(API_URL, "")
        draft.digest = _digest_at_0003(draft, consent, vault)
    for connection in session.exec(select(Connection)):
        system = systems.get(connection.system)
        if system and system.is_sandbox(connection.api_url):
            connection.expires_at = now() + timedelta(days=draft_days)
        connection.digest = _digest_at_0004(connection, vault)


def _move_approvals(session: Session, vault: Vault, draft_days: int) -> None:
    """Until 0004 states, lease and expiry of an approval were words in a JSON text of the draft."""
    for draft, consent in _drafts_and_consents(session):
        if not hmac.compare_digest(draft.digest.encode(), _digest_at_0003(draft, consent, vault).encode()):
            continue
        draft.tokens_expire_at = _moment_in(consent, "expires")
        draft.lease_until = _moment_in(consent, "renewing")
        draft.lease_id = new_id() if draft.lease_until else ""
        seal(draft, vault)
        for state in (*_used_states(draft, consent), *_awaited_states(draft, consent)):
            seal(state, vault)
            session.add(state)
    session.execute(text("DROP TABLE IF EXISTS draft_consent"))


def _let_tokens_end(session: Session, vault: Vault, draft_days: int) -> None:
    """Until 0005 connections did not say when their tokens end. All that is known is when they were good.

    So they count as ended since then, and whoever uses them first renews them.
    """
    with_tokens = {found.code for found in all_systems() if found.oauth}
    for connection in session.exec(select(Connection)):
        if not hmac.compare_digest(connection.digest.encode(), _digest_at_0004(connection, vault).encode()):
            continue
        if connection.system in with_tokens:
            connection.tokens_expire_at = connection.verified_at
        seal(connection, vault)


_STEPS: tuple[tuple[str, Step], ...] = (
    ("0003", _give_first_digests),
    ("0004", _move_approvals),
    ("0005", _let_tokens_end),
)


def _drafts_and_consents(session: Session) -> Iterator[tuple[Draft, Mapping[str, str]]]:
    drafts = session.exec(select(Draft)).all()
    if drafts and inspect(session.connection()).has_table(_CONSENTS.name):
        consents: dict[str, Any] = {found.id: found.consent for found in session.execute(select_columns(_CONSENTS))}
        yield from ((draft, consents.get(draft.id, {})) for draft in drafts)


def _digest_at_0003(draft: Draft, consent: Mapping[str, str], vault: Vault) -> str:
    columns = {
        "id": draft.id,
        "owner": draft.tenant,
        "system": draft.system,
        "values": draft.values,
        "sealed": draft.sealed,
        "sealed_for": draft.sealed_for,
        "entered_by": draft.entered_by,
        "set_aside": draft.set_aside,
        "set_aside_until": draft.set_aside_until,
        "questions": draft.questions,
        "report": draft.report,
        "consent": consent,
        "connection_id": draft.connection_id,
        "expires_at": draft.expires_at,
    }
    return digest_of("draft", columns, vault)


def _digest_at_0004(connection: Connection, vault: Vault) -> str:
    columns = {
        "id": connection.id,
        "owner": connection.tenant,
        "system": connection.system,
        "name": connection.name,
        "api_url": connection.api_url,
        "account_id": connection.account_id,
        "account_name": connection.account_name,
        "values": connection.values,
        "sealed": connection.sealed,
        "order_start": connection.order_start,
        "warehouse": connection.warehouse,
        "company_group": connection.company_group,
        "report": connection.report,
        "status": connection.status,
        "verified_at": connection.verified_at,
        "saved_at": connection.saved_at,
        "shown_at": connection.shown_at,
        "expires_at": connection.expires_at,
    }
    return digest_of("connection", columns, vault)


def _moment_in(consent: Mapping[str, str], name: str) -> datetime | None:
    return datetime.fromisoformat(consent[name]) if consent.get(name) else None


def _awaited_states(draft: Draft, consent: Mapping[str, str]) -> Iterator[ApprovalState]:
    """The states that may still come back, which stood there as `<digest>@<until>`, each good for half an hour."""
    for word in consent.get("awaited", "").split():
        digest, _, until = word.partition("@")
        expires_at = datetime.fromisoformat(until)
        yield _state(draft, digest, expires_at - timedelta(minutes=30), expires_at)


def _used_states(draft: Draft, consent: Mapping[str, str]) -> Iterator[ApprovalState]:
    """The states that came back, of which the digests stood there in that order."""
    for place, digest in enumerate(consent.get("used", "").split()):
        used_at = draft.updated_at + timedelta(microseconds=place)
        yield _state(draft, digest, used_at, used_at, used_at)


def _state(
    draft: Draft, digest: str, created_at: datetime, expires_at: datetime, used_at: datetime | None = None
) -> ApprovalState:
    return ApprovalState(
        id=digest,
        draft_id=draft.id,
        tenant=draft.tenant,
        api_url=draft.values.get(API_URL, ""),
        created_at=created_at,
        expires_at=expires_at,
        used_at=used_at,
    )
