"""Fetching tokens for a code: counted and admitted like a check, because anybody can make up a code."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.walks import Tab, running
from tests.watching import watched
from tests.wizard.approving import EMPTY_HANDED, SYSTEM, Messages, begin, choose, come_back, start
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.lookups import Lookup, LookupPool
from xtnd_wizard.service import Service
from xtnd_wizard.settings import CheckLimits, OAuthClient
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import now
from xtnd_wizard.systems.oauth import APPROVAL_OUTCOMES
from xtnd_wizard.wizard import admission as admission_module
from xtnd_wizard.wizard.approvals import APPROVED

TENANT, ANOTHER = "a" * 64, "b" * 64
ADDRESS = "192.0.2.7"


class NotedLookups(LookupPool):
    """Answers every look-up with an address that nobody is called at, and notes whom it was for."""

    def __init__(self) -> None:
        super().__init__()
        self.callers: list[str] = []

    async def addresses(self, look_up: Lookup, host: str, caller: str = "") -> Sequence[str]:
        self.callers.append(caller)
        return ["192.0.2.1"]


@pytest.fixture
def limits() -> CheckLimits:
    return CheckLimits()


@pytest.fixture
def service(tmp_path: Path, limits: CheckLimits, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(admission_module, "_PATIENCE_SECONDS", 0.01)
    client = OAuthClient("operators-id", Secret("operators-secret"))
    clients = {SYSTEM.code: client}
    with running(tmp_path, checks=limits, public_url="https://connect.example.com", clients=clients) as started:
        yield started


def junk(service: Service, tenant: str, address: str = "") -> str:
    """The outcome of coming back with a true state and a code that was made up."""
    (state,) = parse_qs(urlsplit(begin(service, tenant)).query)["state"]
    return come_back(service, tenant, {"state": state, "code": "made-up"}, address=address)


def at_the_real_channel(service: Service, tenant: str) -> None:
    Tab(service, tenant).choose(SYSTEM.code, "")


@pytest.mark.parametrize("limits", [CheckLimits(per_tenant=3)])
def test_made_up_codes_are_brought_to_the_channel_so_often_and_no_more(service: Service) -> None:
    messages = Messages(service)
    start(service, TENANT)
    outcomes = [junk(service, TENANT) for _ in range(10)]
    assert len(messages.calls) == 3
    assert outcomes[3:] == ["later"] * 7
    assert "later" not in outcomes[:3]
    assert "later" in APPROVAL_OUTCOMES
    assert come_back(service, ANOTHER, choose(start(service, ANOTHER))) == APPROVED


@pytest.mark.parametrize("limits", [CheckLimits(per_address=3)])
def test_new_cookies_do_not_help_who_comes_from_one_address(service: Service) -> None:
    messages = Messages(service)
    tenants = [f"{count:064}" for count in range(5)]
    for tenant in tenants:
        start(service, tenant)
    outcomes = [junk(service, tenant, ADDRESS) for tenant in tenants]
    assert len(messages.calls) == 3
    assert outcomes[3:] == ["later"] * 2


@pytest.mark.parametrize("limits", [CheckLimits(per_host=2)])
def test_the_host_that_gives_the_tokens_is_asked_so_often_whoever_asks(service: Service) -> None:
    lookups = NotedLookups()
    vars(service)["outbound_client"] = replace(service.outbound_client, lookups=lookups)
    tenants = [f"{count:064}" for count in range(4)]
    for tenant in tenants:
        at_the_real_channel(service, tenant)
    assert [junk(service, tenant) for tenant in tenants] == ["unreachable"] * 2 + ["later"] * 2
    assert lookups.callers == tenants[:2]


@pytest.mark.parametrize("limits", [CheckLimits(per_host=1)])
def test_the_practice_channel_has_no_quota_of_its_own(service: Service) -> None:
    for tenant in (TENANT, ANOTHER):
        assert come_back(service, tenant, choose(start(service, tenant))) == APPROVED


def test_look_ups_are_counted_for_whom_they_are_made(service: Service) -> None:
    lookups = NotedLookups()
    vars(service)["outbound_client"] = replace(service.outbound_client, lookups=lookups)
    at_the_real_channel(service, TENANT)
    junk(service, TENANT, ADDRESS)
    assert lookups.callers == [ADDRESS]


@pytest.mark.parametrize("limits", [CheckLimits(per_tenant=1)])
def test_a_merchant_who_had_to_wait_approves_again_later(service: Service) -> None:
    start(service, TENANT)
    junk(service, TENANT)
    assert come_back(service, TENANT, choose(begin(service, TENANT))) == "later"
    vars(service).pop("admission")
    vars(service).pop("oauth")
    assert come_back(service, TENANT, choose(begin(service, TENANT))) == APPROVED


@pytest.mark.parametrize("limits", [CheckLimits(at_once=1, per_tenant=2)])
def test_a_renewal_takes_no_place_beside_that_of_its_check(service: Service) -> None:
    messages = Messages(service)
    Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
    assert come_back(service, TENANT, choose(begin(service, TENANT))) == APPROVED
    with service.transactions.writing() as session:
        draft = queries.newest_draft(session, TENANT, now())
        assert draft is not None
        draft.tokens_expire_at = now() + timedelta(seconds=30)
    assert watched(service, TENANT)[1].passed
    assert messages.grants == ["authorization_code", "refresh_token"]
    assert junk(service, TENANT) == "later", "the approval and the check were one each"
