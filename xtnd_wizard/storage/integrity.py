"""Rows that decide something are sealed by a keyed digest as they are written, and judged by it as they are read.

A row that was edited in the database counts as unverified from then on: nothing in it that decides what
is allowed is believed. Its sealed values need no digest, for each is bound to its own place.
"""

import hmac
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import class_mapper
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.models import ALTERED, ApprovalState, Connection, Draft
from xtnd_wizard.vault import Vault

Row = Draft | ApprovalState | Connection

PROTECTED: Mapping[type, tuple[str, ...]] = {
    Draft: (
        *("id", "tenant", "system", "values", "sealed", "sealed_for", "entered_by", "set_aside", "set_aside_until"),
        *("questions", "report", "tokens_expire_at", "lease_id", "lease_until", "connection_id", "expires_at"),
    ),
    ApprovalState: ("id", "draft_id", "tenant", "api_url", "created_at", "expires_at", "used_at"),
    Connection: (
        *("id", "tenant", "system", "name", "api_url", "account_id", "account_name", "values", "sealed"),
        *("order_start", "warehouse", "company_group", "report", "status", "verified_at", "saved_at"),
        *("shown_at", "expires_at", "tokens_expire_at", "lease_id", "lease_until"),
    ),
}
"""What a digest is of. Where this changes, a step of `storage.adoption` takes the rows over that are there."""

_NOT_BELIEVED: Mapping[type, tuple[str, ...]] = {
    Draft: (
        *("questions", "report", "entered_by", "set_aside", "set_aside_until"),
        *("tokens_expire_at", "lease_id", "lease_until"),
    ),
    ApprovalState: ("api_url",),
    Connection: ("status", "report", "shown_at", "tokens_expire_at", "lease_id", "lease_until"),
}
"""What is taken back where a digest does not fit; `_disbelieve` says what stands there then."""

_log = logging.getLogger("xtnd_wizard")
_told: set[tuple[str, str]] = set()


@contextmanager
def guarded_writing(engine: Engine, vault: Vault) -> Iterator[Session]:
    """A short transaction that writes, in which rows are judged and sealed."""
    with writing(engine) as session:
        doubted = _judge_what_is_read(session, vault)
        _seal_what_is_written(session, vault, doubted)
        yield session


@contextmanager
def guarded_reading(engine: Engine, vault: Vault) -> Iterator[Session]:
    """A short transaction that only reads, in which rows are judged."""
    with reading(engine) as session:
        _judge_what_is_read(session, vault)
        yield session


def seal(row: Row, vault: Vault) -> None:
    """Give a row the digest of what it holds now."""
    row.digest = _digest(row, vault)


def fits(row: Row, vault: Vault) -> bool:
    """Whether a row is as this ring sealed it."""
    return hmac.compare_digest(row.digest.encode(), _digest(row, vault).encode())


def _judge_what_is_read(session: Session, vault: Vault) -> list[Row]:
    """From here on, what this session reads is believed only where its digest fits; the others are listed."""
    doubted: list[Row] = []

    @event.listens_for(session, "loaded_as_persistent")
    def loaded(judging: Session, row: Any) -> None:
        if type(row) in PROTECTED and not fits(row, vault):
            _tell(row)
            _disbelieve(row)
            doubted.append(row)

    return doubted


def _seal_what_is_written(session: Session, vault: Vault, doubted: Sequence[Row]) -> None:
    @event.listens_for(session, "before_flush")
    def before_flush(flushing: Session, context: Any, instances: Any) -> None:
        for row in doubted:  # what was changed while it was loaded counts as stored, unless it is said
            if row in flushing:
                for name in _NOT_BELIEVED[type(row)]:
                    flag_modified(row, name)
        for row in (*flushing.new, *flushing.dirty):
            if type(row) in PROTECTED and flushing.is_modified(row):
                seal(row, vault)


def digest_of(table: str, values: Mapping[str, Any], vault: Vault) -> str:
    """The digest of a table's row: of its values by the names of their columns, in their order."""
    return vault.row_digest([table, [[name, _plain(value)] for name, value in values.items()]])


def _digest(row: Row, vault: Vault) -> str:
    values = {_column(row, name): getattr(row, name) for name in PROTECTED[type(row)]}
    return digest_of(str(row.__tablename__), values, vault)


def _column(row: Row, name: str) -> str:
    """What the database calls a value: that stands in every digest there is, whatever the code calls it."""
    return str(class_mapper(type(row)).columns[name].name)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _disbelieve(row: Row) -> None:
    if isinstance(row, Draft):
        row.report, row.entered_by, row.questions = None, {}, {}
        row.set_aside, row.set_aside_until = {}, None
    elif isinstance(row, ApprovalState):
        row.api_url = ""  # of no host, so that nobody comes back with it
    else:
        row.status, row.report = ALTERED, {}
        row.shown_at = row.shown_at or row.saved_at  # never to be shown
    if not isinstance(row, ApprovalState):
        row.tokens_expire_at, row.lease_id, row.lease_until = None, "", None


def _tell(row: Row) -> None:
    """Once for each row, so that one edited row does not fill the log."""
    about = (str(row.__tablename__), row.id)
    if about not in _told:
        _told.add(about)
        _log.warning("%s %s was edited outside this program; it counts as unverified from now on.", *about)
