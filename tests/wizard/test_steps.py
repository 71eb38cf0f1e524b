"""Which step waits for the merchant, and which may be opened yet."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.walks import ACCOUNT, SYSTEM
from xtnd_wizard.domain.findings import Finding, Report, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.oauth import APPROVAL_OUTCOMES
from xtnd_wizard.wizard.check_runner import checks_of
from xtnd_wizard.wizard.steps import (
    BY_HAND,
    WALK,
    Redirect,
    Step,
    after_choosing,
    after_return,
    first_unfinished,
    may_open,
    missing_fields,
    preselected,
    redirect_from,
    resumed,
    typed_host,
    unsaved,
    walk_of,
)
from xtnd_wizard.wizard.views import DraftView

HOST = {"api_url": "shop.example.com"}
SEALED = {field.name: "v1.token" for field in SYSTEM.fields if field.sealed}


def report(*findings: Finding) -> dict[str, Any]:
    checks = checks_of(SYSTEM)
    return Report(SYSTEM.code, "print", datetime.now(UTC), checks, findings, ACCOUNT).to_json()


def passing() -> dict[str, Any]:
    return report(*(passed(check) for check in checks_of(SYSTEM)))


def draft(**parts: Any) -> Draft:
    return Draft(**{"tenant": "somebody", "system": SYSTEM.code, "expires_at": now(), "values": HOST, **parts})


TO_ENTER = {Step.SYSTEM, Step.OBTAIN, Step.ENTER}
MENDING = {Step.SYSTEM, Step.ENTER}
TO_VERIFY = {*TO_ENTER, Step.VERIFY}
TABLE: dict[str, tuple[Draft | None, Step, set[Step]]] = {
    "nothing": (None, Step.SYSTEM, {Step.SYSTEM}),
    "no system": (draft(system=""), Step.SYSTEM, {Step.SYSTEM}),
    "no host": (draft(values={}), Step.SYSTEM, {Step.SYSTEM}),
    "host chosen": (draft(), Step.ENTER, TO_ENTER),
    "one value entered": (draft(sealed={"access_token": "v1.token"}), Step.ENTER, TO_ENTER),
    "a value refused": (draft(sealed=SEALED, refusals={"access_token": "key_empty"}), Step.ENTER, TO_ENTER),
    "the host refused": (draft(sealed=SEALED, refusals={"api_url": "host_empty"}), Step.SYSTEM, MENDING),
    "nothing typed for the host": (
        draft(values={"api_url": ""}, refusals={"api_url": "field_empty"}),
        Step.SYSTEM,
        MENDING,
    ),
    "all entered": (draft(sealed=SEALED), Step.VERIFY, TO_VERIFY),
    "a check failed": (
        draft(sealed=SEALED, report=report(failed("key", ProblemCode.KEY_REJECTED))),
        Step.VERIFY,
        TO_VERIFY,
    ),
    "a check unanswered": (draft(sealed=SEALED, report=report(passed("key"))), Step.VERIFY, TO_VERIFY),
    "verified": (draft(sealed=SEALED, report=passing()), Step.SAVE, {*TO_VERIFY, Step.SAVE}),
    "saved": (draft(report=passing(), connection_id="c1"), Step.DONE, {Step.DONE}),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_waiting_step_follows_from_what_the_draft_holds(case: str) -> None:
    found, waiting, _ = TABLE[case]
    assert first_unfinished(found) is waiting


@pytest.mark.parametrize("case", TABLE)
def test_a_step_opens_when_all_before_it_are_done(case: str) -> None:
    found, _, allowed = TABLE[case]
    assert {step for step in WALK if may_open(step, found)} == allowed


@pytest.mark.parametrize("case", TABLE)
def test_the_waiting_step_may_always_be_opened(case: str) -> None:
    found, waiting, _ = TABLE[case]
    assert may_open(waiting, found)


CONSENTING = next(system for system in all_systems() if system.oauth)
BY_HAND_DRAFT = draft(system=CONSENTING.code)


def test_only_who_has_to_approve_inside_xtnd_gets_the_short_walk() -> None:
    assert walk_of(SYSTEM, registered=False) == walk_of(SYSTEM, registered=True) == WALK
    assert walk_of(CONSENTING, registered=True) == WALK
    assert walk_of(CONSENTING, registered=False) == BY_HAND == (Step.SYSTEM, Step.OBTAIN, Step.DONE)


def test_by_hand_the_guide_waits_and_the_end_may_be_looked_at_any_time() -> None:
    assert first_unfinished(BY_HAND_DRAFT, BY_HAND) is Step.OBTAIN
    assert {step for step in WALK if may_open(step, BY_HAND_DRAFT, BY_HAND)} == set(BY_HAND)
    assert redirect_from(Step.DONE, BY_HAND_DRAFT, BY_HAND) is None


def test_by_hand_a_step_that_is_not_there_leads_to_the_guide_without_a_word() -> None:
    for step in set(WALK) - set(BY_HAND):
        assert redirect_from(step, BY_HAND_DRAFT, BY_HAND) == Redirect(Step.OBTAIN, "")


def test_missing_fields_come_in_the_order_of_the_form() -> None:
    required = tuple(field.name for field in SYSTEM.fields if field.required)
    assert missing_fields(draft(values={})) == required


def test_an_optional_field_is_missing_only_when_it_is_refused() -> None:
    optional = [field.name for field in SYSTEM.fields if not field.required]
    assert not set(optional) & set(missing_fields(draft()))
    for name in optional:
        assert name in missing_fields(draft(refusals={name: "field_empty"}))


@pytest.mark.parametrize(
    ("case", "asked", "expected"),
    [
        ("nothing", Step.SYSTEM, None),
        ("nothing", Step.SAVE, Redirect(Step.SYSTEM, "out_of_turn")),
        ("host chosen", Step.OBTAIN, None),
        ("host chosen", Step.VERIFY, Redirect(Step.ENTER, "out_of_turn")),
        ("all entered", Step.DONE, Redirect(Step.VERIFY, "out_of_turn")),
        ("saved", Step.DONE, None),
        ("saved", Step.SAVE, Redirect(Step.DONE, "already_saved")),
    ],
)
def test_a_step_out_of_turn_leads_to_the_waiting_one_and_says_why(
    case: str, asked: Step, expected: Redirect | None
) -> None:
    assert redirect_from(asked, TABLE[case][0]) == expected


def test_a_step_of_a_draft_that_is_gone_leads_to_the_first_one_and_says_so() -> None:
    assert redirect_from(Step.SAVE, None, is_gone=True) == Redirect(Step.SYSTEM, "draft_gone")
    assert redirect_from(Step.SYSTEM, None, is_gone=True) is None


def view(**parts: Any) -> DraftView:
    return DraftView.of(draft(**parts))


def test_a_draft_is_resumed_where_it_was_left() -> None:
    assert [resumed(view(step=step)) for step in WALK] == list(WALK)
    assert resumed(view(step="welcome")) is Step.SYSTEM


def test_a_saved_draft_is_no_draft_to_go_on_with() -> None:
    waiting = view()
    assert unsaved(waiting) is waiting
    assert unsaved(view(connection_id="c1")) is None
    assert unsaved(None) is None


def test_a_choice_of_a_system_begins_with_the_drafts_own() -> None:
    codes = ["first", SYSTEM.code]
    assert preselected(view(), codes) == SYSTEM.code
    assert preselected(view(system="retired"), codes) == "first"
    assert preselected(None, codes) == "first"


def test_a_host_typed_for_one_system_is_not_offered_to_another() -> None:
    assert typed_host(view(), SYSTEM.code) == HOST["api_url"]
    assert typed_host(view(values={}), SYSTEM.code) == ""
    assert typed_host(view(), "another") == ""
    assert typed_host(None, SYSTEM.code) == ""


def test_the_guide_comes_after_the_host_unless_something_is_asked_about_it() -> None:
    assert after_choosing(is_asked=False) is Step.OBTAIN
    assert after_choosing(is_asked=True) is Step.ENTER


@pytest.mark.parametrize("outcome", APPROVAL_OUTCOMES)
def test_who_comes_back_without_an_approval_goes_on_to_the_form(outcome: str) -> None:
    back = after_return(outcome, view())
    assert (back.outcome, back.is_approved, back.leads_to) == (outcome, False, Step.ENTER)
    assert back.is_for_us is (outcome == "our_app")


def test_an_approval_that_was_used_already_is_one() -> None:
    assert after_return("used_state", view(sealed=SEALED)).is_approved
    assert not after_return("expired_code", view(sealed=SEALED)).is_approved
    assert not after_return("used_state", None).is_approved


def test_who_comes_back_to_no_draft_begins_anew() -> None:
    assert after_return("refused", None).leads_to is Step.SYSTEM


@pytest.mark.parametrize("made_up", ["", "<b>", "REFUSED"])
def test_a_made_up_outcome_counts_as_a_foreign_state(made_up: str) -> None:
    assert after_return(made_up, view()).outcome == "foreign_state"
