"""Tokens that end: renewed at the channel by one at a time, and told apart where that fails."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from tests.walks import Tab, credentials_of, draft_of, save, verified
from tests.watching import watched
from tests.wizard.approving import (
    EMPTY_HANDED,
    HOST,
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
)
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import ConnectionChanged, DraftNotFound, OAuthRefused
from xtnd_wizard.domain.findings import Finding, Report
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.domain.subjects import ConnectionRef
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.sandbox import sandbox_app
from xtnd_wizard.service import Service
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import VERIFIED, Connection, Draft, now
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.wizard import renewal as renewal_module
from xtnd_wizard.wizard.approvals import APPROVED
from xtnd_wizard.wizard.connections import Connections, found_connection
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.steps import missing_fields, report_of
from xtnd_wizard.wizard.token_endpoint import TokenEndpoint
from xtnd_wizard.wizard.verification import Progress


def test_tokens_that_are_still_good_are_left_alone(service: Service) -> None:
    messages, draft = Messages(service), approved(service)
    assert refreshed(service, draft) is draft
    rehearsed = Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    assert refreshed(service, rehearsed) is rehearsed
    assert messages.grants == ["authorization_code"]


def test_tokens_that_end_soon_are_renewed_and_the_old_ones_are_gone(service: Service) -> None:
    before = opened(service, approved(service))
    renewed = refreshed(service, ended(service))
    after = opened(service, draft_of(service, TENANT))
    assert after == opened(service, renewed)
    assert after != before
    assert refreshed(service, renewed) is renewed
    assert verified(service, TENANT).passed


def test_two_threads_that_renew_at_once_call_the_channel_once(service: Service) -> None:
    approved(service)
    messages, draft, together = Messages(service), ended(service), Barrier(2)

    def renew() -> Draft:
        together.wait()
        return refreshed(service, draft)

    with ThreadPoolExecutor(2) as pool:
        first, second = (found.result() for found in [pool.submit(renew) for _ in range(2)])
    assert messages.grants == ["refresh_token"]
    assert first.sealed == second.sealed


def use_up(service: Service, draft: Draft) -> None:
    """Renew at the channel, and crash before what it gave is kept."""
    assert SYSTEM.oauth is not None
    flow, client, credentials = SYSTEM.oauth, SYSTEM.oauth.sandbox_client, credentials_of(service, draft)
    asyncio.run(
        service.token_endpoint.fetch(
            flow, draft, Actor(draft.tenant), lambda transport: flow.renew(transport, client, credentials)
        )
    )


def test_a_crash_between_use_and_save_is_survived(service: Service) -> None:
    approved(service)
    messages = Messages(service)
    use_up(service, draft_of(service, TENANT))
    draft = ended(service, lease_id="of the crashed", lease_until=now() - timedelta(seconds=1))
    renewed = refreshed(service, draft)
    assert messages.grants == ["refresh_token", "refresh_token", "client_credentials"]
    assert (renewed.lease_id, renewed.lease_until) == ("", None)
    assert missing_fields(renewed) == ()
    assert verified(service, TENANT).passed
    again = refreshed(service, ended(service))
    assert messages.grants[3:] == ["client_credentials"], "a token that is known to be void is not tried"
    assert missing_fields(again) == ()


def test_a_claim_left_behind_by_a_crash_is_waited_for_and_then_taken_over(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(service)
    messages, clock = Messages(service), [now()]
    monkeypatch.setattr(renewal_module, "now", lambda: clock[0])

    async def later(seconds: float) -> None:
        clock.append(clock.pop() + timedelta(seconds=1))

    monkeypatch.setattr(asyncio, "sleep", later)
    began = clock[0]
    draft = ended(service, lease_id="of the crashed", lease_until=began + timedelta(seconds=9))
    refreshed(service, draft)
    assert clock[0] >= began + timedelta(seconds=9)
    assert messages.grants == ["refresh_token"]


def test_a_claim_outlives_the_deadline_of_its_call(service: Service) -> None:
    approved(service)
    leased = service.renewal._lease(ended(service), "ours")
    assert leased is not None
    assert leased.lease_until is not None
    assert leased.lease_until > now() + timedelta(seconds=service.settings.check_seconds)


def lost(service: Service) -> Draft:
    """A draft whose approval can't be renewed any more."""
    draft = approved(service)
    use_up(service, draft)
    with service.transactions.writing() as session:
        stored = queries.newest_draft(session, TENANT, now())
        assert stored is not None
        stored.values = {API_URL: HOST}
    return ended(service)


