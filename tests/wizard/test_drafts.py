"""What a merchant entered: kept, cleaned, sealed, and bound to the report on exactly that."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col, select

from tests.walks import (
    MARKER_KEY,
    MARKER_PASSWORD,
    OTHER_HOST,
    SYSTEM,
    WORKS,
    Tab,
    all_passed,
    bytes_on_disk,
    credentials_of,
    declared,
    draft_of,
    key_refused,
    ready_to_save,
    recorded,
    running,
    save,
)
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import CredentialsLost, DraftChanged, DraftNotFound
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.domain.subjects import DraftRef
from xtnd_wizard.service import Service
from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.storage.seal_contexts import draft_seal_context
from xtnd_wizard.systems.contract import TOO_LONG
from xtnd_wizard.vault import KeyRing, Vault
from xtnd_wizard.wizard import drafts as drafts_module
from xtnd_wizard.wizard.drafts import NEEDED_AGAIN
from xtnd_wizard.wizard.entering import EMPTY
from xtnd_wizard.wizard.steps import Step, first_unfinished, missing_fields, report_of

TENANT, ANOTHER = "a" * 64, "b" * 64
HOST = WORKS.values["api_url"]


def with_another_ring(service: Service) -> Service:
    """The service of somebody who lost the key ring and made another."""
    return Service(service.settings, service.engine, Vault(KeyRing.new()))


def filled_in(service: Service, tenant: str = TENANT) -> Draft:
    Tab(service, tenant).choose(SYSTEM.code, HOST)
    return Tab(service, tenant).enter({"access_token": MARKER_KEY, "secret": MARKER_PASSWORD, "api_url": HOST})


def test_nobody_has_a_draft_before_choosing(service: Service) -> None:
    assert Tab(service, TENANT).draft is None


def test_a_chosen_host_is_kept_and_the_guide_comes_next(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, f"https://{HOST}/login?next=1")
    draft = draft_of(service, TENANT)
    assert (draft.system, draft.values["api_url"], draft.step) == (SYSTEM.code, HOST, Step.OBTAIN)
    assert draft.notes["api_url"]


def test_a_reload_keeps_everything(tmp_path: Path) -> None:
    with running(tmp_path) as before:
        entered = filled_in(before)
    with running(tmp_path) as after:
        draft = draft_of(after, TENANT)
        assert draft.model_dump() == entered.model_dump()
        assert credentials_of(after, draft).secret("access_token") == Secret(MARKER_KEY)
        assert credentials_of(after, draft).secret("secret") == Secret(MARKER_PASSWORD)


def test_entered_values_are_cleaned_by_the_rules_of_their_fields(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    typed = {"access_token": f"  “{MARKER_KEY}”\n", "secret": f"{MARKER_PASSWORD} \n"}
    draft = Tab(service, TENANT).enter(typed)
    for name, text in typed.items():
        cleaned = SYSTEM.clean(name, text)
        assert credentials_of(service, draft).secret(name) == Secret(cleaned.value)
        assert draft.notes[name] == list(cleaned.remarks.notes)


def test_a_value_is_taken_as_a_secret_just_as_in_clear(service: Service) -> None:
    tab = Tab(service, TENANT)
    tab.choose(SYSTEM.code, HOST)
    tab.enter({"access_token": Secret(f" {MARKER_KEY}"), "secret": MARKER_PASSWORD})
    draft = tab.enter({"access_token": Secret(" \n"), "secret": Secret("")})
    credentials = credentials_of(service, draft)
    assert credentials.secret("access_token") == Secret(MARKER_KEY)
    assert credentials.secret("secret") == Secret(MARKER_PASSWORD)


def test_a_field_that_is_kept_in_clear_takes_no_secret(service: Service) -> None:
    tab = Tab(service, TENANT)
    tab.choose(SYSTEM.code, HOST)
    with pytest.raises(TypeError, match="api_url is not sealed") as refused:
        tab.enter({"api_url": Secret(MARKER_KEY)})
    assert MARKER_KEY not in str(refused.value)
    assert draft_of(service, TENANT).values["api_url"] == HOST


def test_only_the_end_of_a_long_secret_is_kept_readable(service: Service) -> None:
    draft = filled_in(service)
    assert draft.last4["access_token"] == MARKER_KEY[-4:]
    Tab(service, TENANT).enter({"secret": "short password"})
    assert draft_of(service, TENANT).last4["secret"] == ""


def test_no_secret_reaches_the_disk_in_any_readable_form(service: Service, tmp_path: Path) -> None:
    filled_in(service)
    declared(service, TENANT)
    save(service, TENANT)
    written = bytes_on_disk(tmp_path)
    assert HOST.encode() in written
    for secret in (MARKER_KEY, MARKER_PASSWORD):
        assert secret.encode() not in written
        assert secret.encode("utf-16-le") not in written
        assert base64.b64encode(secret.encode()).rstrip(b"=")[:-1] not in written
        assert secret[:20].encode() not in written


def test_a_sealed_field_left_empty_keeps_its_value(service: Service) -> None:
    filled_in(service)
    draft = Tab(service, TENANT).enter({"access_token": "", "secret": "", "api_url": HOST})
    assert credentials_of(service, draft).secret("access_token") == Secret(MARKER_KEY)
    assert draft.refusals == {}
    assert draft.step == Step.VERIFY


def test_a_field_that_was_not_sent_keeps_its_value(service: Service) -> None:
    filled_in(service)
    draft = Tab(service, TENANT).enter({"secret": "another password"})
    credentials = credentials_of(service, draft)
    assert credentials.secret("access_token") == Secret(MARKER_KEY)
    assert credentials.secret("secret") == Secret("another password")


def test_a_required_field_left_empty_is_asked_for_and_is_not_taken_for_a_value(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    draft = Tab(service, TENANT).enter({"access_token": "", "secret": "  ", "api_url": HOST})
    assert draft.refusals == {"access_token": EMPTY, "secret": EMPTY}
    assert draft.sealed == {}
    assert draft.step == Step.ENTER


def test_a_refused_host_is_kept_as_it_was_typed(service: Service) -> None:
    filled_in(service)
    draft = Tab(service, TENANT).enter({"api_url": "me@shop.example.com"})
    assert draft.values["api_url"] == "me@shop.example.com"
    assert draft.refusals == {"api_url": "host_email"}
    assert draft.step == Step.ENTER
    mended = Tab(service, TENANT).enter({"api_url": HOST})
    assert mended.refusals == {}
    assert mended.step == Step.VERIFY
    assert credentials_of(service, mended).secret("access_token") == Secret(MARKER_KEY)


def test_a_token_moved_to_another_draft_does_not_open(service: Service) -> None:
    stolen = filled_in(service).sealed
    filled_in(service, ANOTHER)
    with writing(service.engine) as session:
        session.execute(update(Draft).where(col(Draft.tenant) == ANOTHER).values(sealed=stolen))
    with pytest.raises(CredentialsLost):
        credentials_of(service, draft_of(service, ANOTHER))


def test_a_token_moved_to_another_field_does_not_open(service: Service) -> None:
    sealed = filled_in(service).sealed
    swapped = {"access_token": sealed["secret"], "secret": sealed["access_token"]}
    with writing(service.engine) as session:
        session.execute(update(Draft).values(sealed=swapped))
    with pytest.raises(CredentialsLost):
        credentials_of(service, draft_of(service, TENANT))


def test_a_host_changed_behind_our_back_gets_no_key(service: Service) -> None:
    filled_in(service)
    with writing(service.engine) as session:
        session.execute(update(Draft).values(values={"api_url": OTHER_HOST}))
    with pytest.raises(CredentialsLost):
        credentials_of(service, draft_of(service, TENANT))


def test_with_a_lost_key_ring_the_secrets_are_asked_for_again_and_the_rest_is_kept(service: Service) -> None:
    ready_to_save(service, TENANT)
    bereft = with_another_ring(service)
    with pytest.raises(CredentialsLost):
        bereft.subjects.open(Actor(TENANT), DraftRef(draft_of(service, TENANT).id))
    asked_again = draft_of(service, TENANT)
    assert asked_again.refusals == dict.fromkeys(SYSTEM.sealed_fields_of(""), NEEDED_AGAIN)
    assert asked_again.values["api_url"] == HOST
    assert asked_again.report is None
    assert first_unfinished(asked_again) is Step.ENTER
    entered = Tab(bereft, TENANT).enter({"access_token": MARKER_KEY, "secret": MARKER_PASSWORD})
    assert missing_fields(entered) == ()
    assert credentials_of(bereft, entered).secret("access_token") == Secret(MARKER_KEY)


def test_a_lost_key_ring_does_not_stand_in_the_way_of_entering_everything_again(service: Service) -> None:
    filled_in(service)
    bereft = with_another_ring(service)
    entered = Tab(bereft, TENANT).enter({"access_token": MARKER_KEY, "secret": MARKER_PASSWORD, "api_url": OTHER_HOST})
    assert missing_fields(entered) == ()
    assert credentials_of(bereft, entered).secret("secret") == Secret(MARKER_PASSWORD)


def test_the_same_values_entered_again_keep_the_report(service: Service) -> None:
    ready_to_save(service, TENANT)
    again = Tab(service, TENANT).enter({**WORKS.values, "api_url": f"https://{HOST}/"})
    assert report_of(again) is not None
    assert first_unfinished(again) is Step.SAVE


EDITS = st.dictionaries(
    st.sampled_from([field.name for field in SYSTEM.fields]),
    st.one_of(
        st.text(max_size=30), st.uuids().map(str), st.integers(1, 10**6).map(str), st.sampled_from([HOST, OTHER_HOST])
    ),
    min_size=1,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edit=EDITS, number=st.integers(0, 2**64))
def test_a_report_outlives_an_edit_only_where_the_values_are_what_was_verified(
    service: Service, edit: dict[str, str], number: int
) -> None:
    tenant = f"{number:x}"
    before = ready_to_save(service, tenant)
    verified = {**WORKS.values, **{name: "" for name in before.values if name not in WORKS.values}}
    after = Tab(service, tenant).enter(edit)
    opened = {
        name: service.vault.open(token, draft_seal_context(after, name, after.sealed_for)).reveal()
        for name, token in after.sealed.items()
    }
    same = {k: v for k, v in {**after.values, **opened}.items() if v} == {k: v for k, v in verified.items() if v}
    assert (after.report is not None) == (same and not after.refusals)


def test_a_report_on_values_that_changed_meanwhile_is_refused(service: Service) -> None:
    seen = filled_in(service)
    Tab(service, TENANT).enter({"access_token": WORKS.values["access_token"]})
    with pytest.raises(DraftChanged):
        recorded(service, seen, all_passed(SYSTEM.code))
    assert draft_of(service, TENANT).report is None


def test_a_report_for_a_draft_that_was_discarded_meanwhile_is_refused(service: Service) -> None:
    seen = filled_in(service)
    Tab(service, TENANT).discard()
    with pytest.raises(DraftNotFound):
        recorded(service, seen, all_passed(SYSTEM.code))


def test_a_report_for_a_draft_that_was_saved_meanwhile_is_refused(service: Service) -> None:
    seen = ready_to_save(service, TENANT)
    save(service, TENANT)
    with pytest.raises(DraftChanged):
        recorded(service, seen, key_refused())


def test_a_kept_report_reads_back_as_it_was_made(service: Service) -> None:
    filled_in(service)
    report = declared(service, TENANT, key_refused())
    assert report_of(draft_of(service, TENANT)) == report
    assert not report.passed


def test_an_expired_draft_is_gone(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    filled_in(service)
    later = now() + timedelta(days=service.settings.draft_days, seconds=5)
    monkeypatch.setattr(drafts_module, "now", lambda: later)
    assert Tab(service, TENANT).draft is None
    with pytest.raises(DraftNotFound):
        Tab(service, TENANT).enter({"secret": "x"})
    with pytest.raises(DraftNotFound):
        Tab(service, TENANT).set_step(Step.ENTER)
    Tab(service, TENANT).choose(SYSTEM.code, OTHER_HOST)
    assert draft_of(service, TENANT).sealed == {}


def test_each_visit_keeps_the_draft_alive(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    filled_in(service)
    sixth_day = now() + timedelta(days=6)
    monkeypatch.setattr(drafts_module, "now", lambda: sixth_day)
    Tab(service, TENANT).set_step(Step.VERIFY)
    draft = draft_of(service, TENANT)
    assert draft.step == Step.VERIFY
    assert draft.expires_at == sixth_day + timedelta(days=service.settings.draft_days)


def test_a_visit_without_a_draft_makes_none(service: Service) -> None:
    with pytest.raises(DraftNotFound):
        Tab(service, TENANT).set_step(Step.ENTER)
    assert Tab(service, TENANT).draft is None


def test_a_discarded_draft_leaves_no_row(service: Service) -> None:
    filled_in(service)
    filled_in(service, ANOTHER)
    Tab(service, TENANT).discard()
    with reading(service.engine) as session:
        assert [draft.tenant for draft in session.exec(select(Draft))] == [ANOTHER]


def test_a_demo_is_a_draft_of_its_own_with_the_scenario_filled_in(service: Service) -> None:
    real = Tab(service, TENANT).choose(SYSTEM.code, "shop.example.com")
    demos = [Tab(service, TENANT).start_demo(SYSTEM.code, WORKS) for _ in range(2)]
    draft = demos[-1]
    assert draft.step == Step.ENTER
    assert missing_fields(draft) == ()
    assert credentials_of(service, draft).secret("access_token") == Secret(WORKS.values["access_token"])
    with reading(service.engine) as session:
        assert {row.id for row in session.exec(select(Draft))} == {real.id, draft.id}, "a demo makes way for the next"


def test_choosing_after_a_save_starts_a_new_draft(service: Service) -> None:
    saved = ready_to_save(service, TENANT)
    save(service, TENANT)
    draft = Tab(service, TENANT).choose(SYSTEM.code, OTHER_HOST)
    assert draft.id != saved.id
    assert first_unfinished(draft) is Step.ENTER


def test_entering_into_a_saved_draft_is_refused(service: Service) -> None:
    ready_to_save(service, TENANT)
    save(service, TENANT)
    with pytest.raises(DraftChanged):
        Tab(service, TENANT).enter({"secret": "x"})


def test_an_owner_sees_and_changes_only_what_is_theirs(service: Service) -> None:
    mine = filled_in(service)
    theirs = filled_in(service, ANOTHER)
    Tab(service, ANOTHER).enter({"api_url": OTHER_HOST})
    Tab(service, ANOTHER).discard()
    assert draft_of(service, TENANT).model_dump() == mine.model_dump()
    assert theirs.id != mine.id


@pytest.mark.parametrize("name", ["access_token", "secret", "api_url"])
def test_a_text_that_is_far_too_long_is_refused_and_not_kept(service: Service, name: str) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    draft = Tab(service, TENANT).enter({name: "a@" + "a." * 20_000})
    assert draft.refusals[name] == TOO_LONG
    assert not draft.values.get(name)
    assert name not in draft.sealed


@pytest.mark.parametrize(
    "pasted",
    [
        "https://shop.example.se:8443/?consumer_key=ck_0123456789abcdef0123456789abcdef01234567",
        "cs_0123456789abcdef0123456789abcdef01234567",
        "Access token: 0123456789abcdef0123456789abcdef",
    ],
)
def test_an_address_that_is_refused_with_a_key_in_it_is_not_kept(service: Service, pasted: str) -> None:
    draft = Tab(service, TENANT).choose(SYSTEM.code, pasted)
    assert draft.refusals["api_url"]
    assert "0123456789abcdef" not in repr(draft.values)
