"""Who may have a check now: a few at once, and so many in a while, so that nobody makes others wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import TryLater, WaitReason
from xtnd_wizard.limits.concurrency import ConcurrencyLimit
from xtnd_wizard.limits.quotas import QuotaReached, Quotas
from xtnd_wizard.settings import CheckLimits

_PATIENCE_SECONDS = 2.0
"""How long a check waits for its turn before its visitor is told to come back."""
_COME_BACK = timedelta(seconds=10)


class Admission:
    """Lets checks in. One for the whole process."""

    def __init__(self, limits: CheckLimits) -> None:
        self._places = ConcurrencyLimit(limits.at_once, limits.at_once_per_address)
        self._quotas = Quotas(
            {
                WaitReason.OWNER: limits.per_tenant,
                WaitReason.ADDRESS: limits.per_address,
                WaitReason.HOST: limits.per_host,
            },
            limits.window_minutes * 60,
        )

    @asynccontextmanager
    async def admitted(self, actor: Actor, host: str) -> AsyncIterator[None]:
        """Have a place for one check. A `host` that is empty has no quota.

        Raises TryLater, in which case nothing counts.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._places.acquire(actor.network)
        except TimeoutError:
            raise TryLater(WaitReason.BUSY, datetime.now(UTC) + _COME_BACK) from None
        try:
            self._count(actor, host)
            yield
        finally:
            self._places.release(actor.network)

    def _count(self, actor: Actor, host: str) -> None:
        users = {WaitReason.OWNER: actor.tenant, WaitReason.ADDRESS: actor.network, WaitReason.HOST: host}
        try:
            self._quotas.take({reason: user for reason, user in users.items() if user})
        except QuotaReached as reached:
            raise TryLater(WaitReason(reached.quota), reached.again_at) from None
