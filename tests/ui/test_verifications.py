"""Verifying a draft while other tabs, other people and strangers do so too."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.hanging_shop import LONG, HangingShop
from tests.outbound.servers import LoopbackServer
from tests.walks import SYSTEM, WORKS, Tab, draft_of, running
from tests.watching import read, watch, watched
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.errors import DraftChanged, Stopped, Superseded, TryLater, WaitReason
from xtnd_wizard.domain.subjects import DraftRef
from xtnd_wizard.outbound.client import HostSession, OutboundClient
from xtnd_wizard.service import Service
from xtnd_wizard.settings import CheckLimits
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.ui import verifications
from xtnd_wizard.wizard.steps import report_of

KEY, OTHER_KEY = "5eed0000-0000-4000-8000-00000000aaaa", "5eed0000-0000-4000-8000-00000000bbbb"
TENANT = "somebody"
NOWHERE = None
"""The address of a visitor whose address nobody knows."""


@pytest.fixture
def shop() -> HangingShop:
    return HangingShop()


@contextmanager
def open_shop(folder: Path, shop: HangingShop, pace: int = 0, **limits: int) -> Iterator[Service]:
    with LoopbackServer(shop) as server:
        origin = f"http://127.0.0.1:{server.port}"
        checks = CheckLimits(**limits)
        choices = {"trusted_origins": (origin,), "check_seconds": LONG, "sandbox_check_ms": pace}
        with running(folder, checks=checks, from_nothing=False, **choices) as service:
            yield service
            shop.answer()
            for _, run in list(verifications._runs._current.values()):
                run.wait()


def drafted(service: Service, tenant: str = TENANT, key: str = KEY) -> None:
    (origin,) = service.settings.trusted_origins
    values = {**WORKS.values, API_URL: origin, "access_token": key}
    Tab(service, tenant).start_demo(SYSTEM.code, Scenario("waits", values))


def refusal(service: Service, tenant: str = TENANT, address: str | None = NOWHERE) -> TryLater:
    with watch(service, tenant, address) as viewer, pytest.raises(TryLater) as raised:
        list(viewer.events())
    return raised.value


def test_a_second_press_joins_and_asks_the_channel_nothing(tmp_path: Path, shop: HangingShop) -> None:
    with open_shop(tmp_path, shop) as service:
        drafted(service)
        with watch(service, TENANT) as first, watch(service, TENANT) as second:
            shop.until(lambda: shop.open == 1)
            shop.answer()
            found, report = read(first)
            assert read(second) == (found, report)
            assert report == report_of(draft_of(service, TENANT))
        assert shop.keys == [KEY]


def test_start_and_leave_holds_one_call_open_and_no_more(tmp_path: Path, shop: HangingShop) -> None:
    with open_shop(tmp_path, shop) as service:
        drafted(service)
        for _ in range(12):
            with watch(service, TENANT) as viewer:
                next(viewer.events())
        shop.until(lambda: shop.open == 0)
        assert shop.most_open <= 2, "the server hears a little later that somebody left"


def test_start_and_leave_with_new_cookies_holds_what_one_address_may(tmp_path: Path, shop: HangingShop) -> None:
    """What an attacker did: 54 calls were held open at once like this."""
    with open_shop(tmp_path, shop, at_once=6, at_once_per_address=3) as service:
        tenants = [f"cookie-{count}" for count in range(54)]
        for tenant in tenants:
            drafted(service, tenant)

        def start_and_leave(tenant: str) -> WaitReason | None:
            try:
                with watch(service, tenant, "192.0.2.1") as viewer:
                    next(viewer.events())
            except TryLater as raised:
                return raised.reason
            return None

        with ThreadPoolExecutor(len(tenants)) as strangers:
            raised = Counter(strangers.map(start_and_leave, tenants))
        assert set(raised) == {None, WaitReason.BUSY}
        shop.until(lambda: shop.open == 0)
        assert 0 < shop.most_open <= 2 * 3, "the server hears a little later that somebody left"


def test_the_last_tab_to_leave_ends_every_call(tmp_path: Path, shop: HangingShop) -> None:
    with open_shop(tmp_path, shop) as service:
        drafted(service)
        with watch(service, TENANT):
            with watch(service, TENANT) as other:
                next(other.events())
                shop.until(lambda: shop.open == 1)
            assert shop.open == 1
        shop.until(lambda: shop.open == 0)
        assert report_of(draft_of(service, TENANT)) is None


def test_other_values_replace_what_runs_and_no_tab_gets_the_wrong_verdict(tmp_path: Path, shop: HangingShop) -> None:
    with open_shop(tmp_path, shop) as service:
        drafted(service)
        with watch(service, TENANT) as old:
            shop.until(lambda: shop.open == 1)
            Tab(service, TENANT).enter({"access_token": OTHER_KEY})
            with watch(service, TENANT) as new:
                with pytest.raises(Superseded):
                    list(old.events())
                shop.until(lambda: len(shop.keys) == 2)
                shop.answer()
                _, result = read(new)
                report = report_of(draft_of(service, TENANT))
                assert report == result
        assert report
        assert report.fingerprint == service.credentials.open(draft_of(service, TENANT)).fingerprint
        assert shop.keys == [KEY, OTHER_KEY]


def test_a_verdict_on_values_that_were_edited_meanwhile_is_not_kept(tmp_path: Path, shop: HangingShop) -> None:
    with open_shop(tmp_path, shop) as service:
        drafted(service)
        with watch(service, TENANT) as viewer:
            shop.until(lambda: shop.open == 1)
            Tab(service, TENANT).enter({"access_token": OTHER_KEY})
            shop.answer()
            with pytest.raises(DraftChanged):
                list(viewer.events())
        assert report_of(draft_of(service, TENANT)) is None


def test_a_place_is_free_again_as_soon_as_its_verification_is_over(tmp_path: Path, shop: HangingShop) -> None:
    with open_shop(tmp_path, shop, at_once=1) as service:
        drafted(service)
        drafted(service, "another")
        with watch(service, TENANT) as viewer:
            shop.until(lambda: shop.open == 1)
            assert refusal(service, "another").reason is WaitReason.BUSY
            shop.answer()
            list(viewer.events())
        with watch(service, "another") as viewer:
            assert list(viewer.events())


@pytest.mark.parametrize(
    ("limits", "address", "reason"),
    [
        ({"per_tenant": 2}, NOWHERE, WaitReason.OWNER),
        ({"per_address": 2}, "192.0.2.1", WaitReason.ADDRESS),
        ({"per_host": 2}, NOWHERE, WaitReason.HOST),
    ],
)
def test_a_quota_that_is_used_up_calls_nobody_and_keeps_what_was_entered(
    tmp_path: Path, shop: HangingShop, limits: dict[str, int], address: str | None, reason: WaitReason
) -> None:
    shop.answer()
    with open_shop(tmp_path, shop, **limits) as service:
        drafted(service)
        for _ in range(2):
            with watch(service, TENANT, address) as viewer:
                list(viewer.events())
        before, report = draft_of(service, TENANT), report_of(draft_of(service, TENANT))
        assert refusal(service, address=address).reason is reason
        assert len(shop.keys) == 2
        assert draft_of(service, TENANT).sealed == before.sealed
        assert report_of(draft_of(service, TENANT)) == report


def test_sandbox_systems_have_no_quota_of_their_own_but_their_visitors_do(tmp_path: Path) -> None:
    with running(tmp_path, checks=CheckLimits(per_host=1, per_tenant=2)) as service:
        for tenant in ("a", "b"):
            Tab(service, tenant).start_demo(SYSTEM.code, WORKS)
            for _ in range(2):
                assert watched(service, tenant)[1].passed
            assert refusal(service, tenant).reason is WaitReason.OWNER


def test_look_ups_are_counted_for_the_address_they_are_made_for(tmp_path: Path) -> None:
    callers: list[str] = []

    class Noting(OutboundClient):
        @asynccontextmanager
        async def open_session(self, url: ApiUrl, seconds: float) -> AsyncIterator[HostSession]:
            callers.append(self.caller)
            async with super().open_session(url, seconds) as opened:
                yield opened

    with running(tmp_path) as service:
        vars(service)["outbound_client"] = Noting(look_up=lambda host: [])
        for address, caller in (("192.0.2.9", "192.0.2.9"), (NOWHERE, TENANT)):
            host = {**WORKS.values, API_URL: "shop.example.com"}
            Tab(service, TENANT).start_demo(SYSTEM.code, Scenario("elsewhere", host))
            with watch(service, TENANT, address) as viewer:
                list(viewer.events())
            assert callers.pop() == caller


def test_nothing_that_is_shared_between_tabs_shows_a_secret(tmp_path: Path, shop: HangingShop) -> None:
    with open_shop(tmp_path, shop) as service:
        drafted(service)
        with watch(service, TENANT) as viewer:
            shop.until(lambda: shop.open == 1)
            runs = verifications._runs
            shared = [runs, *vars(runs).values(), service.verification, viewer, *vars(viewer).values()]
            (about, run) = next(iter(runs._current.values()))
            shop.answer()
            shown = f"{shared!r} {vars(run)!r} {about} {list(viewer.events())!r}"
        assert KEY not in shown
        assert WORKS.values["secret"] not in shown


def test_stop_ends_the_calls_and_every_tab_learns_that_it_was_pressed(tmp_path: Path, shop: HangingShop) -> None:
    with open_shop(tmp_path, shop) as service:
        drafted(service)
        draft = draft_of(service, TENANT)
        stop = partial(verifications.stop_verification, service.verification, Actor(TENANT), DraftRef(draft.id))
        with watch(service, TENANT) as first, watch(service, TENANT) as second:
            shop.until(lambda: shop.open == 1)
            assert stop()
            for viewer in (first, second):
                with pytest.raises(Stopped):
                    list(viewer.events())
            assert not stop(), "there is nothing left to stop"
        shop.until(lambda: shop.open == 0)
        assert report_of(draft_of(service, TENANT)) is None


def test_only_the_sandbox_is_slowed_for_an_audience(tmp_path: Path, shop: HangingShop) -> None:
    """At a pace of an hour for each check, nothing but no pace at all comes to an end."""
    with open_shop(tmp_path, shop, pace=3_600_000) as service:
        drafted(service)
        shop.answer()
        with watch(service, TENANT) as real:
            assert read(real)[1] == report_of(draft_of(service, TENANT))
        Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)

        class StillWaiting(Exception):
            pass

        def waits() -> None:
            raise StillWaiting

        with watch(service, TENANT) as sandbox, pytest.raises(StillWaiting):
            list(sandbox.events(while_waiting=waits))
