"""Answers of operations that a channel allows once a day."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete

from xtnd_wizard.findings import Account
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.models import KeptAnswer, now
from xtnd_wizard.systems.checking import Credentials
from xtnd_wizard.vault import Vault

KEPT_FOR = timedelta(hours=24)
_CALL_LASTS_AT_MOST = timedelta(minutes=2)
"""The longest deadline that a verification can be given."""
_LOOK_AGAIN_SECONDS = 0.1


@dataclass(frozen=True)
class KeptAnswers:
    """Keeps an account's answer for a day. Rows are found by a keyed digest, never by a key."""

    engine: Engine
    vault: Vault

    async def once_a_day(
        self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]
    ) -> Account:
        """The kept answer, or a new one.

        The claim on the call is made in the database first, so that two tabs that verify the same
        key at once make one call between them. A call that fails gives its claim back.
        """
        digest = self.vault.fingerprint(operation, {"url": str(credentials.url), **credentials.values})
        while not self._claim(digest):
            kept = self._kept(digest)
            if kept:
                return kept
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        try:
            account = await ask()
        except BaseException:
            self._forget(digest)
            raise
        self._keep(digest, account)
        return account

    def _claim(self, digest: str) -> bool:
        try:
            with writing(self.engine) as session:
                queries.purge_kept_answers(session, now() - KEPT_FOR)
                row = session.get(KeptAnswer, digest)
                if row and (row.answer or row.asked_at > now() - _CALL_LASTS_AT_MOST):
                    return False
                session.merge(KeptAnswer(digest=digest, asked_at=now(), answer=None))
        except IntegrityError:
            return False
        return True

    def _kept(self, digest: str) -> Account | None:
        with reading(self.engine) as session:
            row = session.get(KeptAnswer, digest)
            if not row or not row.answer:
                return None
            account = Account(**{**row.answer, "channels": tuple(row.answer["channels"])})
            return replace(account, as_of=row.asked_at.isoformat())

    def _keep(self, digest: str, account: Account) -> None:
        with writing(self.engine) as session:
            session.merge(KeptAnswer(digest=digest, asked_at=now(), answer=asdict(account)))

    def _forget(self, digest: str) -> None:
        with writing(self.engine) as session:
            session.execute(delete(KeptAnswer).where(col(KeptAnswer.digest) == digest))
