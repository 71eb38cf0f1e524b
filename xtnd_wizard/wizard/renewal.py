"""Tokens that end are renewed before a check. Each renewal voids the tokens it used, so there is one at a time.

What keeps a second one out is a lease in the row itself, which ends by itself: processes need not know each other.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import Conflict, DraftChanged, NotFound, StorageFailed
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import Draft, new_id, now
from xtnd_wizard.storage.threads import in_thread, uninterrupted
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.oauth import OAuthFlow, TokenGrant
from xtnd_wizard.wizard.connections import Connections, found_connection
from xtnd_wizard.wizard.credentials import Subject
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.token_endpoint import TokenEndpoint

_AFTER_THE_DEADLINE = timedelta(seconds=10)
_BEFORE_THE_END = timedelta(seconds=60)
_LOOK_AGAIN_SECONDS = 0.2


@dataclass(frozen=True)
class TokenRenewal:
    """Renews tokens, for an actor who was admitted: it is part of a check, and takes no place of its own."""

    drafts: Drafts
    connections: Connections
    endpoint: TokenEndpoint

    async def renewed(self, actor: Actor, row: Subject) -> Subject:
        """The draft or connection with tokens that are still good, renewed at the channel where that is needed.

        Raises NotFound or Conflict where the row is gone or holds others by now, NotReady, OAuthClientMissing,
        RequestFailed, or OAuthRefused where only a new approval helps. Cancelling it takes up to `check_seconds` where
        the channel was asked already.
        """
        if get_system(row.system).oauth is None or not _ends_soon(row):
            return row
        flow, client = self.endpoint.flow_and_client(row)
        lease_id = new_id()
        try:
            # Whoever has the lease may be another process, which can't tell us.
            while not (current := await in_thread(self._lease, row, lease_id)):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            if current.lease_id != lease_id:
                return current
            # The old tokens are void as soon as the channel answers, so what it gives is kept whoever has left.
            return await uninterrupted(self._renew(flow, client, current, actor))
        except BaseException:  # cancelled as well: the next one need not wait for the lease to end
            await in_thread(self._release, row, lease_id)
            raise

    async def _renew(self, flow: OAuthFlow, client: OAuthClient, leased: Subject, actor: Actor) -> Subject:
        held = self.drafts.credentials.open(leased).credentials
        grant = await self.endpoint.fetch(flow, leased, actor, lambda transport: flow.renew(transport, client, held))
        return await in_thread(self._store, actor, leased, grant)

    def _store(self, actor: Actor, leased: Subject, grant: TokenGrant) -> Subject:
        if isinstance(leased, Draft):
            return self.drafts.store_tokens(actor, leased.id, leased.values[API_URL], grant, leased.lease_id)
        return self.connections.store_tokens(actor, leased.id, grant, leased.lease_id)

    def _lease(self, row: Subject, lease_id: str) -> Subject | None:
        """The row with this lease on the renewal of its tokens, or without where they are good by now.

        None while somebody else has the lease. One whose process died ends by itself, a little after the deadline
        that its call had.
        """
        with self.drafts.transactions.writing() as session:
            current = _current(session, row)
            if not _ends_soon(current):
                return current
            if current.lease_until and current.lease_until > now():
                return None
            current.lease_id = lease_id
            current.lease_until = now() + timedelta(seconds=self.endpoint.settings.check_seconds) + _AFTER_THE_DEADLINE
            return current

    def _release(self, row: Subject, lease_id: str) -> None:
        """Let the next one try at once. A lease that we can't give back ends by itself."""
        with contextlib.suppress(StorageFailed, NotFound, Conflict), self.drafts.transactions.writing() as session:
            current = _current(session, row)
            if current.lease_id == lease_id:
                current.lease_id, current.lease_until = "", None


def _current(session: Session, row: Subject) -> Subject:
    """The same row as it is by now. Raises ConnectionNotFound, or DraftChanged where a draft is gone or saved."""
    if not isinstance(row, Draft):
        return found_connection(queries.connection(session, row.tenant, row.id, now(), for_update=True))
    draft = queries.draft(session, row.tenant, row.id, now(), for_update=True)
    if draft is None or draft.connection_id:
        raise DraftChanged("gone or saved meanwhile")
    return draft


def _ends_soon(row: Subject) -> bool:
    return row.tokens_expire_at is not None and row.tokens_expire_at - _BEFORE_THE_END <= now()
