"""Answers of operations that a channel allows once a day.

The channel counts by key, whoever brings it: a merchant at a second computer gets the answer of the first one, and
without the key nobody gets it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import col, delete

from xtnd_wizard.domain.errors import StorageFailed
from xtnd_wizard.domain.findings import Account
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.models import CachedAnswer, now
from xtnd_wizard.storage.threads import P, T, ended, in_thread
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.vault import Vault

KEPT_FOR = timedelta(hours=24)
_CALL_LASTS_AT_MOST = timedelta(minutes=2)
"""The longest deadline that a verification can be given."""
_LOOK_AGAIN_SECONDS = 0.1
_LET_FINISH_SECONDS = 2.0
"""How long a call goes on after whoever asked has left: it counts at the channel, so its answer is worth keeping."""


@dataclass(frozen=True)
class DatabaseAnswerCache:
    """Keeps an account's answer for a day. Rows are found by a keyed digest, never by a key."""

    engine: Engine
    vault: Vault
    unlimited_hosts: frozenset[str] = frozenset()
    """Hosts that are asked each time: nobody counts at the sandbox, and all visitors share its keys."""

    async def cached(self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]) -> Account:
        """The kept answer, or a new one.

        The claim on the call is made in the database first, so that two tabs that verify the same
        key at once make one call between them. A call that fails gives its claim back. Cancelling this
        takes a moment: a call that is under way may still bring the answer of the day. Raises StorageFailed, and
        what `ask` raises.
        """
        if credentials.url.host in self.unlimited_hosts:
            return await ask()
        digest = self.vault.fingerprint(operation, {"url": str(credentials.url), **credentials.values})
        while not (asked_at := await self._claimed(digest)):
            kept = await _in_transaction(self._kept, digest)
            if kept:
                return kept
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        asking = asyncio.ensure_future(ask())
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            giving_up = asyncio.get_running_loop().call_later(_LET_FINISH_SECONDS, asking.cancel)
            await ended(asking)
            giving_up.cancel()
            raise
        finally:
            await _in_transaction(self._settle, digest, asked_at, asking)

    async def _claimed(self, digest: str) -> datetime | None:
        """The moment of our claim where the call is ours to make. One that nobody waits for is given back."""
        asked_at = now()
        try:
            return asked_at if await _in_transaction(self._claim, digest, asked_at) else None
        except asyncio.CancelledError:
            await _in_transaction(self._forget, digest, asked_at)
            raise

    def _settle(self, digest: str, asked_at: datetime, asking: asyncio.Future[Account]) -> None:
        if asking.cancelled() or asking.exception():
            self._forget(digest, asked_at)
        else:
            self._keep(digest, asking.result())

    def _claim(self, digest: str, asked_at: datetime) -> bool:
        try:
            with writing(self.engine) as session:
                queries.purge_cached_answers(session, asked_at - KEPT_FOR)
                row = session.get(CachedAnswer, digest)
                if row and (row.answer or row.asked_at > asked_at - _CALL_LASTS_AT_MOST):
                    return False
                session.merge(CachedAnswer(digest=digest, asked_at=asked_at, answer=None))
        except IntegrityError:
            return False
        return True

    def _kept(self, digest: str) -> Account | None:
        with reading(self.engine) as session:
            row = session.get(CachedAnswer, digest)
            if not row or not row.answer:
                return None
            account = Account(**{**row.answer, "channels": tuple(row.answer["channels"])})
            return replace(account, as_of=row.asked_at.isoformat())

    def _keep(self, digest: str, account: Account) -> None:
        with writing(self.engine) as session:
            session.merge(CachedAnswer(digest=digest, asked_at=now(), answer=asdict(account)))

    def _forget(self, digest: str, asked_at: datetime) -> None:
        """Give back the claim of that moment."""
        ours = (col(CachedAnswer.digest) == digest, col(CachedAnswer.asked_at) == asked_at)
        with writing(self.engine) as session:
            session.execute(delete(CachedAnswer).where(*ours))


async def _in_transaction(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return await in_thread(call, *args, **kwargs)
    except SQLAlchemyError as error:
        raise StorageFailed(type(error).__name__) from None
