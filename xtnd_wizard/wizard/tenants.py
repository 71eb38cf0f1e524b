"""Moving what one tenant has to another, as when the visitor of a browser signs in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import CredentialsLost
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import VERIFIED, Connection, Draft, now
from xtnd_wizard.wizard.connections import make_room_for_connections
from xtnd_wizard.wizard.credentials import CredentialStore, Subject
from xtnd_wizard.wizard.drafts import make_room_for_drafts
from xtnd_wizard.wizard.transactions import Transactions


@dataclass(frozen=True)
class Moved:
    """What came of a move, by the ids of the rows."""

    drafts: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()
    """Connections of either tenant that gave way to the other's connection to the same account."""
    left: tuple[str, ...] = ()
    """Drafts and connections of which a sealed value can't be opened. They stay where they are, as they are."""


@dataclass(frozen=True)
class Tenants:
    """Moves drafts and connections between tenants."""

    transactions: Transactions
    credentials: CredentialStore

    def move(self, actor_from: Actor, actor_to: Actor) -> Moved:
        """Make all that the one tenant has the other's, all of it in one transaction.

        What is sealed is opened for the one and sealed for the other, so that the one can't open it any more. Where
        both have a connection to the same account, the one that can be opened stays, then the one that is as it was
        saved, then the one that was verified later; drafts that became the other one lead to it. Moving again moves
        what came since, and nothing twice. The sitting in which a value was entered ends with the move, and of more
        drafts and sandbox connections than one tenant can have the oldest make way, as at any other time.

        Raises TooManyConnections where one tenant can't have that many, with nothing moved, or StorageFailed.
        """
        if actor_from.tenant == actor_to.tenant:
            return Moved()
        with self.transactions.writing() as session:
            queries.purge_connections(session, now())  # one that has expired would still bar its account to another
            drafts = queries.drafts(session, actor_from.tenant, now())
            connections = queries.connections(session, actor_from.tenant, now())
            return _Move(session, self.credentials, actor_to.tenant).run(drafts, connections)


class _Move:
    """One move, within its transaction."""

    def __init__(self, session: Session, credentials: CredentialStore, tenant: str) -> None:
        self._session = session
        self._credentials = credentials
        self._tenant = tenant
        self._left: list[str] = []
        self._replaced_by: dict[str, str] = {}
        """For each connection that gave way, the one that stayed."""

    def run(self, drafts: Sequence[Draft], connections: Sequence[Connection]) -> Moved:
        moved_connections = [found.id for found in connections if self._move_connection(found)]
        moved_drafts = [found.id for found in drafts if self._move_draft(found)]
        make_room_for_drafts(self._session, self._tenant)
        for draft in queries.drafts(self._session, self._tenant, now()):
            if draft.connection_id in self._replaced_by:
                draft.connection_id = self._replaced_by[draft.connection_id]
        return Moved(tuple(moved_drafts), tuple(moved_connections), tuple(self._replaced_by), tuple(self._left))

    def _move_draft(self, draft: Draft) -> bool:
        moved = self._moved(draft)
        if moved:
            for state in queries.approval_states(self._session, draft.id):
                state.tenant = self._tenant
        return moved

    def _move_connection(self, mine: Connection) -> bool:
        theirs = queries.same_account(self._session, self._tenant, mine.system, mine.api_url, mine.account_id, now())
        if theirs is None:
            moved = self._moved(mine)
            make_room_for_connections(self._session, self._tenant, sandbox=mine.expires_at is not None)
            return moved
        if not self._credentials.opens(mine):
            self._left.append(mine.id)
            return False
        stays, goes = sorted((mine, theirs), key=self._worth, reverse=True)
        self._replaced_by[goes.id] = stays.id
        self._session.delete(goes)
        self._session.flush()  # or else the one that stays would be written while the account is still taken
        return stays is mine and self._moved(mine)

    def _worth(self, connection: Connection) -> tuple[object, ...]:
        return self._credentials.opens(connection), connection.status == VERIFIED, connection.verified_at

    def _moved(self, row: Subject) -> bool:
        try:
            self._credentials.move(row, self._tenant)
        except CredentialsLost:
            self._left.append(row.id)
            return False
        self._session.flush()
        return True