def refused_before_the_checks(service: Service) -> Finding:
    """The one finding of a verification that came to no check."""
    (found,), report = watched(service, TENANT)
    assert isinstance(found, Finding)
    assert report_of(draft_of(service, TENANT)) == report
    assert report.primary_failure == found
    return found


def test_where_nothing_helps_the_approval_is_said_to_be_lost(service: Service) -> None:
    draft = lost(service)
    with pytest.raises(OAuthRefused):
        refreshed(service, draft)
    assert draft_of(service, TENANT).lease_until is None
    found = refused_before_the_checks(service)
    assert (found.check, found.problem_code) == ("key", ProblemCode.CONSENT_LOST)
    assert come_back(service, TENANT, choose(begin(service, TENANT))) == APPROVED


def test_a_renewal_without_a_registration_is_our_trouble(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(service)
    ended(service)
    monkeypatch.setattr(TokenEndpoint, "client", lambda endpoint, system_code, api_url: None)
    found = refused_before_the_checks(service)
    assert found.problem_code is ProblemCode.OUR_APP_REFUSED


def test_a_registration_that_the_channel_refuses_is_our_trouble(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(service)
    draft = ended(service)
    stranger = OAuthClient("nobody", Secret("nothing"))
    monkeypatch.setattr(TokenEndpoint, "client", lambda endpoint, system_code, api_url: stranger)
    found = refused_before_the_checks(service)
    assert found.problem_code is ProblemCode.OUR_APP_REFUSED
    assert draft_of(service, TENANT).sealed == draft.sealed


async def down(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_a_channel_that_is_down_takes_nothing_away(service: Service) -> None:
    approved(service)
    draft = ended(service)

    working = service.outbound_client
    vars(service)["outbound_client"] = replace(working, sandbox=down)
    with pytest.raises(RequestFailed) as raised:
        refreshed(service, draft)
    assert raised.value.facts["host"]
    found = refused_before_the_checks(service)
    assert found.problem_code is ProblemCode.UPSTREAM_DOWN
    vars(service)["outbound_client"] = working
    assert verified(service, TENANT).passed
    renewed = refreshed(service, draft_of(service, TENANT))
    assert renewed.tokens_expire_at is not None
    assert draft.tokens_expire_at is not None
    assert renewed.tokens_expire_at > draft.tokens_expire_at


def test_a_draft_that_goes_away_while_it_is_renewed_takes_no_tokens(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(service)
    draft, store_tokens = ended(service), Drafts.store_tokens

    def meanwhile(drafts: Drafts, *arguments: Any) -> Draft:
        Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
        return store_tokens(drafts, *arguments)

    monkeypatch.setattr(Drafts, "store_tokens", meanwhile)
    with pytest.raises(DraftNotFound):
        refreshed(service, draft)
    assert draft_of(service, TENANT).sealed == {}


def test_a_renewal_that_comes_back_late_does_not_undo_a_newer_approval(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(service)
    draft, store_tokens = ended(service), Drafts.store_tokens
    newer: list[dict[str, str]] = []

    def meanwhile(drafts: Drafts, *arguments: Any) -> Draft:
        monkeypatch.setattr(Drafts, "store_tokens", store_tokens)
        newer.append(opened(service, approved(service)))
        return store_tokens(drafts, *arguments)

    monkeypatch.setattr(Drafts, "store_tokens", meanwhile)
    with pytest.raises(DraftNotFound):
        refreshed(service, draft)
    assert opened(service, draft_of(service, TENANT)) == newer[0]


def left_during_a_renewal(service: Service, answer: Callable[..., Awaitable[None]]) -> None:
    """Renew, be cancelled once the channel is asked, and let it answer only then."""
    draft, working = ended(service), service.outbound_client

    async def leave() -> None:
        asked, goes_on = asyncio.Event(), asyncio.Event()

        async def hesitates(scope: Any, receive: Any, send: Any) -> None:
            asked.set()
            await goes_on.wait()
            await answer(scope, receive, send)

        vars(service)["outbound_client"] = replace(working, sandbox=hesitates)
        renewing = asyncio.ensure_future(service.renewal.renewed(Actor(TENANT), draft))
        await asked.wait()
        assert draft_of(service, TENANT).lease_until is not None
        renewing.cancel()
        await asyncio.sleep(0)
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await renewing

    asyncio.run(leave())
    assert (draft_of(service, TENANT).lease_id, draft_of(service, TENANT).lease_until) == ("", None)
    vars(service)["outbound_client"] = working


def test_whoever_is_cancelled_during_a_renewal_keeps_what_the_channel_gave(service: Service) -> None:
    before = opened(service, approved(service))
    left_during_a_renewal(service, sandbox_app)
    after = draft_of(service, TENANT)
    assert opened(service, after) != before
    assert refreshed(service, after).sealed == after.sealed
    assert verified(service, TENANT).passed


def test_whoever_is_cancelled_during_a_renewal_that_fails_gives_the_lease_back(service: Service) -> None:
    draft = approved(service)
    left_during_a_renewal(service, down)
    assert draft_of(service, TENANT).sealed == draft.sealed
    assert refreshed(service, draft_of(service, TENANT)).sealed != draft.sealed


def saved_and_ended(service: Service) -> Connection:
    """A connection that an approval made, with tokens that are about to end."""
    draft = approved(service)
    assert verified(service, TENANT).passed
    connection = save(service, TENANT)
    assert connection.tokens_expire_at == draft.tokens_expire_at
    with service.transactions.writing() as session:
        stored = found_connection(queries.connection(session, TENANT, connection.id, now()))
        stored.tokens_expire_at = now() + timedelta(seconds=30)
        return stored


def verify_saved(service: Service, connection: Connection) -> list[Progress]:
    """What comes of verifying a connection, without a screen."""

    async def verify() -> list[Progress]:
        return [event async for event in service.verification.verify(Actor(TENANT), ConnectionRef(connection.id))]

    return asyncio.run(verify())


def test_a_saved_connection_is_renewed_and_verified_as_a_draft_is(service: Service) -> None:
    before = saved_and_ended(service)
    messages = Messages(service)
    reports = [verify_saved(service, before)[-1] for _ in range(2)]
    assert [isinstance(report, Report) and report.passed for report in reports] == [True, True]
    assert messages.grants == ["refresh_token"], "the second time its tokens are still good"
    after = service.connections.one(Actor(TENANT), before.id)
    assert after.sealed.keys() == before.sealed.keys()
    assert after.sealed != before.sealed
    assert after.tokens_expire_at is not None
    assert after.tokens_expire_at > now() + timedelta(minutes=30)
    assert after.verified_at > before.verified_at
    assert (after.status, after.lease_id, after.lease_until) == (VERIFIED, "", None)


def test_two_who_verify_a_saved_connection_at_once_renew_it_once(service: Service) -> None:
    connection = saved_and_ended(service)
    messages, renewal = Messages(service), service.renewal

    async def together() -> list[Any]:
        return await asyncio.gather(*(renewal.renewed(Actor(TENANT), connection) for _ in range(2)))

    first, second = asyncio.run(together())
    assert messages.grants == ["refresh_token"]
    assert first.sealed == second.sealed != connection.sealed


def test_a_connection_that_is_saved_anew_during_a_renewal_keeps_the_newer_tokens(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, store_tokens = saved_and_ended(service), Connections.store_tokens
    newer: list[Connection] = []

    def meanwhile(connections: Connections, *arguments: Any) -> Connection:
        approved(service)
        assert verified(service, TENANT).passed
        newer.append(save(service, TENANT, update=connection.id))
        return store_tokens(connections, *arguments)

    monkeypatch.setattr(Connections, "store_tokens", meanwhile)
    with pytest.raises(ConnectionChanged):
        verify_saved(service, connection)
    kept = service.connections.one(Actor(TENANT), connection.id)
    assert [(kept.sealed, kept.status, kept.lease_id)] == [(found.sealed, VERIFIED, "") for found in newer]


def test_a_channel_that_is_down_takes_nothing_from_a_saved_connection(service: Service) -> None:
    before, working = saved_and_ended(service), service.outbound_client
    vars(service)["outbound_client"] = replace(working, sandbox=down)
    found, report = verify_saved(service, before)
    assert isinstance(found, Finding)
    assert isinstance(report, Report)
    assert found.problem_code is ProblemCode.UPSTREAM_DOWN
    assert not report.passed
    assert service.connections.one(Actor(TENANT), before.id) == before
    vars(service)["outbound_client"] = working
    assert isinstance(last := verify_saved(service, before)[-1], Report)
    assert last.passed
