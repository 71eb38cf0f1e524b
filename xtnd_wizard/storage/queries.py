"""The few questions the program asks its database."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from xtnd_wizard.storage.models import Connection, Draft, KeptAnswer


def live_draft(session: Session, owner: str, at: datetime, *, for_update: bool = False) -> Draft | None:
    """The owner's newest draft that has not expired."""
    query = (
        select(Draft)
        .where(Draft.owner == owner, col(Draft.expires_at) > at)
        .order_by(col(Draft.updated_at).desc())
        .limit(1)
    )
    return session.exec(query.with_for_update() if for_update else query).first()


def drop_drafts(session: Session, owner: str) -> None:
    """Delete the owner's drafts, sealed values included."""
    session.execute(delete(Draft).where(col(Draft.owner) == owner))


def purge_drafts(session: Session, at: datetime) -> None:
    """Delete every draft that has expired."""
    session.execute(delete(Draft).where(col(Draft.expires_at) <= at))


def purge_kept_answers(session: Session, before: datetime) -> None:
    """Delete the kept answers from before a moment."""
    session.execute(delete(KeptAnswer).where(col(KeptAnswer.asked_at) < before))


def connections(session: Session, owner: str) -> Sequence[Connection]:
    """The owner's connections, newest first."""
    query = select(Connection).where(Connection.owner == owner).order_by(col(Connection.saved_at).desc())
    return session.exec(query).all()


def connection(session: Session, owner: str, connection_id: str, *, for_update: bool = False) -> Connection | None:
    """One of the owner's connections."""
    query = select(Connection).where(Connection.owner == owner, Connection.id == connection_id)
    return session.exec(query.with_for_update() if for_update else query).first()


def same_account(session: Session, owner: str, system: str, api_url: str, account_id: str) -> Connection | None:
    """The owner's connection to this very account, if there is one."""
    return session.exec(
        select(Connection).where(
            Connection.owner == owner,
            Connection.system == system,
            Connection.api_url == api_url,
            Connection.account_id == account_id,
        )
    ).first()


def drop_connection(session: Session, owner: str, connection_id: str) -> bool:
    """Delete one of the owner's connections, sealed values included; whether there was one."""
    found = connection(session, owner, connection_id)
    if found is None:
        return False
    session.delete(found)
    return True
