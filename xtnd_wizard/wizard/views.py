"""Drafts and connections as a screen may see them: frozen copies of rows, with no sealed value in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.storage.models import VERIFIED, Connection, Draft
from xtnd_wizard.wizard.host_change import left_for_another_host


@dataclass(frozen=True)
class DraftView:
    """What a merchant has entered so far."""

    id: str
    system: str
    step: str
    values: Mapping[str, str]
    """The open fields, as they were typed."""
    sealed: frozenset[str]
    """The names of the fields that have a sealed value."""
    last4: Mapping[str, str]
    notes: Mapping[str, Sequence[str]]
    refusals: Mapping[str, str]
    questions: Mapping[str, Mapping[str, Any]]
    left_for_another_host: tuple[str, ...]
    """The fields whose values did not come along to the present host."""
    report: Mapping[str, Any] | None
    connection_id: str | None
    expires_at: datetime

    @classmethod
    def of(cls, row: Draft) -> "DraftView":
        """The view of a row as it is now."""
        return cls(
            id=row.id,
            system=row.system,
            step=row.step,
            values=dict(row.values),
            sealed=frozenset(row.sealed),
            last4=dict(row.last4),
            notes=dict(row.notes),
            refusals=dict(row.refusals),
            questions=dict(row.questions),
            left_for_another_host=left_for_another_host(row),
            report=row.report,
            connection_id=row.connection_id,
            expires_at=row.expires_at,
        )


@dataclass(frozen=True)
class ConnectionView:
    """A saved connection."""

    id: str
    system: str
    name: str
    api_url: str
    account_name: str
    values: Mapping[str, str]
    sealed: tuple[str, ...]
    """The names of the fields that have a sealed value, in their order."""
    last4: Mapping[str, str]
    order_start: date
    warehouse: str
    company_group: str
    report: Report | None
    """What it was saved with; None where the row was edited by somebody else."""
    status: str
    verified_at: datetime
    shown_at: datetime | None
    expires_at: datetime | None

    @property
    def is_verified(self) -> bool:
        """Whether it is as the wizard saved it; otherwise somebody else edited its row."""
        return self.status == VERIFIED

    @classmethod
    def of(cls, row: Connection) -> "ConnectionView":
        """The view of a row as it is now."""
        return cls(
            id=row.id,
            system=row.system,
            name=row.name,
            api_url=row.api_url,
            account_name=row.account_name,
            values=dict(row.values),
            sealed=tuple(row.sealed),
            last4=dict(row.last4),
            order_start=row.order_start,
            warehouse=row.warehouse,
            company_group=row.company_group,
            report=Report.from_json(row.report) if row.status == VERIFIED else None,
            status=row.status,
            verified_at=row.verified_at,
            shown_at=row.shown_at,
            expires_at=row.expires_at,
        )
