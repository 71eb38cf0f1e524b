"""The tables. Sealed values are tokens of the vault; nothing else in a row is secret."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Index, String, TypeDecorator, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel

_EMPTY = text("''")


class Moment(TypeDecorator[datetime]):
    """A point in time, always in UTC and always aware, also where the database keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def _moment(**extra: Any) -> Any:
    return Field(sa_type=Moment, **extra)


def _json(name: str = "", **extra: Any) -> Any:
    column = Column(name, JSON, nullable=False, **extra) if name else Column(JSON, nullable=False, **extra)
    return Field(default_factory=dict, sa_column=column)


def _digest() -> Any:
    return Field(default="", sa_column=Column(String, nullable=False, server_default=_EMPTY))


def new_id() -> str:
    """An id that tells nothing and collides with nothing."""
    return uuid4().hex


VERIFIED = "verified"
ALTERED = "altered"
"""The states of a connection: as the wizard saved it, or edited in the database by somebody else."""


class Draft(SQLModel, table=True):
    """What a merchant has entered so far for one system. A tenant may have several, each in a tab of its own."""

    id: str = Field(default_factory=new_id, primary_key=True)
    tenant: str = Field(sa_column=Column("owner", String, index=True, nullable=False))
    system: str = ""
    step: str = "welcome"
    values: dict[str, str] = _json()
    """The open fields, as they were typed."""
    sealed: dict[str, str] = _json()
    """The sealed fields, as tokens."""
    last4: dict[str, str] = _json(name="tails")
    """The last four characters of each sealed field, where that is safe to show."""
    notes: dict[str, list[str]] = _json()
    """What each field's cleaning said, as codes; and what the merchant ticked off, see `wizard.by_hand`."""
    refusals: dict[str, str] = _json()
    """Why a field can't be used, as a code."""
    questions: dict[str, dict[str, Any]] = _json(server_default="{}")
    """What each field's value was recognised as, and whether the merchant said that it is right; see `questions`."""
    report: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    tokens_expire_at: datetime | None = _moment(default=None, nullable=True)
    """When the tokens of an approval at the channel end; None where there are none."""
    lease_id: str = Field(default="", sa_column=Column(String, nullable=False, server_default=_EMPTY))
    """Who renews the tokens just now: a renewal voids the ones it used, so there is one at a time."""
    lease_until: datetime | None = _moment(default=None, nullable=True)
    """When a lease ends by itself, because whoever has it is gone by then."""
    connection_id: str | None = None
    """The connection that this draft became. Its sealed values are gone by then."""
    sealed_for: str = Field(default="", sa_column=Column(String, nullable=False, server_default=_EMPTY))
    """The API URL that the sealed values are for: the last one that could be used."""
    entered_by: dict[str, str] = _json(server_default="{}")
    """For each sealed value, a digest of the sitting in which it was entered."""
    set_aside: dict[str, Any] = _json(server_default="{}")
    """Values sealed for another host, while the merchant who entered them is asked about them."""
    set_aside_until: datetime | None = _moment(default=None, nullable=True, index=True)
    digest: str = _digest()
    """Of what decides in this row; see `storage.integrity`."""
    updated_at: datetime = _moment(default_factory=now)
    expires_at: datetime = _moment(index=True)


class ApprovalState(SQLModel, table=True):
    """The `state` of one authorization request (RFC 6749, section 10.12): who comes back with it began it here."""

    __tablename__ = "approvalstate"

    id: str = Field(primary_key=True)
    """The SHA-256 of the state, which is known to the merchant's browser only."""
    draft_id: str = Field(
        sa_column=Column(String, ForeignKey("draft.id", ondelete="CASCADE"), index=True, nullable=False)
    )
    tenant: str
    api_url: str
    """The draft's API URL: an approval does not outlive the host that it was begun for."""
    created_at: datetime = _moment(default_factory=now)
    expires_at: datetime = _moment(index=True)
    used_at: datetime | None = _moment(default=None, nullable=True)
    digest: str = _digest()
    """Of what decides in this row; see `storage.integrity`."""


class Connection(SQLModel, table=True):
    """A saved, verified set of credentials with XTND's form fields."""

    __table_args__ = (
        UniqueConstraint("owner", "system", "api_url", "account_id", name="uq_connection_account"),
        Index("ix_connection_owner_saved", "owner", "saved_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    tenant: str = Field(sa_column=Column("owner", String, nullable=False))
    system: str
    name: str
    api_url: str
    account_id: str
    account_name: str
    sealed: dict[str, str] = _json()
    last4: dict[str, str] = _json(name="tails")
    values: dict[str, str] = _json()
    """Open fields of the system's own, such as a shop id."""
    order_start: date
    warehouse: str = ""
    company_group: str = ""
    report: dict[str, Any] = _json()
    status: str = VERIFIED
    verified_at: datetime = _moment()
    saved_at: datetime = _moment(default_factory=now)
    shown_at: datetime | None = _moment(default=None, nullable=True)
    """When the sealed values were shown once to the merchant who had just entered them."""
    expires_at: datetime | None = _moment(default=None, nullable=True, index=True)
    """Until when a connection to a sandbox channel is kept; None for a real one."""
    tokens_expire_at: datetime | None = _moment(default=None, nullable=True)
    """As in a draft, and so are the lease and its end."""
    lease_id: str = Field(default="", sa_column=Column(String, nullable=False, server_default=_EMPTY))
    lease_until: datetime | None = _moment(default=None, nullable=True)
    digest: str = _digest()
    """Of what decides in this row; see `storage.integrity`."""


class CachedAnswer(SQLModel, table=True):
    """The answer of an operation that a channel allows once a day, found by a keyed digest."""

    __tablename__ = "keptanswer"

    digest: str = Field(primary_key=True)
    asked_at: datetime = _moment(index=True)
    answer: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    """None while the call is under way."""


class Canary(SQLModel, table=True):
    """One sealed word for each key, to find out at start whether the ring fits the database."""

    key_id: str = Field(primary_key=True)
    token: str
