"""The two addresses of an approval, over HTTP: the way to the channel, and the way back."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from tests.walks import Tab, draft_of, running
from tests.wizard.approving import EMPTY_HANDED, RETURN, SYSTEM, Links
from tests.wizard.test_verification import locked
from xtnd_wizard import service as service_module
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.sandbox import PREFIX, sandbox_site
from xtnd_wizard.service import Service
from xtnd_wizard.settings import CheckLimits
from xtnd_wizard.storage import engine as engine_module
from xtnd_wizard.storage.engine import reading
from xtnd_wizard.storage.models import ApprovalState
from xtnd_wizard.web import approvals
from xtnd_wizard.web.security_headers import SecurityHeadersMiddleware
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.steps import missing_fields
from xtnd_wizard.wizard.visitors import COOKIE, SECURE_COOKIE

TOKEN = "aB3-_" + "x" * 38
TENANT = sha256(TOKEN.encode()).hexdigest()
SITE = SecurityHeadersMiddleware(
    Starlette(
        routes=[
            Route("/consent/{system}/begin", approvals.begin),
            Route("/consent/{system}", approvals.finish),
            Mount(PREFIX, app=sandbox_site),
        ]
    )
)


def place(answer: httpx.Response) -> str:
    """Where an answer leads, whichever draft that is for."""
    return re.sub(r"[?&]draft=[0-9a-f]{32}$", "", answer.headers["location"])


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(service_module, "_running", [])
    with running(tmp_path) as started:
        service_module.replace_service(started)
        yield started


APPROVED_AT = "/verify?approved=1"
"""Where the checks begin by themselves."""


def get(address: str, token: str = TOKEN, **headers: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=SITE), base_url="http://wizard.example", trust_env=False
        ) as browser:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            known = {"accept": "text/html", "cookie": f"{COOKIE}={token}"}
            return await browser.get(address, headers={**known, **sent})

    return asyncio.run(asked())


def way_there(service: Service, tenant: str = TENANT) -> str:
    """The link to the consent page, for the draft that was touched last."""
    return f"{RETURN}/begin?draft={Tab(service, tenant).draft_id}"


def begun(service: Service) -> dict[str, str]:
    """The buttons of the consent page, for a draft in this browser."""
    Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
    answer = get(way_there(service))
    assert answer.status_code == 303
    page = get(answer.headers["location"])
    assert page.status_code == 200
    return Links(page.text).by_id


def test_a_merchant_goes_there_and_comes_back_approved(service: Service) -> None:
    back = get(begun(service)["approve"])
    assert (back.status_code, place(back)) == (303, APPROVED_AT)
    assert missing_fields(draft_of(service, TENANT)) == ()


def test_the_practice_consent_page_is_served_by_this_wizard(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
    assert get(way_there(service)).headers["location"].startswith(f"{PREFIX}/{EMPTY_HANDED.values['api_url']}/")


@pytest.mark.parametrize("choice", ["approve", "decline", "locked", "late", "unknown_app", "down", "another_browser"])
def test_neither_code_nor_state_stays_in_an_address_or_in_a_cache(service: Service, choice: str) -> None:
    there = get(way_there(service))
    back = get(begun(service)[choice])
    assert back.status_code == 303
    assert re.fullmatch(r"/verify\?approved=1|/returned\?outcome=[a-z_]+", place(back))
    assert back.text == ""
    for answer in (there, back):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_second_use_of_an_answer_has_its_page(service: Service) -> None:
    address = begun(service)["approve"]
    get(address)
    assert place(get(address)) == "/returned?outcome=used_state"
    assert missing_fields(draft_of(service, TENANT)) == ()


def test_an_address_that_brings_many_codes_is_asked_to_come_back_later(service: Service) -> None:
    vars(service)["oauth"] = replace(service.oauth, admission=Admission(CheckLimits(per_address=2)))
    places = []
    for token in (f"{count:043}" for count in range(3)):
        tenant = sha256(token.encode()).hexdigest()
        Tab(service, tenant).start_demo(SYSTEM.code, EMPTY_HANDED)
        page = get(get(way_there(service, tenant), token).headers["location"], token)
        places.append(place(get(Links(page.text).by_id["approve"], token)))
    assert places == [APPROVED_AT, APPROVED_AT, "/returned?outcome=later"]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "anything-else"])
def test_a_link_on_another_site_begins_nothing_and_voids_no_approval_that_is_awaited(
    service: Service, site: str
) -> None:
    address = begun(service)["approve"]
    for _ in range(10):
        foreign = get(way_there(service), sec_fetch_site=site)
        assert (foreign.status_code, place(foreign)) == (303, "/enter")
    assert place(get(address)) == APPROVED_AT
    assert missing_fields(draft_of(service, TENANT)) == ()


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_link_and_an_address_that_a_person_opened_begin(service: Service, site: str) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
    assert get(way_there(service), sec_fetch_site=site).headers["location"].startswith(PREFIX)


def test_over_https_the_owner_is_known_by_the_other_name_too(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
    answer = get(way_there(service), cookie=f'a[b]=1; {{"v":1}}; {SECURE_COOKIE}={TOKEN}; {COOKIE}={"B" * 43}')
    assert answer.headers["location"].startswith(PREFIX)


@pytest.mark.parametrize("token", ["B" * 43, "", "not-one-of-ours"])
def test_another_browser_gets_nothing_from_an_answer(service: Service, token: str) -> None:
    address = begun(service)["approve"]
    assert place(get(address, token)) == "/returned?outcome=foreign_state"
    assert missing_fields(draft_of(service, TENANT))
    assert place(get(address)) == APPROVED_AT


@pytest.mark.parametrize("token", [TOKEN, ""])
def test_without_a_draft_the_way_there_leads_to_the_page_that_says_so(service: Service, token: str) -> None:
    assert place(get(way_there(service), token)) == "/returned?outcome=draft_gone"


@pytest.mark.parametrize("query", ["", "?draft="])
def test_a_link_that_names_no_draft_begins_no_approval_of_any(service: Service, query: str) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
    assert place(get(f"{RETURN}/begin{query}")) == "/returned?outcome=draft_gone"
    with reading(service.engine) as session:
        assert session.exec(select(ApprovalState)).all() == []


def test_without_a_registration_the_way_there_leads_to_the_guide(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, "")
    assert place(get(way_there(service))) == "/obtain"


def test_the_way_there_is_for_the_draft_that_the_link_names(service: Service) -> None:
    older, newer = (service.drafts.start_demo(Actor(TENANT), None, SYSTEM.code, EMPTY_HANDED) for _ in range(2))
    page = get(get(f"{RETURN}/begin?draft={older.id}").headers["location"])
    assert get(Links(page.text).by_id["approve"]).headers["location"] == f"{APPROVED_AT}&draft={older.id}"
    assert missing_fields(service.drafts.current(Actor(TENANT), older.id)) == ()
    assert service.drafts.current(Actor(TENANT), newer.id).sealed == {}
    assert place(get(f"{RETURN}/begin?draft={'x' * 60_000}")) == "/returned?outcome=draft_gone"


def test_a_database_that_is_locked_has_its_page_on_both_ways(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, there = begun(service)["approve"], way_there(service)
    service.engine.dispose()
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", 20)
    with locked(tmp_path):
        for way in (there, address):
            assert place(get(way)) == "/returned?outcome=unreachable"
    assert place(get(address)) == APPROVED_AT


@pytest.mark.parametrize("address", ["/consent/nobody", "/consent/nobody?code=x&state=y", "/consent/nobody/begin"])
def test_an_unknown_system_leads_nowhere(service: Service, address: str) -> None:
    begun(service)
    assert place(get(address)) in (
        "/returned?outcome=no_code",
        "/returned?outcome=foreign_state",
        "/returned?outcome=draft_gone",
    )


@pytest.mark.parametrize("text", ["x" * 60_000, "%00", "%ff%fe", "a%0d%0aset-cookie:b=c", "//evil.example"])
def test_an_odd_answer_breaks_nothing(service: Service, text: str) -> None:
    begun(service)
    for name in ("state", "code", "error"):
        back = get(f"{RETURN}?{name}={text}")
        assert back.headers["location"].startswith("/returned?outcome=")
        assert "evil" not in back.headers["location"]
