"""The few questions the program asks its database."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from xtnd_wizard.storage.models import ApprovalState, CachedAnswer, Canary, Connection, Draft


def draft(session: Session, tenant: str, draft_id: str, at: datetime, *, for_update: bool = False) -> Draft | None:
    """One of the tenant's drafts, unless it has expired."""
    query = _live_drafts(tenant, at).where(Draft.id == draft_id)
    return session.exec(query.with_for_update() if for_update else query).first()


def drafts(session: Session, tenant: str, at: datetime) -> Sequence[Draft]:
    """The tenant's drafts that have not expired, the one that was touched last first."""
    return session.exec(_live_drafts(tenant, at).order_by(col(Draft.updated_at).desc())).all()


def newest_draft(session: Session, tenant: str, at: datetime) -> Draft | None:
    """The tenant's draft that was touched last."""
    return session.exec(_live_drafts(tenant, at).order_by(col(Draft.updated_at).desc()).limit(1)).first()


def _live_drafts(tenant: str, at: datetime) -> SelectOfScalar[Draft]:
    return select(Draft).where(Draft.tenant == tenant, col(Draft.expires_at) > at)


def drop_draft(session: Session, tenant: str, draft_id: str) -> bool:
    """Delete one of the tenant's drafts, sealed values included; whether there was one."""
    found = session.exec(select(Draft).where(Draft.tenant == tenant, Draft.id == draft_id)).first()
    if found is None:
        return False
    session.delete(found)
    return True


def purge_drafts(session: Session, at: datetime) -> None:
    """Delete every draft that has expired."""
    session.execute(delete(Draft).where(col(Draft.expires_at) <= at))


def approval_states(session: Session, draft_id: str) -> Sequence[ApprovalState]:
    """The states of a draft, whether they came back or not."""
    return session.exec(select(ApprovalState).where(ApprovalState.draft_id == draft_id)).all()


def awaited_states(session: Session, draft_id: str, at: datetime) -> Sequence[ApprovalState]:
    """The states that may still come back for a draft, the oldest first."""
    of_draft = select(ApprovalState).where(ApprovalState.draft_id == draft_id, col(ApprovalState.expires_at) > at)
    unused = of_draft.where(col(ApprovalState.used_at).is_(None))
    return session.exec(unused.order_by(col(ApprovalState.created_at))).all()


def used_states(session: Session, draft_id: str) -> Sequence[ApprovalState]:
    """The states that came back for a draft, in that order."""
    used = select(ApprovalState).where(ApprovalState.draft_id == draft_id, col(ApprovalState.used_at).is_not(None))
    return session.exec(used.order_by(col(ApprovalState.used_at))).all()


def purge_approval_states(session: Session, at: datetime) -> None:
    """Delete every state that nobody came back with in time. One that was used goes with its draft."""
    unused = col(ApprovalState.used_at).is_(None)
    session.execute(delete(ApprovalState).where(unused, col(ApprovalState.expires_at) <= at))


def purge_connections(session: Session, at: datetime) -> None:
    """Delete every sandbox connection that has expired."""
    session.execute(delete(Connection).where(col(Connection.expires_at) <= at))


def purge_cached_answers(session: Session, before: datetime) -> None:
    """Delete the kept answers from before a moment."""
    session.execute(delete(CachedAnswer).where(col(CachedAnswer.asked_at) < before))


def connections(session: Session, tenant: str, at: datetime) -> Sequence[Connection]:
    """The tenant's connections, newest first."""
    query = _kept(tenant, at).order_by(col(Connection.saved_at).desc())
    return session.exec(query).all()


def connection(
    session: Session, tenant: str, connection_id: str, at: datetime, *, for_update: bool = False
) -> Connection | None:
    """One of the tenant's connections."""
    query = _kept(tenant, at).where(Connection.id == connection_id)
    return session.exec(query.with_for_update() if for_update else query).first()


def same_account(
    session: Session, tenant: str, system: str, api_url: str, account_id: str, at: datetime
) -> Connection | None:
    """The tenant's connection to this very account, if there is one."""
    return session.exec(
        _kept(tenant, at).where(
            Connection.system == system,
            Connection.api_url == api_url,
            Connection.account_id == account_id,
        )
    ).first()


def _kept(tenant: str, at: datetime) -> SelectOfScalar[Connection]:
    """A tenant's connections that have not expired."""
    expires = col(Connection.expires_at)
    return select(Connection).where(Connection.tenant == tenant, or_(expires.is_(None), expires > at))


def count_connections(session: Session, tenant: str, *, sandbox: bool) -> int:
    """How many connections a tenant has, to sandbox channels or to real ones."""
    expires = col(Connection.expires_at)
    of_this_kind = expires.is_not(None) if sandbox else expires.is_(None)
    return session.exec(select(func.count()).where(Connection.tenant == tenant, of_this_kind)).one()


def oldest_sandbox_connection(session: Session, tenant: str) -> Connection | None:
    """The tenant's sandbox connection that was saved first."""
    sandbox = select(Connection).where(Connection.tenant == tenant, col(Connection.expires_at).is_not(None))
    return session.exec(sandbox.order_by(col(Connection.saved_at)).limit(1)).first()


def holds_rows(session: Session) -> bool:
    """Whether there is anything in the database that a key ring belongs to."""
    tables = (select(Canary.key_id), select(Connection.id), select(Draft.id))
    return any(session.exec(query.limit(1)).first() for query in tables)


def overdue_questions(session: Session, at: datetime) -> Sequence[Draft]:
    """The drafts with values set aside whose question was not answered in time."""
    return session.exec(select(Draft).where(col(Draft.set_aside_until) <= at)).all()


def drop_connection(session: Session, tenant: str, connection_id: str, at: datetime) -> bool:
    """Delete one of the tenant's connections, sealed values included; whether there was one."""
    found = connection(session, tenant, connection_id, at)
    if found is None:
        return False
    session.delete(found)
    return True
