"""Who is let in, and what the others are told."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import TryLater, WaitReason
from xtnd_wizard.settings import CheckLimits
from xtnd_wizard.wizard import admission as admission_module
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.visitors import tenant_of, visitor

HOST = "shop.example.org"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission_module, "_PATIENCE_SECONDS", 0.01)


def one_after_the_other(admission: Admission, *checks: tuple[Actor, str]) -> list[WaitReason | None]:
    """What each check is told, None where it is let in; each is over before the next."""

    async def check(caller: Actor, host: str) -> WaitReason | None:
        try:
            async with admission.admitted(caller, host):
                return None
        except TryLater as results:
            return results.reason

    async def all_of_them() -> list[WaitReason | None]:
        return [await check(caller, host) for caller, host in checks]

    return asyncio.run(all_of_them())


def all_at_once(admission: Admission, *callers: Actor) -> TryLater | None:
    """What the last one is told while all the others are inside."""

    async def enter() -> TryLater | None:
        async with AsyncExitStack() as inside:
            *others, last = callers
            for caller in others:
                await inside.enter_async_context(admission.admitted(caller, HOST))
            try:
                await inside.enter_async_context(admission.admitted(last, HOST))
            except TryLater as results:
                return results
            return None

    return asyncio.run(enter())


def people(number: int, network: str = "") -> list[Actor]:
    return [Actor(f"{network}-{count}", network=network) for count in range(number)]


def test_a_merchant_who_tries_twenty_times_in_a_row_is_never_stopped() -> None:
    admission = Admission(CheckLimits())
    assert one_after_the_other(admission, *[(Actor("merchant", network="192.0.2.1"), HOST)] * 20) == [None] * 20


def test_one_visitor_is_given_a_break_and_others_go_on() -> None:
    admission = Admission(CheckLimits(per_tenant=2))
    a, b = Actor("a", network="192.0.2.1"), Actor("b", network="192.0.2.1")
    results = one_after_the_other(admission, (a, HOST), (a, ""), (a, HOST), (b, HOST))
    assert results == [None, None, WaitReason.OWNER, None]


def test_new_cookies_do_not_help_who_comes_from_the_same_address() -> None:
    admission = Admission(CheckLimits(per_address=3))
    checks = [(caller, f"{caller.tenant}.example.org") for caller in people(5, "192.0.2.1")]
    results = one_after_the_other(admission, *checks, (Actor("z", network="192.0.2.2"), HOST))
    assert results == [None] * 3 + [WaitReason.ADDRESS] * 2 + [None]


def test_new_cookies_from_nowhere_do_not_help_against_one_host() -> None:
    admission = Admission(CheckLimits(per_host=3))
    results = one_after_the_other(
        admission, *[(caller, HOST) for caller in people(5)], (Actor("z"), "other.example.org")
    )
    assert results == [None] * 3 + [WaitReason.HOST] * 2 + [None]


def test_a_check_without_a_host_of_its_own_has_no_quota_for_one() -> None:
    admission = Admission(CheckLimits(per_host=1))
    assert one_after_the_other(admission, *[(caller, "") for caller in people(5)]) == [None] * 5


def test_an_address_that_nobody_knows_has_no_quota() -> None:
    admission = Admission(CheckLimits(per_address=1))
    assert one_after_the_other(admission, *[(caller, HOST) for caller in people(5)]) == [None] * 5


def test_the_time_to_come_back_is_when_the_window_has_moved_on() -> None:
    admission = Admission(CheckLimits(per_tenant=1, window_minutes=7))
    caller = Actor("a")
    began = datetime.now(UTC)
    assert all_at_once(admission, caller) is None
    results = all_at_once(admission, caller)
    assert results
    assert timedelta(minutes=7) <= results.again_at - began <= timedelta(minutes=8)


def test_no_more_than_so_many_are_inside_and_the_next_is_told_to_come_back_soon() -> None:
    admission = Admission(CheckLimits(at_once=3))
    assert all_at_once(admission, *people(3)) is None
    results = all_at_once(admission, *people(4))
    assert results
    assert results.reason is WaitReason.BUSY
    assert timedelta() < results.again_at - datetime.now(UTC) < timedelta(minutes=1)
    assert all_at_once(admission, *people(3)) is None, "everybody left"


def test_one_address_never_has_all_the_places() -> None:
    admission = Admission(CheckLimits(at_once=4, at_once_per_address=2))
    crowd = people(2, "192.0.2.1")
    assert all_at_once(admission, *crowd, Actor("other", network="192.0.2.2")) is None
    results = all_at_once(admission, *crowd, Actor("one more", network="192.0.2.1"))
    assert results
    assert results.reason is WaitReason.BUSY


def test_who_waits_for_a_place_gets_the_next_that_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission_module, "_PATIENCE_SECONDS", 30)
    admission = Admission(CheckLimits(at_once=1))

    async def wait_in_line() -> None:
        async def check() -> None:
            async with admission.admitted(Actor("b"), HOST):
                pass

        async with admission.admitted(Actor("a"), HOST):
            waiting = asyncio.ensure_future(check())
            await asyncio.sleep(0)
            assert not waiting.done()
        await waiting

    asyncio.run(wait_in_line())


def test_who_found_no_place_has_used_up_nothing() -> None:
    admission = Admission(CheckLimits(at_once=1, per_tenant=1))
    a, b = people(2)
    assert all_at_once(admission, a, b)
    assert one_after_the_other(admission, (b, HOST), (b, HOST)) == [None, WaitReason.OWNER]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, ""),
        ("", ""),
        ("unknown", ""),
        ("192.0.2.7:4711", ""),
    ],
)
def test_people_are_told_apart_by_what_one_subscriber_has(address: str | None, network: str) -> None:
    token = "A" * 43
    caller = visitor(token, address)
    assert caller == Actor(tenant_of(token) or "", network=network)
    assert caller.counted_as == (network or tenant_of(token))
