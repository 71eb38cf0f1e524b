"""Several drafts of one tenant, each reached by its id, and by nobody else's."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest

from tests.walks import ACCOUNT, FORM, OTHER_HOST, SYSTEM, WORKS, all_passed, recorded
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import (
    ConnectionChanged,
    ConnectionNotFound,
    CredentialsLost,
    DraftChanged,
    DraftNotFound,
    NotFound,
    NotReady,
    SystemNotFound,
)
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.domain.subjects import ConnectionRef, DraftRef
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Connection, Draft, now
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.oauth import TokenGrant
from xtnd_wizard.ui.verifications import watch_verification
from xtnd_wizard.wizard import drafts as drafts_module
from xtnd_wizard.wizard.check_runner import Event, Identified
from xtnd_wizard.wizard.drafts import NEEDED_AGAIN
from xtnd_wizard.wizard.questions import open_questions
from xtnd_wizard.wizard.steps import Step, report_of
from xtnd_wizard.wizard.subjects import ref_of

ACTOR, STRANGER = Actor("a" * 64), Actor("b" * 64)
HOST = WORKS.values[API_URL]


def entered(service: Service, host: str = HOST) -> Draft:
    draft = service.drafts.create(ACTOR, SYSTEM.code, host)
    return service.drafts.enter(ACTOR, draft.id, {**WORKS.values, API_URL: host})


def saved(service: Service) -> Connection:
    report = recorded(service, draft := entered(service), all_passed(SYSTEM.code))
    return service.connections.save(ACTOR, draft.id, FORM, report.fingerprint)


def ids(drafts: object) -> list[str]:
    return [draft.id for draft in drafts]  # type: ignore[attr-defined]


def test_two_drafts_are_verified_side_by_side_and_each_is_saved(service: Service) -> None:
    drafts = [entered(service, HOST), entered(service, OTHER_HOST)]
    with ExitStack() as tabs:
        viewers = [
            tabs.enter_context(watch_verification(service.verification, ACTOR, DraftRef(draft.id))) for draft in drafts
        ]
        reports = [list(viewer.events())[-1] for viewer in viewers]
    assert [report_of(service.drafts.current(ACTOR, draft.id)) for draft in drafts] == reports
    first, second = (recorded(service, draft, all_passed(SYSTEM.code)) for draft in drafts)
    assert first.fingerprint != second.fingerprint
    connections = [
        service.connections.save(ACTOR, draft.id, FORM, report.fingerprint)
        for draft, report in zip(drafts, (first, second), strict=True)
    ]
    assert [connection.api_url for connection in connections] == [HOST, OTHER_HOST]
    assert [service.drafts.current(ACTOR, draft.id).connection_id for draft in drafts] == [c.id for c in connections]


def test_the_newest_is_the_one_that_was_touched_last(service: Service) -> None:
    first, second = entered(service), entered(service, OTHER_HOST)
    assert ids(service.drafts.all(ACTOR)) == [second.id, first.id]
    service.drafts.set_step(ACTOR, first.id, Step.OBTAIN)
    newest = service.drafts.newest(ACTOR)
    assert newest is not None
    assert newest.id == first.id
    assert service.drafts.newest(STRANGER) is None
    assert service.drafts.all(STRANGER) == []


def test_a_demo_and_a_saved_draft_make_way_where_they_are_open_and_no_other_does(service: Service) -> None:
    other = entered(service)
    before = service.drafts.start_demo(ACTOR, other.id, SYSTEM.code, WORKS)
    demo = service.drafts.start_demo(ACTOR, before.id, SYSTEM.code, WORKS)
    assert set(ids(service.drafts.all(ACTOR))) == {other.id, demo.id}
    report = recorded(service, demo, all_passed(SYSTEM.code))
    service.connections.save(ACTOR, demo.id, FORM, report.fingerprint)
    after = service.drafts.choose(ACTOR, demo.id, SYSTEM.code, HOST)
    assert set(ids(service.drafts.all(ACTOR))) == {other.id, after.id}
    assert service.drafts.choose(ACTOR, after.id, SYSTEM.code, OTHER_HOST).id == after.id
    assert service.drafts.current(ACTOR, other.id) == other


def test_beyond_the_most_the_saved_ones_make_way_and_then_those_touched_longest_ago(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts_module, "MOST_DRAFTS", 3)
    oldest = entered(service)
    saved(service)
    (done,) = set(ids(service.drafts.all(ACTOR))) - {oldest.id}
    theirs = service.drafts.create(STRANGER, SYSTEM.code, HOST)
    third, fourth = entered(service), entered(service)
    assert set(ids(service.drafts.all(ACTOR))) == {oldest.id, third.id, fourth.id}, f"{done} makes way"
    fifth = entered(service)
    assert set(ids(service.drafts.all(ACTOR))) == {third.id, fourth.id, fifth.id}
    assert ids(service.drafts.all(STRANGER)) == [theirs.id]


USES: dict[str, Callable[[Service, Actor, str], object]] = {
    "current": lambda service, actor, draft_id: service.drafts.current(actor, draft_id),
    "choose": lambda service, actor, draft_id: service.drafts.choose(actor, draft_id, SYSTEM.code, OTHER_HOST),
    "choose_auth_method": lambda service, actor, draft_id: service.drafts.choose_auth_method(actor, draft_id, ""),
    "enter": lambda service, actor, draft_id: service.drafts.enter(actor, draft_id, {API_URL: OTHER_HOST}),
    "confirm": lambda service, actor, draft_id: service.drafts.confirm(actor, draft_id, "secret", ""),
    "set_step": lambda service, actor, draft_id: service.drafts.set_step(actor, draft_id, Step.OBTAIN),
    "void_report": lambda service, actor, draft_id: service.drafts.void_report(actor, draft_id),
    "ask_again": lambda service, actor, draft_id: service.drafts.ask_again(actor, draft_id, frozenset(["secret"])),
    "store_tokens": lambda service, actor, draft_id: service.drafts.store_tokens(
        actor, draft_id, HOST, TokenGrant({"secret": Secret("theirs")}, 0)
    ),
    "keep": lambda service, actor, draft_id: service.host_questions.keep(actor, draft_id, HOST, "sitting"),
    "drop": lambda service, actor, draft_id: service.host_questions.drop(actor, draft_id),
    "open": lambda service, actor, draft_id: service.subjects.open(actor, DraftRef(draft_id)),
    "record": lambda service, actor, draft_id: service.subjects.record(
        actor, service.credentials.open(service.drafts.current(ACTOR, draft_id)), []
    ),
    "verify": lambda service, actor, draft_id: watch_verification(service.verification, actor, DraftRef(draft_id)),
    "existing_connection": lambda service, actor, draft_id: service.connections.existing_connection(actor, draft_id),
    "save": lambda service, actor, draft_id: service.connections.save(actor, draft_id, FORM, ""),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_another_tenants_draft_is_not_found_and_stays_as_it_is(
    service: Service, use: Callable[[Service, Actor, str], object]
) -> None:
    draft = entered(service)
    with pytest.raises(DraftNotFound):
        use(service, STRANGER, draft.id)
    assert service.drafts.current(ACTOR, draft.id) == draft


def test_another_tenants_draft_is_neither_discarded_nor_made_way_for_a_demo(service: Service) -> None:
    draft = entered(service)
    assert not service.drafts.discard(STRANGER, draft.id)
    demo = service.drafts.start_demo(STRANGER, draft.id, SYSTEM.code, WORKS)
    assert demo.tenant == STRANGER.tenant
    assert service.drafts.current(ACTOR, draft.id) == draft
    assert service.drafts.discard(ACTOR, draft.id)
    assert not service.drafts.discard(ACTOR, draft.id)


CONNECTION_USES: dict[str, Callable[[Service, Actor, str], object]] = {
    "one": lambda service, actor, connection_id: service.connections.one(actor, connection_id),
    "show_once": lambda service, actor, connection_id: service.handover.show_once(actor, connection_id),
    "open": lambda service, actor, connection_id: service.subjects.open(actor, ConnectionRef(connection_id)),
    "verify": lambda service, actor, connection_id: watch_verification(
        service.verification, actor, ConnectionRef(connection_id)
    ),
}


@pytest.mark.parametrize("use", CONNECTION_USES.values(), ids=CONNECTION_USES.keys())
def test_another_tenants_connection_is_not_found(
    service: Service, use: Callable[[Service, Actor, str], object]
) -> None:
    connection = saved(service)
    with pytest.raises(ConnectionNotFound):
        use(service, STRANGER, connection.id)
    assert service.handover.show_once(ACTOR, connection.id), "nobody was shown it before"


def test_a_drafts_id_is_no_connections_and_the_other_way_round(service: Service) -> None:
    connection, draft = saved(service), entered(service)
    for ref in (DraftRef(connection.id), ConnectionRef(draft.id)):
        with pytest.raises(NotFound):
            service.subjects.open(ACTOR, ref)
    assert (ref_of(connection), ref_of(draft)) == (ConnectionRef(connection.id), DraftRef(draft.id))


def test_a_saved_draft_is_verified_as_its_connection_only(service: Service) -> None:
    connection = saved(service)
    (draft,) = service.drafts.all(ACTOR)
    with pytest.raises(DraftChanged):
        service.subjects.open(ACTOR, DraftRef(draft.id))
    assert service.subjects.open(ACTOR, ConnectionRef(connection.id)).credentials.text(API_URL) == ""


def test_a_connection_that_passes_again_keeps_the_new_report_and_its_time(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved(service)
    later = now() + timedelta(days=30)
    monkeypatch.setattr("xtnd_wizard.wizard.subjects.now", lambda: later)
    with service.transactions.writing() as session:
        session.get_one(Connection, before.id).expires_at = None
    opened = service.subjects.open(ACTOR, ConnectionRef(before.id))
    report = service.subjects.record(ACTOR, opened, all_passed(SYSTEM.code))
    after = service.connections.one(ACTOR, before.id)
    assert report.passed
    assert (after.verified_at, after.report["fingerprint"]) == (later, report.fingerprint)
    assert report.fingerprint == before.report["fingerprint"], "it holds what the draft held"
    assert (after.sealed, after.saved_at, after.name) == (before.sealed, before.saved_at, before.name)


@pytest.mark.parametrize(
    "events",
    [all_passed(SYSTEM.code)[1:], [*all_passed(SYSTEM.code)[:-1], Identified(type(ACCOUNT)("7009", "Another"))]],
    ids=["with a check unanswered", "for another account"],
)
def test_any_other_report_is_returned_and_the_connection_stays_as_it_is(service: Service, events: list[Event]) -> None:
    before = service.connections.one(ACTOR, saved(service).id)
    opened = service.subjects.open(ACTOR, ConnectionRef(before.id))
    report = service.subjects.record(ACTOR, opened, events)
    assert report.findings
    assert service.connections.one(ACTOR, before.id) == before


def test_a_report_on_a_connection_that_was_saved_anew_meanwhile_is_not_kept(service: Service) -> None:
    connection = saved(service)
    opened = service.subjects.open(ACTOR, ConnectionRef(connection.id))
    report = recorded(service, draft := entered(service), all_passed(SYSTEM.code))
    service.connections.save(ACTOR, draft.id, FORM, report.fingerprint, update=connection.id)
    with pytest.raises(ConnectionChanged):
        service.subjects.record(ACTOR, opened, all_passed(SYSTEM.code))
    service.connections.delete(ACTOR, connection.id)
    with pytest.raises(ConnectionNotFound):
        service.subjects.record(ACTOR, opened, all_passed(SYSTEM.code))


def test_a_value_entered_anew_before_it_is_asked_for_again_is_kept(service: Service) -> None:
    draft = entered(service)
    name, other = sorted(draft.sealed)[:2]
    with service.transactions.writing() as session:
        row = session.get_one(Draft, draft.id)
        row.sealed = {**row.sealed, **dict.fromkeys((name, other), "no token of this vault")}
    with pytest.raises(CredentialsLost) as lost:
        service.credentials.open(service.drafts.current(ACTOR, draft.id))
    assert lost.value.names == {name, other}
    service.drafts.enter(ACTOR, draft.id, {name: Secret(WORKS.values[name])})
    service.drafts.ask_again(ACTOR, draft.id, lost.value.names)
    asked = service.drafts.current(ACTOR, draft.id)
    assert (name in asked.sealed, other in asked.sealed) == (True, False)
    assert asked.refusals == {other: NEEDED_AGAIN}


def test_an_unknown_system_is_refused_and_the_open_draft_stays(service: Service) -> None:
    draft = entered(service)
    begin: tuple[Callable[[], Draft], ...] = (
        lambda: service.drafts.create(ACTOR, "unknown", HOST),
        lambda: service.drafts.choose(ACTOR, draft.id, "unknown", HOST),
        lambda: service.drafts.start_demo(ACTOR, draft.id, "unknown", WORKS),
    )
    for use_case in begin:
        with pytest.raises(SystemNotFound):
            use_case()
    assert ids(service.drafts.all(ACTOR)) == [draft.id]


def test_two_values_that_changed_places_change_back_and_an_older_question_does_not_count(service: Service) -> None:
    key, password = (Secret(WORKS.values[name]) for name in ("access_token", "secret"))
    draft = service.drafts.create(ACTOR, SYSTEM.code, HOST)
    swapped = service.drafts.enter(ACTOR, draft.id, {"access_token": password, "secret": key})
    (asked,) = open_questions(swapped).values()
    assert (asked.field, asked.swapped_with) == ("access_token", "secret")
    with pytest.raises(NotReady):
        service.subjects.open(ACTOR, DraftRef(draft.id))
    for digest, use in (("older", ACTOR), (asked.digest, STRANGER)):
        with pytest.raises((DraftChanged, DraftNotFound)):
            service.drafts.swap(use, draft.id, "access_token", digest)
    after = service.drafts.swap(ACTOR, draft.id, "access_token", asked.digest)
    assert open_questions(after) == {}
    opened = service.subjects.open(ACTOR, DraftRef(draft.id)).credentials
    assert (opened.secret("access_token"), opened.secret("secret")) == (key, password)


def test_a_message_fills_all_fields_and_one_in_a_field_replaces_nothing_that_is_there(service: Service) -> None:
    key, password = WORKS.values["access_token"], WORKS.values["secret"]
    draft = service.drafts.create(ACTOR, SYSTEM.code, HOST)
    entered, report = service.drafts.read_message(ACTOR, draft.id, Secret(f"key: {key}\npassword: {password}"))
    assert set(report.found) == set(entered.sealed) == {"access_token", "secret"}
    other = Secret(f"API key: 0badc0de-5eed-4a11-8bad-0000feedbeef\npassword: another one\nhost name: {HOST}")
    service.drafts.enter(ACTOR, draft.id, {"secret": other})
    opened = service.subjects.open(ACTOR, DraftRef(draft.id)).credentials
    assert (opened.secret("access_token"), opened.secret("secret")) == (Secret(key), Secret("another one"))
    with pytest.raises(DraftNotFound):
        service.drafts.read_message(STRANGER, draft.id, other)
