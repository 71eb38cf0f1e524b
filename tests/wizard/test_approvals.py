"""Approval at the channel: bound to its draft, used once, and told apart when it fails."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from ssl import SSLContext
from threading import Barrier, get_ident
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import insert, update
from sqlmodel import select

from tests.walks import Tab, bytes_on_disk, draft_of, save, verified
from tests.wizard.approving import (
    EMPTY_HANDED,
    HOST,
    RETURN,
    SEALED,
    SYSTEM,
    TENANT,
    WORKS,
    Messages,
    approved,
    begin,
    choose,
    come_back,
    ended,
    opened,
    refreshed,
    start,
)
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftChanged, DraftNotFound, OAuthClientMissing, StorageFailed
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.sandbox import sandbox_app
from xtnd_wizard.service import Service
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.models import ApprovalState, Draft, now
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.oauth import APPROVAL_OUTCOMES
from xtnd_wizard.wizard import approvals as consent_module
from xtnd_wizard.wizard import drafts as drafts_module
from xtnd_wizard.wizard.approvals import APPROVED, OAuthService
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.steps import Step, first_unfinished, missing_fields
from xtnd_wizard.wizard.token_endpoint import TokenEndpoint

ANOTHER = "b" * 64
ANOTHER_SYSTEM = next(found for found in all_systems() if not found.oauth)
ANOTHER_HOST = ANOTHER_SYSTEM.sandbox.scenarios[0].values[API_URL]
TOKENS = "oauth-v1/token"


def test_an_approval_gives_all_that_is_needed_and_the_company_is_named(service: Service) -> None:
    draft = approved(service)
    assert missing_fields(draft) == ()
    assert first_unfinished(draft) is Step.VERIFY
    report = verified(service, TENANT)
    assert report.passed
    assert report.account is not None
    assert report.account.id in WORKS.values.values()
    assert report.account.name


def test_an_approved_draft_ends_at_saved(service: Service) -> None:
    tokens = opened(service, approved(service))
    assert verified(service, TENANT).passed
    saved = save(service, TENANT)
    assert saved.sealed.keys() == tokens.keys()


def test_the_way_to_the_channel_names_us_and_the_way_back(service: Service) -> None:
    asked = parse_qs(urlsplit(start(service, TENANT)).query)
    assert asked["redirect_uri"] == [RETURN]
    assert SYSTEM.oauth is not None
    assert asked["client_id"] == [SYSTEM.oauth.sandbox_client.id]
    (state,) = asked["state"]
    assert len(state) >= 43
    assert state not in repr(draft_of(service, TENANT).model_dump())


def test_the_real_channel_is_asked_in_the_operators_name(service: Service) -> None:
    client = OAuthClient("operators-id", Secret("operators-secret"))
    settings = replace(service.settings, public_url="https://connect.example.com", clients={SYSTEM.code: client})
    drafts = replace(service.drafts, settings=settings)
    draft = drafts.choose(Actor(TENANT), None, SYSTEM.code, "")
    oauth = replace(service.oauth, drafts=drafts, endpoint=replace(service.token_endpoint, settings=settings))
    address = asyncio.run(oauth.begin(Actor(TENANT), SYSTEM.code, draft.id))
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith("https://")
    assert asked["client_id"] == ["operators-id"]
    assert asked["redirect_uri"] == [f"https://connect.example.com{RETURN}"]
    assert "operators-secret" not in address


def test_without_a_registration_nobody_is_sent_to_the_real_channel(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, "")
    with pytest.raises(OAuthClientMissing):
        begin(service, TENANT)


@pytest.mark.parametrize("system_code", ["another", ""])
def test_the_way_there_needs_a_draft_for_this_very_system(service: Service, system_code: str) -> None:
    with pytest.raises(DraftNotFound):
        begin(service, TENANT)
    start(service, TENANT)
    with pytest.raises(DraftNotFound):
        begin(service, TENANT, system_code)


def test_of_several_drafts_the_one_that_the_link_names_is_approved(service: Service) -> None:
    older, newer = (service.drafts.start_demo(Actor(TENANT), None, SYSTEM.code, EMPTY_HANDED) for _ in range(2))
    address = begin(service, TENANT, draft_id=older.id)
    assert come_back(service, TENANT, choose(address)) == APPROVED
    assert missing_fields(service.drafts.current(Actor(TENANT), older.id)) == ()
    assert service.drafts.current(Actor(TENANT), newer.id).sealed == {}
    assert draft_of(service, TENANT).id == older.id, "a page that is opened now shows it"


def test_a_link_to_a_draft_that_is_gone_or_anothers_begins_nothing(service: Service) -> None:
    kept, gone, others = (
        service.drafts.start_demo(actor, None, SYSTEM.code, EMPTY_HANDED)
        for actor in (Actor(TENANT), Actor(TENANT), Actor(ANOTHER))
    )
    service.drafts.discard(Actor(TENANT), gone.id)
    elsewhere = service.drafts.create(Actor(TENANT), ANOTHER_SYSTEM.code, ANOTHER_HOST)
    for draft_id in (gone.id, others.id, elsewhere.id):
        with pytest.raises(DraftNotFound):
            begin(service, TENANT, draft_id=draft_id)
    assert states(service) == []
    assert service.drafts.current(Actor(TENANT), kept.id).sealed == {}


def test_a_state_is_used_once(service: Service) -> None:
    answer = choose(start(service, TENANT))
    assert come_back(service, TENANT, answer) == APPROVED
    kept = opened(service, draft_of(service, TENANT))
    assert come_back(service, TENANT, answer) == "used_state"
    assert opened(service, draft_of(service, TENANT)) == kept


def test_a_state_is_used_up_by_a_refusal_as_well(service: Service) -> None:
    address = start(service, TENANT)
    assert come_back(service, TENANT, choose(address, "decline")) == "refused"
    assert come_back(service, TENANT, choose(address)) == "used_state"


def test_of_two_threads_that_bring_the_same_answer_one_is_let_in(service: Service) -> None:
    messages, answer = Messages(service), choose(start(service, TENANT))
    together = Barrier(2)

    def bring() -> str:
        together.wait()
        return come_back(service, TENANT, answer)

    with ThreadPoolExecutor(2) as pool:
        outcomes = [pool.submit(bring) for _ in range(2)]
    assert sorted(found.result() for found in outcomes) == [APPROVED, "used_state"]
    assert len(messages.calls) == 1


def test_another_visitors_state_is_of_no_use(service: Service) -> None:
    messages, answer = Messages(service), choose(start(service, ANOTHER))
    start(service, TENANT)
    assert come_back(service, TENANT, answer) == "foreign_state"
    assert come_back(service, "", answer) == "foreign_state"
    assert messages.calls == []
    assert draft_of(service, TENANT).sealed == {}
    assert come_back(service, ANOTHER, answer) == APPROVED


def test_a_state_belongs_to_the_draft_that_it_was_made_for(service: Service) -> None:
    answer = choose(start(service, TENANT))
    start(service, TENANT)
    assert come_back(service, TENANT, answer) == "foreign_state"
    Tab(service, TENANT).discard()
    assert come_back(service, TENANT, answer) == "foreign_state"


def test_a_state_belongs_to_one_system(service: Service) -> None:
    answer = choose(start(service, TENANT))
    assert come_back(service, TENANT, answer, "another") == "foreign_state"
    assert come_back(service, TENANT, answer) == APPROVED


def test_an_approval_does_not_outlive_the_host_it_was_begun_for(service: Service) -> None:
    answer = choose(start(service, TENANT))
    Tab(service, TENANT).choose(SYSTEM.code, "")
    assert come_back(service, TENANT, answer) == "foreign_state"


def test_tokens_stay_at_the_host_that_gave_them(service: Service) -> None:
    approved(service)
    elsewhere = Tab(service, TENANT).choose(SYSTEM.code, "")
    assert elsewhere.values[API_URL] != HOST
    assert (elsewhere.sealed, elsewhere.last4, elsewhere.tokens_expire_at) == ({}, {}, None)
    assert set(elsewhere.values) <= {API_URL}
    assert first_unfinished(elsewhere) is Step.ENTER


def test_a_state_is_good_for_half_an_hour(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = choose(start(service, TENANT))
    monkeypatch.setattr(consent_module, "now", lambda: now() + timedelta(minutes=31))
    assert come_back(service, TENANT, answer) == "foreign_state"


def test_a_second_tab_does_not_void_what_the_first_one_began(service: Service) -> None:
    first = start(service, TENANT)
    begin(service, TENANT)
    assert come_back(service, TENANT, choose(first)) == APPROVED


def test_only_the_last_few_ways_there_stay_open(service: Service) -> None:
    first = start(service, TENANT)
    for _ in range(3):
        last = begin(service, TENANT)
    assert come_back(service, TENANT, choose(first)) == "foreign_state"
    assert come_back(service, TENANT, choose(last)) == APPROVED


def states(service: Service) -> list[ApprovalState]:
    with reading(service.engine) as session:
        return list(session.exec(select(ApprovalState)))


def test_states_that_were_used_are_remembered_for_a_while_and_no_longer(service: Service) -> None:
    answers = [choose(start(service, TENANT))]
    assert come_back(service, TENANT, answers[0]) == APPROVED
    for _ in range(5):
        answers.append(choose(begin(service, TENANT)))
        assert come_back(service, TENANT, answers[-1]) == APPROVED
    assert come_back(service, TENANT, answers[0]) == "foreign_state"
    assert [come_back(service, TENANT, answer) for answer in answers[1:]] == ["used_state"] * 5
    assert len(states(service)) == 5


def test_states_go_with_their_draft_and_unused_ones_with_their_time(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_back(service, TENANT, choose(start(service, TENANT)))
    begin(service, TENANT)
    assert len(states(service)) == 2
    monkeypatch.setattr(drafts_module, "now", lambda: now() + timedelta(minutes=31))
    service.drafts.purge()
    (used,) = states(service)
    assert used.used_at
    Tab(service, TENANT).discard()
    assert states(service) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"used_at": None},
        {"expires_at": now() + timedelta(days=9)},
        {"api_url": "elsewhere.test"},
        {"tenant": ANOTHER},
        {"digest": ""},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_a_state_that_was_edited_in_the_database_is_foreign(service: Service, columns: dict[str, object]) -> None:
    messages, answer = Messages(service), choose(start(service, TENANT))
    if "used_at" in columns:
        come_back(service, TENANT, answer)
        messages.calls.clear()
    with writing(service.engine) as session:
        session.execute(update(ApprovalState).values(**columns))
    assert come_back(service, TENANT, answer) == "foreign_state"
    assert messages.calls == []


def test_a_state_that_was_written_by_somebody_else_is_foreign(service: Service) -> None:
    start(service, TENANT)
    draft = draft_of(service, TENANT)
    made_up = {"id": sha256(b"made-up").hexdigest(), "draft_id": draft.id, "tenant": TENANT, "api_url": HOST}
    moments = {"created_at": now(), "expires_at": now() + timedelta(minutes=30)}
    with writing(service.engine) as session:
        session.execute(insert(ApprovalState).values(**made_up, **moments, digest=""))
    assert come_back(service, TENANT, {"state": "made-up", "code": "code"}) == "foreign_state"


def test_a_state_that_nobody_made_is_foreign(service: Service) -> None:
    start(service, TENANT)
    assert come_back(service, TENANT, {"state": "made-up", "code": "code"}) == "foreign_state"


def test_coming_back_with_nothing_leaves_the_way_open(service: Service) -> None:
    address = start(service, TENANT)
    assert choose(address, "locked") == {}
    assert come_back(service, TENANT, {}) == "no_code"
    assert come_back(service, TENANT, choose(address)) == APPROVED


def test_a_code_without_a_state_is_not_used(service: Service) -> None:
    messages, answer = Messages(service), choose(start(service, TENANT))
    assert come_back(service, TENANT, {"code": answer["code"]}) == "no_code"
    assert messages.calls == []


def test_a_state_without_a_code_is_no_approval(service: Service) -> None:
    answer = choose(start(service, TENANT))
    assert come_back(service, TENANT, {"state": answer["state"]}) == "no_code"


@pytest.mark.parametrize(
    ("choice", "outcome"),
    [
        ("decline", "refused"),
        ("locked", "no_code"),
        ("late", "expired_code"),
        ("another_browser", "foreign_state"),
        ("unknown_app", "our_app"),
        ("down", "unreachable"),
    ],
)
def test_every_other_way_to_come_back_is_told_apart(service: Service, choice: str, outcome: str) -> None:
    address = start(service, TENANT)
    assert come_back(service, TENANT, choose(address, choice)) == outcome
    assert outcome in APPROVAL_OUTCOMES
    draft = draft_of(service, TENANT)
    assert draft.sealed == {}
    assert first_unfinished(draft) is Step.ENTER
    assert come_back(service, TENANT, choose(begin(service, TENANT))) == APPROVED


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("access_denied", "refused"),
        ("server_error", "unreachable"),
        ("invalid_scope", "our_app"),
        ("unauthorized_client", "our_app"),
        ("<script>", "refused"),
    ],
)
def test_an_error_of_the_consent_page_is_told_with_and_without_a_state(
    service: Service, error: str, outcome: str
) -> None:
    answer = choose(start(service, TENANT))
    assert come_back(service, TENANT, {"error": error}) == outcome
    assert come_back(service, TENANT, {"error": error, "state": answer["state"], "code": "x"}) == outcome
    assert come_back(service, TENANT, {"error": error, "state": "made-up"}) == "foreign_state"


def test_a_registration_that_went_away_meanwhile_is_said(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = choose(start(service, TENANT))
    monkeypatch.setattr(TokenEndpoint, "client", lambda endpoint, system_code, api_url: None)
    assert come_back(service, TENANT, answer) == "our_app"


def test_whoever_leaves_while_a_code_is_exchanged_keeps_what_the_channel_gave(service: Service) -> None:
    answer = choose(start(service, TENANT))

    async def leave() -> None:
        asked, goes_on = asyncio.Event(), asyncio.Event()

        async def hesitates(scope: Any, receive: Any, send: Any) -> None:
            asked.set()
            await goes_on.wait()
            await sandbox_app(scope, receive, send)

        vars(service)["outbound_client"] = replace(service.outbound_client, sandbox=hesitates)
        coming_back = asyncio.ensure_future(service.oauth.finish(Actor(TENANT), SYSTEM.code, answer))
        await asked.wait()
        coming_back.cancel()
        await asyncio.sleep(0)
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await coming_back

    asyncio.run(leave())
    assert missing_fields(draft_of(service, TENANT)) == ()
    assert come_back(service, TENANT, answer) == "used_state"


def test_tokens_that_can_not_be_kept_are_no_approval(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> Draft:
        raise StorageFailed("full")

    answer = choose(start(service, TENANT))
    monkeypatch.setattr(Drafts, "store_tokens", full)
    assert come_back(service, TENANT, answer) == "unreachable"
    assert draft_of(service, TENANT).sealed == {}


@pytest.mark.parametrize("step", ["_draft_of", "_use_state"])
def test_a_database_that_does_not_answer_is_an_outcome(
    service: Service, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def locked(*arguments: object) -> Draft:
        raise StorageFailed("locked")

    address = start(service, TENANT)
    with monkeypatch.context() as failing:
        failing.setattr(OAuthService, step, locked)
        assert come_back(service, TENANT, choose(address)) == "unreachable"
    assert come_back(service, TENANT, choose(address)) == APPROVED


def test_the_outbound_client_is_made_ready_beside_the_loop(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: dict[str, set[int]] = {"client": set(), "certificates": set()}
    read_certificates: Callable[[OutboundClient], SSLContext] = vars(OutboundClient)["ssl_context"].fget

    def made() -> OutboundClient:
        threads["client"].add(get_ident())
        return service.outbound_client

    def read(outbound_client: OutboundClient) -> SSLContext:
        threads["certificates"].add(get_ident())
        return read_certificates(outbound_client)

    monkeypatch.setattr(OutboundClient, "ssl_context", property(read))
    answer = choose(start(service, TENANT))
    oauth = replace(service.oauth, endpoint=replace(service.token_endpoint, client_factory=made))
    assert asyncio.run(oauth.finish(Actor(TENANT), SYSTEM.code, answer)) == APPROVED
    assert all(found and get_ident() not in found for found in threads.values())


def test_an_approval_after_the_save_changes_nothing(service: Service) -> None:
    approved(service)
    late = choose(begin(service, TENANT))
    verified(service, TENANT)
    saved = save(service, TENANT)
    assert come_back(service, TENANT, late) == "foreign_state"
    kept = service.connections.one(Actor(TENANT), saved.id)
    assert kept is not None
    assert (kept.sealed, kept.last4, kept.values) == (saved.sealed, saved.last4, saved.values)
    with pytest.raises(DraftChanged):
        begin(service, TENANT)


def test_tokens_and_states_are_in_no_file_no_report_and_no_log(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = choose(start(service, TENANT))
    caplog.clear()  # the visit to the consent page was the browser's, and none of ours
    come_back(service, TENANT, answer)
    draft = draft_of(service, TENANT)
    before = opened(service, draft)
    renewed = refreshed(service, ended(service))
    report = verified(service, TENANT)
    secrets = [*before.values(), *opened(service, renewed).values(), answer["state"]]
    assert len(secrets) >= 2 * len(SEALED)
    for secret in secrets:
        assert secret.encode() not in bytes_on_disk(tmp_path)
        assert secret not in repr(report.to_json())
        assert secret not in repr(renewed)
        assert secret not in caplog.text
