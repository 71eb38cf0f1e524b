"""A server that keeps its callers waiting, and knows how many they are."""

import asyncio
import threading
from collections.abc import Callable

from tests.outbound.servers import Exchange, http

LONG = 60
"""Seconds that nobody waits for unless something is broken."""


class HangingShop:
    """A real server that keeps every caller waiting, counts them, and notices when they leave."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.open, self.most_open = 0, 0
        self._counted = threading.Condition()
        self._answering = False

    async def __call__(self, exchange: Exchange) -> None:
        with self._counted:
            self.keys.append(exchange.header("authorization"))
            self.open += 1
            self.most_open = max(self.open, self.most_open)
            self._counted.notify_all()
        try:
            while not self._answering and not exchange.reader.at_eof():
                await asyncio.sleep(0.01)
            await exchange.send(http(401))
        finally:
            with self._counted:
                self.open -= 1
                self._counted.notify_all()

    def answer(self) -> None:
        """Refuse everybody from now on, and who is waiting."""
        self._answering = True

    def until(self, condition: Callable[[], bool]) -> None:
        with self._counted:
            assert self._counted.wait_for(condition, LONG), (self.open, self.keys)
