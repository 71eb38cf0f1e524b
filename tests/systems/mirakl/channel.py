"""An sandbox of Mirakl's seller API on the loopback, which counts what it is asked."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.checking import verify
from tests.outbound.servers import Exchange, LoopbackServer, http
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account, Finding
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.mirakl import SYSTEM
from xtnd_wizard.wizard.check_runner import Event, Identified

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
class Imitation:
    """Answers as told: each path has an answer, and may stumble with others before that."""

    answers: dict[str, bytes] = field(default_factory=dict)
    stumbles: dict[str, list[bytes | None]] = field(default_factory=dict)
    """What is said before the answer; None is a reset."""
    to_a_stranger: bytes = http(401)
    """What is said where the key is not the real one."""
    all_at_once: int = 0
    """So many calls after the first have to be open before any of them is answered."""
    calls: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = {
            PC01: http(body=CONFIGURATION),
            A01: http(body=ACCOUNT),
            V01: http(),
            OR11: http(body={"orders": [], "total_count": 0}),
            OF21: http(body={"offers": [], "total_count": 0}),
            ST11: http(body={"data": []}),
            **self.answers,
        }

    @property
    def counted(self) -> Counter[str]:
        """How often the real key asked for what."""
        return Counter(call.path for call in self.calls if call.key == KEY)

    async def behave(self, exchange: Exchange) -> None:
        parts = urlsplit(exchange.path)
        call = Request(parts.path, dict(parse_qsl(parts.query)), exchange.header("authorization"))
        self.calls.append(call)
        if self.all_at_once and len(self.calls) > 1:
            await self._together()
        if stumbles := self.stumbles.get(call.path):
            stumble = stumbles.pop(0)
            return exchange.reset() if stumble is None else await exchange.send(stumble)
        known = call.key == KEY or call.path == V01
        return await exchange.send(self.answers.get(call.path, http(404)) if known else self.to_a_stranger)

    async def _together(self) -> None:
        if not hasattr(self, "_gate"):
            self._gate = asyncio.Barrier(self.all_at_once)
        await self._gate.wait()


@dataclass
class AskingMemory:
    """Keeps nothing, and notes what it was asked to keep."""

    asked: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    kept: Account | None = None

    async def cached(self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]) -> Account:
        self.asked.append((operation, frozenset(credentials.values)))
        return self.kept or await ask()


@dataclass
class Checked:
    """What one verification said and did."""

    events: list[Event]
    answer_cache: AskingMemory

    @property
    def findings(self) -> dict[str, Finding]:
        found = [event for event in self.events if isinstance(event, Finding)]
        assert len({finding.check for finding in found}) == len(found), "a check answered twice"
        return {finding.check: finding for finding in found}

    @property
    def account(self) -> Account | None:
        return next((event.account for event in self.events if isinstance(event, Identified)), None)

    @property
    def problems(self) -> dict[str, str]:
        """The code of every failed check."""
        return {check: finding.problem_code.value for check, finding in self.findings.items() if finding.problem_code}


@contextmanager
def running(channel: Imitation) -> Iterator[str]:
    """The sandbox at an origin of its own."""
    with LoopbackServer(channel.behave) as server:
        yield f"http://127.0.0.1:{server.port}"


def check(
    channel: Imitation, *, seconds: float = 10, answer_cache: AskingMemory | None = None, **values: Any
) -> Checked:
    """Verify against the sandbox, over real sockets."""
    answer_cache = answer_cache or AskingMemory()
    with running(channel) as origin:
        credentials = Credentials(ApiUrl(origin), {"access_token": Secret(KEY), "secret": Secret("unused"), **values})
        return Checked(
            list(verify(SYSTEM, credentials, OutboundClient(trusted_origins=(origin,)), answer_cache, seconds)),
            answer_cache,
        )
