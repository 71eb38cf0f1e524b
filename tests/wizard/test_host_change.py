"""A sealed value belongs to one host: whoever changes the host takes no value along, unless who entered it says so."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.walks import OTHER_HOST, SYSTEM, WORKS, Tab, credentials_of, draft_of, ready_to_save, save
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftChanged, DraftNotFound, NotAsked, NotReady
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.storage.engine import writing
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.storage.seal_contexts import draft_seal_context
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.cleaning import LONGEST_TEXT
from xtnd_wizard.systems.contract import API_URL, TOO_LONG, System
from xtnd_wizard.systems.oauth import TokenGrant
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.vault import DecryptionError
from xtnd_wizard.wizard import host_change as host_change_module
from xtnd_wizard.wizard.host_change import FOR_ANOTHER_HOST, left_for_another_host
from xtnd_wizard.wizard.steps import Step, first_unfinished

TENANT, ANOTHER = "a" * 64, "b" * 64
HOST, THIRD = WORKS.values[API_URL], "shop.nowhere.se"
SECRETS = {name: WORKS.values[name] for name in SYSTEM.sealed_fields_of("")}
MINE, THEIRS = "this very sitting", "another sitting with the same cookie"
WAYS_IN = ["choose", "enter"]


def entered(service: Service, sitting: str = MINE) -> Draft:
    Tab(service, TENANT).choose(SYSTEM.code, HOST, sitting)
    return Tab(service, TENANT).enter(SECRETS, sitting)


def go_to(service: Service, host: str, sitting: str = "", way_in: str = "enter") -> Draft:
    if way_in == "choose":
        return Tab(service, TENANT).choose(SYSTEM.code, host, sitting)
    return Tab(service, TENANT).enter({API_URL: host}, sitting)


def sent(service: Service) -> dict[str, Secret | str]:
    """The secrets that a check would send now."""
    values = credentials_of(service, draft_of(service, TENANT)).values
    return {name: value for name, value in values.items() if isinstance(value, Secret)}


def all_of(secrets: dict[str, str]) -> dict[str, Secret]:
    return {name: Secret(text) for name, text in secrets.items()}


@pytest.mark.parametrize("way_in", WAYS_IN)
@pytest.mark.parametrize("sitting", ["", THEIRS])
def test_a_visitor_with_the_cookie_alone_makes_no_key_go_to_another_host(
    service: Service, way_in: str, sitting: str
) -> None:
    entered(service)
    draft = go_to(service, OTHER_HOST, sitting, way_in)
    assert (draft.sealed, draft.last4, draft.set_aside) == ({}, {}, {})
    assert sent(service) == {}
    assert set(left_for_another_host(draft)) == SECRETS.keys()
    assert service.host_questions.pending(Actor(draft.tenant), draft.id, sitting) is None
    with pytest.raises(NotAsked):
        Tab(service, TENANT).keep(OTHER_HOST, sitting)
    assert first_unfinished(draft) is Step.ENTER


@pytest.mark.parametrize("way_in", WAYS_IN)
def test_who_entered_the_values_is_asked_and_until_then_nothing_can_be_sent(service: Service, way_in: str) -> None:
    entered(service)
    draft = go_to(service, OTHER_HOST, MINE, way_in)
    assert sent(service) == {}
    asked = service.host_questions.pending(Actor(draft.tenant), draft.id, MINE)
    assert asked is not None
    assert (set(asked.fields), asked.old, asked.new) == (set(SECRETS), HOST, OTHER_HOST)
    for name, token in draft.set_aside["sealed"].items():
        assert service.vault.open(token, draft_seal_context(draft, name, HOST)) == Secret(SECRETS[name])
        with pytest.raises(DecryptionError):
            service.vault.open(token, draft_seal_context(draft, name, OTHER_HOST))


def test_one_answer_that_names_the_new_host_keeps_the_values_for_it(service: Service) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    draft = Tab(service, TENANT).keep(OTHER_HOST, MINE)
    assert sent(service) == all_of(SECRETS)
    assert draft.set_aside == {}
    assert left_for_another_host(draft) == ()
    assert draft.last4["access_token"] == SECRETS["access_token"][-4:]
    assert draft.step == Step.VERIFY
    with pytest.raises(NotAsked):
        Tab(service, TENANT).keep(OTHER_HOST, MINE)
    assert service.host_questions.entered_in(Actor(draft.tenant), draft.id, MINE) == SECRETS.keys(), (
        "the next change asks again"
    )


@pytest.mark.parametrize("sitting", ["", THEIRS])
def test_the_question_is_nobody_elses_to_answer(service: Service, sitting: str) -> None:
    entered(service)
    draft = go_to(service, OTHER_HOST, MINE)
    assert service.host_questions.pending(Actor(draft.tenant), draft.id, sitting) is None
    with pytest.raises(NotAsked):
        Tab(service, TENANT).keep(OTHER_HOST, sitting)
    assert sent(service) == {}
    Tab(service, TENANT).keep(OTHER_HOST, MINE)


def test_an_answer_for_a_host_that_was_not_asked_about_keeps_nothing(service: Service) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    for host in (HOST, THIRD, "", f"{OTHER_HOST}/"):
        with pytest.raises(NotAsked):
            Tab(service, TENANT).keep(host, MINE)
    assert sent(service) == {}


@pytest.mark.parametrize("sitting", [MINE, THEIRS])
def test_what_was_set_aside_does_not_survive_a_change_to_a_third_host_and_that_is_said(
    service: Service, sitting: str
) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    draft = go_to(service, THIRD, sitting)
    assert draft.set_aside == {}
    assert sent(service) == {}
    assert set(left_for_another_host(draft)) == SECRETS.keys()
    for host in (HOST, OTHER_HOST, THIRD):
        with pytest.raises(NotAsked):
            Tab(service, TENANT).keep(host, MINE)


@pytest.mark.parametrize("way_in", WAYS_IN)
@pytest.mark.parametrize("sitting", [MINE, THEIRS])
def test_what_was_set_aside_is_there_again_at_the_host_it_was_entered_for(
    service: Service, sitting: str, way_in: str
) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    draft = go_to(service, HOST, sitting, way_in)
    assert sent(service) == all_of(SECRETS)
    assert (draft.set_aside, left_for_another_host(draft)) == ({}, ())
    assert service.host_questions.entered_in(Actor(draft.tenant), draft.id, MINE) == SECRETS.keys()


def test_what_was_set_aside_too_long_ago_does_not_come_back(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    later = now() + timedelta(minutes=31)
    monkeypatch.setattr(host_change_module, "now", lambda: later)
    draft = go_to(service, HOST, MINE)
    assert sent(service) == {}
    assert set(left_for_another_host(draft)) == SECRETS.keys()


def test_an_address_that_can_not_be_used_is_no_host_to_follow_to(service: Service) -> None:
    entered(service)
    go_to(service, "me@shop.example.com", THEIRS)
    with pytest.raises(NotReady):
        credentials_of(service, draft_of(service, TENANT))
    go_to(service, OTHER_HOST, THEIRS)
    assert sent(service) == {}


def test_an_address_that_could_not_be_used_and_was_mended_takes_nothing_away(service: Service) -> None:
    entered(service)
    go_to(service, "me@shop.example.com", THEIRS)
    go_to(service, HOST, THEIRS)
    assert sent(service) == all_of(SECRETS)


def test_a_value_typed_beside_an_unusable_address_is_for_the_host_before(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST, MINE)
    Tab(service, TENANT).enter({**SECRETS, API_URL: "me@shop.example.com"}, MINE)
    go_to(service, OTHER_HOST, THEIRS)
    assert sent(service) == {}


def test_values_entered_before_there_was_any_host_go_to_none_by_themselves(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, "me@shop.example.com", MINE)
    Tab(service, TENANT).enter(SECRETS, MINE)
    draft = go_to(service, OTHER_HOST, MINE)
    assert sent(service) == {}
    assert service.host_questions.pending(Actor(draft.tenant), draft.id, MINE) is None


@pytest.mark.parametrize("spelling", [f"https://{HOST.upper()}/", f" {HOST}. ", f"{HOST}/login?x=1#y", f"{HOST}:443"])
@pytest.mark.parametrize("way_in", WAYS_IN)
def test_the_same_host_in_another_spelling_is_no_change(service: Service, spelling: str, way_in: str) -> None:
    entered(service)
    assert left_for_another_host(go_to(service, spelling, "", way_in)) == ()
    assert sent(service) == all_of(SECRETS)


FOLDERED = [found for found in all_systems() if found.hosts.sub_path(("butik",))]


@pytest.mark.parametrize("system", FOLDERED, ids=lambda found: found.code)
def test_another_folder_of_the_same_host_is_the_same_receiver(service: Service, system: System) -> None:
    Tab(service, TENANT).start_demo(system.code, system.sandbox.scenarios[0])
    typed = {name: text for name, text in system.sandbox.scenarios[0].values.items() if name != API_URL}
    Tab(service, TENANT).choose(system.code, "shop.nowhere.se")
    Tab(service, TENANT).enter(typed)
    before = sent(service)
    assert before
    draft = Tab(service, TENANT).enter({API_URL: "https://shop.nowhere.se/butik"})
    assert draft.values[API_URL] == "shop.nowhere.se/butik"
    assert sent(service) == before
    Tab(service, TENANT).enter({API_URL: "https://butik.nowhere.se/butik"})
    assert sent(service) == {}


def test_what_is_typed_in_the_submit_that_changes_the_host_is_for_the_new_one(service: Service) -> None:
    entered(service)
    draft = Tab(service, TENANT).enter({API_URL: OTHER_HOST, "access_token": "a-new-key-for-the-other-host"}, THEIRS)
    assert sent(service) == {"access_token": Secret("a-new-key-for-the-other-host")}
    assert left_for_another_host(draft) == ("secret",)


def test_a_field_sent_along_empty_was_not_typed(service: Service) -> None:
    entered(service)
    Tab(service, TENANT).enter({API_URL: OTHER_HOST, "access_token": "", "secret": "  "}, THEIRS)
    assert sent(service) == {}


def test_what_is_typed_while_the_question_stands_is_not_asked_about_any_more(service: Service) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    draft = Tab(service, TENANT).enter({"access_token": "a-new-key-for-the-other-host"}, MINE)
    asked = service.host_questions.pending(Actor(draft.tenant), draft.id, MINE)
    assert asked is not None
    assert asked.fields == ("secret",)
    Tab(service, TENANT).keep(OTHER_HOST, MINE)
    assert sent(service) == all_of({"access_token": "a-new-key-for-the-other-host", "secret": SECRETS["secret"]})


def test_a_value_that_another_sitting_replaced_is_not_mine_to_take_along(service: Service) -> None:
    entered(service, THEIRS)
    Tab(service, TENANT).enter({"access_token": SECRETS["access_token"], "secret": SECRETS["secret"]}, MINE)
    Tab(service, TENANT).enter({"access_token": "the-key-of-the-true-owner"}, "")
    draft = go_to(service, OTHER_HOST, MINE)
    assert draft.set_aside["sealed"].keys() == {"secret"}
    go_to(service, THIRD, THEIRS)
    assert sent(service) == {}


def test_an_answer_of_no_drops_the_values_and_says_so_at_their_fields(service: Service) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    Tab(service, TENANT).drop()
    draft = draft_of(service, TENANT)
    assert draft.set_aside == {}
    assert {name: draft.notes[name] for name in SECRETS} == {name: [FOR_ANOTHER_HOST] for name in SECRETS}
    with pytest.raises(NotAsked):
        Tab(service, TENANT).keep(OTHER_HOST, MINE)


def test_the_question_does_not_stand_for_ever(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    entered(service)
    until = go_to(service, OTHER_HOST, MINE).set_aside_until
    assert until is not None
    monkeypatch.setattr(host_change_module, "now", lambda: until)
    assert service.host_questions.pending(Actor(TENANT), draft_of(service, TENANT).id, MINE) is None
    with pytest.raises(NotAsked):
        Tab(service, TENANT).keep(OTHER_HOST, MINE)


def test_a_question_that_nobody_answered_is_purged_with_its_values(service: Service) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    with service.transactions.writing() as session:
        draft = session.get(Draft, draft_of(service, TENANT).id)
        assert draft is not None
        draft.set_aside_until = now() - timedelta(seconds=1)
    service.drafts.purge()
    draft = draft_of(service, TENANT)
    assert draft.set_aside == {}
    assert set(left_for_another_host(draft)) == SECRETS.keys()


def test_a_save_forgets_what_was_set_aside(service: Service) -> None:
    ready_to_save(service, TENANT)
    with service.transactions.writing() as session:
        draft = session.get(Draft, draft_of(service, TENANT).id)
        assert draft is not None
        draft.set_aside = {"for": OTHER_HOST, "sealed": {"secret": "v1.token"}, "entered_by": {"secret": "x"}}
    save(service, TENANT)
    assert draft_of(service, TENANT).set_aside == {}


def test_a_question_edited_in_the_database_is_void(service: Service) -> None:
    entered(service)
    aside = go_to(service, OTHER_HOST, MINE).set_aside
    with writing(service.engine) as session:
        session.execute(update(Draft).values(values={API_URL: THIRD}, sealed_for=THIRD, set_aside=aside))
    for host in (OTHER_HOST, THIRD):
        with pytest.raises(NotAsked):
            Tab(service, TENANT).keep(host, MINE)
    assert sent(service) == {}


def test_between_a_sandbox_system_and_a_real_one_nobody_is_asked(service: Service) -> None:
    entered(service)
    draft = go_to(service, THIRD, MINE)
    assert (draft.sealed, draft.set_aside) == ({}, {})
    Tab(service, TENANT).enter(SECRETS, MINE)
    draft = go_to(service, HOST, MINE)
    assert (draft.sealed, draft.set_aside) == ({}, {})


def test_a_demo_brings_values_of_its_own_and_none_of_the_drafts(service: Service) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    draft = Tab(service, TENANT).start_demo(SYSTEM.code, Scenario("bare", {API_URL: HOST}), MINE)
    assert (draft.sealed, draft.set_aside) == ({}, {})


def test_the_question_is_about_this_draft_only(service: Service) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    Tab(service, TENANT).discard()
    Tab(service, TENANT).choose(SYSTEM.code, OTHER_HOST, MINE)
    with pytest.raises(NotAsked):
        Tab(service, TENANT).keep(OTHER_HOST, MINE)
    with pytest.raises(DraftNotFound):
        Tab(service, ANOTHER).keep(OTHER_HOST, MINE)


def test_a_sitting_is_kept_as_a_digest_only(service: Service) -> None:
    stored = repr(entered(service).model_dump())
    assert MINE not in stored


def test_an_origin_trusted_no_longer_counts_as_another_host(service: Service) -> None:
    trusted = "http://127.0.0.1:9000"
    vars(service.credentials)["trusted_origins"] = (trusted,)
    Tab(service, TENANT).choose(SYSTEM.code, trusted)
    Tab(service, TENANT).enter(SECRETS)
    assert sent(service) == all_of(SECRETS)
    vars(service.credentials)["trusted_origins"] = ()
    go_to(service, THIRD)
    assert sent(service) == {}


def test_an_approval_that_comes_back_for_the_host_before_gives_the_new_one_nothing(service: Service) -> None:
    before = entered(service)
    go_to(service, OTHER_HOST, MINE)
    with pytest.raises(DraftChanged):
        service.drafts.store_tokens(
            Actor(TENANT), before.id, HOST, TokenGrant({"access_token": Secret("approved for the host before")}, 0)
        )
    assert sent(service) == {}


def test_an_approval_is_no_value_that_was_entered_in_a_sitting(service: Service) -> None:
    draft = entered(service)
    held = service.drafts.store_tokens(
        Actor(TENANT), draft.id, HOST, TokenGrant({"access_token": Secret("approved at the channel")}, 0)
    )
    assert service.host_questions.entered_in(Actor(held.tenant), held.id, MINE) == {"secret"}


def test_a_field_left_empty_on_the_way_back_to_the_old_host_is_refused_no_more(service: Service) -> None:
    entered(service)
    blank = dict.fromkeys(SECRETS, Secret(""))
    away = Tab(service, TENANT).enter({API_URL: OTHER_HOST, **blank}, MINE)
    assert away.set_aside["sealed"].keys() == SECRETS.keys()
    assert Tab(service, TENANT).enter(blank, MINE).refusals.keys() == SECRETS.keys()
    back = Tab(service, TENANT).enter({API_URL: HOST, **blank}, MINE)
    assert back.refusals == {}
    assert sent(service) == all_of(SECRETS)


def test_a_value_that_is_too_long_on_the_way_back_to_the_old_host_is_said_to_be(service: Service) -> None:
    entered(service)
    go_to(service, OTHER_HOST, MINE)
    too_long = Secret("x" * (LONGEST_TEXT + 1))
    back = Tab(service, TENANT).enter({API_URL: HOST, "access_token": too_long, "secret": Secret("")}, MINE)
    assert back.refusals == {"access_token": TOO_LONG}
    assert back.sealed.keys() == {"secret"}, "as where no host changes, it takes the old value away"
    assert first_unfinished(back) is Step.ENTER
