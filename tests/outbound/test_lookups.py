"""Name look-ups that hang, and everybody else's meanwhile."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.outbound.lookups import LookupPool, look_up

HOST = "shop.example.org"
PUBLIC = "93.184.216.34"
MANY = 128
LONG = 30.0
"""Seconds that nobody waits for unless something is broken."""


class Resolver:
    """Answers at once, but for names that hang until they are let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self._counted = threading.Condition()
        self._hanging = 0

    def look_up(self, host: str) -> Sequence[str]:
        if not host.startswith("hangs"):
            return ["10.0.0.1"]
        with self._counted:
            self._hanging += 1
            self._counted.notify_all()
        self.let_go.wait(LONG)
        with self._counted:
            self._hanging -= 1
            self._counted.notify_all()
        return []

    def until_hanging(self, number: int) -> None:
        with self._counted:
            assert self._counted.wait_for(lambda: self._hanging == number, LONG), self._hanging


@contextmanager
def hanging(outbound_client: OutboundClient, resolver: Resolver, number: int) -> Iterator[None]:
    """That many visitors of one caller, each waiting for a name of their own; they leave in the end."""
    loop = asyncio.new_event_loop()
    visitors: list[asyncio.Task[None]] = []

    async def host_session(host: str) -> None:
        async with outbound_client.open_session(ApiUrl(f"https://{host}"), LONG) as opened:
            await opened.get("/")

    async def all_at_once() -> None:
        visitors.extend(asyncio.ensure_future(host_session(f"hangs-{count}.example.org")) for count in range(number))
        await asyncio.gather(*visitors, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(all_at_once(),), daemon=True)
    thread.start()
    try:
        yield
    finally:
        resolver.let_go.set()
        loop.call_soon_threadsafe(lambda: [visitor.cancel() for visitor in visitors])
        thread.join(LONG)
        loop.close()


def answer_of(outbound_client: OutboundClient, host: str = HOST, seconds: float = LONG) -> RequestFailed:
    async def ask() -> None:
        async with outbound_client.open_session(ApiUrl(f"https://{host}"), seconds) as host_session:
            await host_session.get("/")

    with pytest.raises(RequestFailed) as raised:
        asyncio.run(ask())
    return raised.value


def test_many_look_ups_that_hang_do_not_hold_up_another_visitors() -> None:
    resolver = Resolver()
    outbound_client = OutboundClient(look_up=resolver.look_up, lookup_seconds=LONG)
    with hanging(outbound_client, resolver, MANY):
        resolver.until_hanging(MANY)
        assert answer_of(outbound_client, seconds=5).code is ProblemCode.HOST_NOT_FOUND


def test_one_caller_holds_a_few_look_ups_and_no_more() -> None:
    resolver, pool = Resolver(), LookupPool(most=12, most_per_caller=3)
    attacker = OutboundClient(look_up=resolver.look_up, lookup_seconds=LONG, lookups=pool, caller="192.0.2.1")
    other = OutboundClient(look_up=resolver.look_up, lookup_seconds=LONG, lookups=pool, caller="192.0.2.2")
    with hanging(attacker, resolver, MANY):
        resolver.until_hanging(3)
        assert answer_of(other).code is ProblemCode.HOST_NOT_FOUND
        assert answer_of(attacker, seconds=2).code is ProblemCode.DNS_TROUBLE


def test_a_turn_that_does_not_come_is_trouble_with_names_for_now() -> None:
    resolver, pool = Resolver(), LookupPool(most=2)
    outbound_client = OutboundClient(look_up=resolver.look_up, lookup_seconds=LONG, lookups=pool)
    with hanging(outbound_client, resolver, 2):
        resolver.until_hanging(2)
        assert answer_of(outbound_client, seconds=2).code is ProblemCode.DNS_TROUBLE
    resolver.until_hanging(0)
    assert answer_of(outbound_client).code is ProblemCode.HOST_NOT_FOUND


def test_look_ups_that_were_left_behind_count_until_the_resolver_gives_up() -> None:
    resolver, pool = Resolver(), LookupPool(most_per_caller=1)
    outbound_client = OutboundClient(look_up=resolver.look_up, lookups=pool, caller="somebody")
    assert answer_of(outbound_client, "hangs.example.org", seconds=2).code is ProblemCode.DNS_TROUBLE
    assert answer_of(outbound_client, seconds=2).code is ProblemCode.DNS_TROUBLE
    resolver.let_go.set()
    assert answer_of(outbound_client).code is ProblemCode.HOST_NOT_FOUND


def test_a_resolver_that_breaks_is_not_left_waiting_for() -> None:
    def breaks(host: str) -> Sequence[str]:
        raise MemoryError

    pool = LookupPool(most=1)
    for _ in range(2):
        with pytest.raises(MemoryError):
            asyncio.run(pool.addresses(breaks, HOST))


def test_no_thread_left_is_trouble_with_names_and_holds_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    outbound_client = OutboundClient(look_up=lambda host: ["10.0.0.1"], lookups=LookupPool(most=1))
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", full)
        assert answer_of(outbound_client).code is ProblemCode.DNS_TROUBLE
    assert answer_of(outbound_client).code is ProblemCode.HOST_NOT_FOUND


def test_the_systems_resolver_is_asked_for_the_full_name_and_each_address_is_kept_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def resolve(host: str, port: int, **options: Any) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in (PUBLIC, "2606:2800:220:1::1", PUBLIC)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert look_up(HOST) == [PUBLIC, "2606:2800:220:1::1"]
    assert asked == [f"{HOST}."], "with the dot, search domains are never tried"
