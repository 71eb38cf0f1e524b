"""Mirakl's seller API with answers of the test's own, which counts what it is asked."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.systems.mocked import Reply, mocked
from tests.systems.verifying import Checked, check
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.mirakl import SYSTEM

HOST = "traslottet.example"
RESET = httpx.ReadError("Connection reset by peer")
"""What the HTTP client raises where the channel drops the connection instead of answering."""
KEY = "7e1f0c52-0d9a-4b6e-a1c3-marker5e0a77"
IBAN = "SE45 5000 0000 0583 9825 7466"
PC01, A01, V01 = "/api/platform/configuration", "/api/account", "/api/version"
OR11, OF21, ST11 = "/api/orders", "/api/offers", "/api/shipments"

CONFIGURATION = {
    "platform_name": "Träslottet",
    "tenant_name": "traslottet-prod",
    "timezone": "Europe/Stockholm",
    "features": {"shipment": {"multi_shipment": True}},
}
ACCOUNT = {
    "shop_id": 2041,
    "shop_name": "Ullstugan",
    "shop_state": "OPEN",
    "currency_iso_code": "SEK",
    "shipping_country": "SWE",
    "channels": ["SE", "NO"],
    "payment_info": {"@type": "IBAN", "iban": IBAN, "owner": "Anna Berg"},
    "contact_informations": {"email": "anna@example.se", "country": "SWE"},
}


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    path: str
    params: Mapping[str, str]
    key: str


@dataclass
class FakeChannel:
    """A channel in which each path has a reply, and may stumble over others before that."""

    answers: dict[str, Reply] = field(default_factory=dict)
    stumbles: dict[str, list[Reply | httpx.ReadError]] = field(default_factory=dict)
    """What comes before the answer."""
    to_a_stranger: Reply = Reply(401)  # noqa: RUF009  # frozen
    """The reply where the key is not the real one."""
    all_at_once: int = 0
    """So many calls after the first have to be open before any of them is answered."""
    calls: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = {
            PC01: Reply(body=CONFIGURATION),
            A01: Reply(body=ACCOUNT),
            V01: Reply(),
            OR11: Reply(body={"orders": [], "total_count": 0}),
            OF21: Reply(body={"offers": [], "total_count": 0}),
            ST11: Reply(body={"data": []}),
            **self.answers,
        }

    @property
    def counted(self) -> Counter[str]:
        """How often the real key asked for what."""
        return Counter(call.path for call in self.calls if call.key == KEY)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        query = dict(parse_qsl(request.url.query.decode()))
        call = Request(request.url.path, query, request.headers.get("authorization", ""))
        self.calls.append(call)
        if self.all_at_once and len(self.calls) > 1:
            await self._together()
        reply = self._reply(call)
        if isinstance(reply, Reply):
            return reply.response()
        raise reply

    def _reply(self, call: Request) -> Reply | httpx.ReadError:
        if stumbles := self.stumbles.get(call.path):
            return stumbles.pop(0)
        known = call.key == KEY or call.path == V01
        return self.answers.get(call.path, Reply(404)) if known else self.to_a_stranger

    async def _together(self) -> None:
        if not hasattr(self, "_gate"):
            self._gate = asyncio.Barrier(self.all_at_once)
        await self._gate.wait()


@dataclass
class AskedCache:
    """Keeps nothing, and notes what it was asked to keep."""

    asked: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    kept: Account | None = None

    async def cached(self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]) -> Account:
        self.asked.append((operation, frozenset(credentials.values)))
        return self.kept or await ask()


def checked_at(channel: FakeChannel, *, answer_cache: AskedCache | None = None, **values: Any) -> Checked:
    """Verify the real key at a channel."""
    with mocked(channel, HOST) as origin:
        credentials = Credentials(ApiUrl(origin), {"access_token": Secret(KEY), "secret": Secret("unused"), **values})
        return Checked(check(SYSTEM, credentials, OutboundClient(), answer_cache=answer_cache))
