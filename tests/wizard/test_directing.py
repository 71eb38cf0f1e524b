"""What the director says to press next, and what it does before a step can be shown."""

import pytest

from tests.walks import ACCOUNT, SYSTEM, WORKS, all_passed, key_refused
from xtnd_wizard.domain.findings import Finding, Report
from xtnd_wizard.storage.models import now
from xtnd_wizard.wizard.check_runner import Event, checks_of
from xtnd_wizard.wizard.directing import Click, Deed, deeds_before, needs_fixing, next_click
from xtnd_wizard.wizard.steps import Step
from xtnd_wizard.wizard.views import DraftView

HOST = WORKS.values["api_url"]
SEALED = frozenset(field.name for field in SYSTEM.fields if field.sealed and field.required)


def draft(
    *, sealed: frozenset[str] = SEALED, events: list[Event] | None = None, saved: bool = False, swapped: bool = False
) -> DraftView:
    findings = tuple(event for event in events or () if isinstance(event, Finding))
    report = Report(SYSTEM.code, "of these", now(), checks_of(SYSTEM), findings, ACCOUNT).to_json() if events else None
    one, other = sorted(SEALED)[:2]
    asked = {one: {"code": "pasted_swapped", "facts": {"field": other}, "digest": "d", "answered": False}}
    return DraftView(
        id="d",
        system=SYSTEM.code,
        step=Step.ENTER,
        values={"api_url": HOST},
        sealed=sealed,
        last4={},
        notes={},
        refusals={},
        questions=asked if swapped else {},
        left_for_another_host=(),
        report=report,
        connection_id="c" if saved else None,
        expires_at=now(),
    )


FRESH = draft()
EMPTY = draft(sealed=frozenset())
SWAPPED = draft(swapped=True)
PASSED = draft(events=all_passed(SYSTEM.code))
FAILED = draft(events=key_refused())
SAVED = draft(events=all_passed(SYSTEM.code), saved=True)


@pytest.mark.parametrize(
    ("step", "shown", "click"),
    [
        pytest.param(Step.SYSTEM, FRESH, Click.TO_GUIDE, id="system"),
        pytest.param(Step.OBTAIN, FRESH, Click.TO_FORM, id="obtain"),
        pytest.param(Step.ENTER, FRESH, Click.ENTERED, id="enter"),
        pytest.param(Step.ENTER, EMPTY, Click.FIX, id="enter-empty"),
        pytest.param(Step.ENTER, SWAPPED, Click.SWAP, id="enter-swapped"),
        pytest.param(Step.ENTER, FAILED, Click.ENTERED, id="enter-after-a-failure"),
        pytest.param(Step.VERIFY, FRESH, Click.VERIFY, id="verify"),
        pytest.param(Step.VERIFY, FAILED, Click.FIX, id="verify-failed"),
        pytest.param(Step.VERIFY, PASSED, Click.CONFIRM, id="verify-passed"),
        pytest.param(Step.SAVE, PASSED, Click.SAVE, id="save"),
        pytest.param(Step.DONE, SAVED, Click.RESET, id="done"),
    ],
)
def test_the_next_click_is_the_one_that_leads_on(step: Step, shown: DraftView, click: Click) -> None:
    assert next_click(step, shown) is click


def test_where_saving_replaces_a_connection_the_button_says_so() -> None:
    assert next_click(Step.SAVE, PASSED, updates=True) is Click.UPDATE


def test_only_what_is_wrong_and_not_saved_is_there_to_be_fixed() -> None:
    found = {name: needs_fixing(shown) for name, shown in globals().items() if isinstance(shown, DraftView)}
    assert found == {
        "FRESH": False,
        "EMPTY": True,
        "SWAPPED": True,
        "PASSED": False,
        "FAILED": True,
        "SAVED": False,
    }


PROVE = (Deed.FIX, Deed.VERIFY)


@pytest.mark.parametrize(
    ("step", "shown", "deeds"),
    [
        pytest.param(Step.SYSTEM, EMPTY, (), id="the-first-screens-take-nothing"),
        pytest.param(Step.ENTER, FAILED, (), id="back-to-the-form"),
        pytest.param(Step.VERIFY, FRESH, (), id="what-is-entered-is-verified-as-it-is"),
        pytest.param(Step.VERIFY, SWAPPED, (Deed.FIX,), id="verify-takes-usable-values"),
        pytest.param(Step.SAVE, PASSED, (), id="save-what-passed"),
        pytest.param(Step.SAVE, FAILED, PROVE, id="save-what-failed"),
        pytest.param(Step.DONE, EMPTY, (*PROVE, Deed.SAVE), id="all-at-once"),
        pytest.param(Step.DONE, PASSED, (Deed.SAVE,), id="only-the-last-one"),
        pytest.param(Step.DONE, SAVED, (), id="already-there"),
        pytest.param(Step.ENTER, SAVED, (Deed.RESTART,), id="from-the-end-back"),
        pytest.param(Step.SAVE, SAVED, (Deed.RESTART,), id="from-the-end-to-the-last-but-one"),
    ],
)
def test_a_jump_does_as_little_as_its_step_takes(step: Step, shown: DraftView, deeds: tuple[Deed, ...]) -> None:
    assert deeds_before(step, shown) == deeds
