"""Handing a connection over to XTND Backend: its form, field by field, in its own order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import CredentialsLost
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import VERIFIED, now
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD
from xtnd_wizard.wizard.connections import found_connection
from xtnd_wizard.wizard.credentials import CredentialStore
from xtnd_wizard.wizard.transactions import Transactions
from xtnd_wizard.wizard.views import ConnectionView

FORM = (
    "name",
    "system",
    "access_token",
    API_URL,
    "secret",
    "order_start",
    "warehouse",
    "company_group",
)
"""The fields of XTND's form, in its order (KB, "External System Connectors > Create New Connection")."""


SHOWN_FOR = timedelta(minutes=2)


@dataclass(frozen=True)
class FormField:
    """One field of XTND's form, and what belongs into it."""

    name: str
    """XTND's name for it, as a code; a name of the channel's own for a value that the form has no field for."""
    value: str = ""
    """What goes there, in clear. Empty for what is sealed, or left empty."""
    sealed: bool = False
    last4: str = ""
    by_approval: bool = False
    """Whether XTND fills it in itself when the merchant approves there."""
    in_form: bool = True


class Showing(StrEnum):
    """What becomes of a connection's sealed values on the page that hands it over."""

    HIDDEN = "hidden"
    OFFERED = "offered"
    """A button shows them, once."""
    SHOWN = "shown"
    """They are on the page already, which is drawn anew."""


def showing(connection: ConnectionView, *, entered_here: bool, shown_here: bool) -> Showing:
    """Whether sealed values are shown, which is for the session that entered every one of them, once."""
    if not entered_here:
        return Showing.HIDDEN
    if shown_here:
        return Showing.SHOWN
    return Showing.HIDDEN if connection.shown_at else Showing.OFFERED


def form_fields(connection: ConnectionView) -> tuple[FormField, ...]:
    """XTND's form for a connection, and after it the sealed values that the form has no field for."""
    system = get_system(connection.system)
    plain = {
        "name": connection.name,
        "system": system.xtnd_name or system.name,
        API_URL: connection.api_url,
        "order_start": connection.order_start.isoformat(),
        "warehouse": connection.warehouse,
        "company_group": connection.company_group,
    }
    if system.oauth:
        filled_there = ("access_token", API_URL, "secret")
        return tuple(
            FormField(name, "" if name in filled_there else plain[name], by_approval=name in filled_there)
            for name in FORM
        )
    own = {name: text for name, text in connection.values.items() if name != AUTH_METHOD and text}
    further = tuple(name for name in (*connection.sealed, *own) if name not in FORM)
    return tuple(
        FormField(name, sealed=True, last4=connection.last4.get(name, ""), in_form=name in FORM)
        if name in connection.sealed
        else FormField(name, plain.get(name, own.get(name, "")), in_form=name in FORM)
        for name in (*FORM, *further)
    )


@dataclass(frozen=True)
class Handover:
    """Shows what is sealed, to who has just entered it."""

    transactions: Transactions
    credentials: CredentialStore

    def show_once(self, actor: Actor, connection_id: str, *, still: bool = False) -> Mapping[str, str] | None:
        """The sealed values of a connection in clear, for the merchant who has just entered them.

        Once: None from the second time on, and where the connection was edited in the database, or can't be opened.
        A page that shows them already may be drawn anew (`still`) for two minutes, because a browser may ask twice.
        Raises ConnectionNotFound or StorageFailed.
        """
        with self.transactions.writing() as session:
            connection = found_connection(
                queries.connection(session, actor.tenant, connection_id, now(), for_update=True)
            )
            if connection.status != VERIFIED or get_system(connection.system).oauth:
                return None
            if connection.shown_at and not (still and connection.shown_at > now() - SHOWN_FOR):
                return None
            try:
                values = self.credentials.open_to_show(connection)
            except CredentialsLost:
                return None
            connection.shown_at = connection.shown_at or now()
            return values
