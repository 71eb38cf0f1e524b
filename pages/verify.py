"""Verify: the checks, one by one as their answers arrive; green, or the guilty step and its cure."""

from datetime import UTC, datetime
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from xtnd_wizard.domain.errors import Conflict, NotFound, NotReady, Stopped, TryLater
from xtnd_wizard.domain.findings import Finding, Report
from xtnd_wizard.domain.problems import Problem
from xtnd_wizard.domain.subjects import DraftRef
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.ui import assistive
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import channel, clock, clock_with_seconds, field_label, guide, note, t
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.problem import draw_problem
from xtnd_wizard.ui.remarks import draw_mixed_scripts
from xtnd_wizard.ui.session import REPLACING, STOPPED, UNFOLD, VERIFY_AT_ONCE
from xtnd_wizard.ui.stage import LiveStage, draw_stage
from xtnd_wizard.ui.timeline import Timeline, draw_report
from xtnd_wizard.ui.values import draw_values, shop_rows
from xtnd_wizard.ui.verifications import stop_verification, watch_verification
from xtnd_wizard.ui.waiting import draw_wait
from xtnd_wizard.wizard.remedies import Action, Remedy, again_at, remedies_for
from xtnd_wizard.wizard.steps import Step, report_of
from xtnd_wizard.wizard.verdict import Phase, begins_by_itself, is_unchanged, phase_of

_ICONS = {
    Action.CHANGE_METHOD: ":material/alt_route:",
    Action.VERIFY_AGAIN: ":material/refresh:",
    Action.FIX_FIELD: ":material/edit:",
    Action.APPROVE_AGAIN: ":material/edit:",
    Action.EDIT: None,
}

page = require_step(Step.VERIFY)
draft = page.draft
system = get_system(draft.system)
auth_method = system.auth_method_of(draft.values)
host = draft.values[API_URL]


def name_page(phase: Phase) -> None:
    """Call the page, and its browser tab, by how far the checks are."""
    words = t(f"verify.phase.{phase}")
    title.title(words, anchor=False)
    assistive.tab_title(words)
    if phase is Phase.CHECKING:
        assistive.announce(words, again=True)


def run_checks() -> Report:
    """Verify live, or watch the verification that another tab began."""
    name_page(Phase.CHECKING)
    with live.container():
        stage = LiveStage(lead, stop)
    with checks.container():
        timeline = Timeline(system.code, host, key="checks_live")
    with watch_verification(page.service.verification, page.actor, DraftRef(draft.id)) as viewer:
        return timeline.watch(viewer, lambda: stage.tell(timeline.doing, *timeline.progress))


def stop() -> None:
    """End the verification where one is under way: one that is just over says what it came to."""
    STOPPED.set(stop_verification(page.service.verification, page.actor, DraftRef(draft.id)))


def draw_as_of(moment: str) -> None:
    """That the answer is a kept one, and from when."""
    st.caption(t("verify.as_of", time=clock(datetime.fromisoformat(moment))))


def draw_passed(report: Report, *, turned_green: bool) -> None:
    """The good news, and the shop to be confirmed."""
    with st.container(key="connection_green" if turned_green else None):
        st.success(t("verify.passed_body"), title=t("verify.passed_title"), icon=":material/check_circle:")
    with st.container(border=True):
        st.header(t("verify.shop_title"), icon=":material/storefront:", anchor=False)
        draw_values(shop_rows(report))
        if report.account and report.account.as_of:
            draw_as_of(report.account.as_of)
    with st.container(horizontal=True):
        if st.button(t("verify.shop_yes"), type="primary", icon=":material/arrow_forward:"):
            go(Step.SAVE)
        if st.button(t("verify.shop_no")):
            UNFOLD.set(True)
            go(Step.ENTER)


def draw_failed(primary_failure: Finding, problem: Problem) -> None:
    """The problem in words, and what helps against it."""
    draw_problem(system.code, host, primary_failure, problem)
    if primary_failure.facts.get("as_of"):
        draw_as_of(primary_failure.facts["as_of"])
    wait_until = again_at(primary_failure, not_before)
    with st.container(horizontal=True, key="remedies"):  # a cure that needs one press only belongs here, first
        for remedy in remedies_for(problem, system, auth_method):
            if remedy.action is Action.VERIFY_AGAIN and wait_until and wait_until > datetime.now(UTC):
                draw_wait(wait_until)
            elif st.button(label_of(remedy), type=remedy.emphasis.value, icon=_ICONS[remedy.action]):
                follow(remedy)


def label_of(remedy: Remedy) -> str:
    """What the button of a remedy says."""
    match remedy.action:
        case Action.CHANGE_METHOD:
            return t("verify.another_way")
        case Action.VERIFY_AGAIN:
            return t("verify.again")
        case Action.FIX_FIELD:
            return t("verify.fix", field=field_label(system.code, remedy.field, auth_method))
        case Action.APPROVE_AGAIN:
            return t("enter.approve_again")
        case Action.EDIT:
            return t("verify.edit")


def follow(remedy: Remedy) -> None:
    """Go where a remedy leads, with the form as it needs it."""
    if remedy.replacing is not None:
        REPLACING.set(remedy.replacing)
    if remedy.action is Action.VERIFY_AGAIN:
        verify_at_once()
    if remedy.action is Action.EDIT:
        UNFOLD.set(True)
    go(remedy.leads_to)


def verify_at_once() -> NoReturn:
    """Draw this page anew, with the checks under way."""
    VERIFY_AT_ONCE.set(True)
    st.rerun()


def draw_without_verdict(phase: Phase) -> None:
    """What can be done where there is nothing to say about the values."""
    icon, words, body = {
        Phase.STOPPED: (":material/stop_circle:", t("verify.stopped_title"), t("verify.stopped_body")),
        Phase.WAITING: (":material/schedule:", t("verify.waiting_title"), lead),
    }.get(phase, (":material/verified:", t("verify.ready"), lead))
    if stopped:
        assistive.announce(body, again=True)
    with draw_stage(icon, words, body):
        # By callbacks: the next run has forgotten that the checks were stopped, and would not draw these buttons.
        if not_before:
            draw_wait(not_before)
        else:
            label = t("verify.again" if report or stopped else "verify.now")
            st.button(label, type="primary", on_click=VERIFY_AT_ONCE.set, args=(True,))
        if stopped:
            st.button(t("verify.edit"), type="tertiary", on_click=go, args=(Step.ENTER,))


def draw_verdict() -> None:
    """What the last verification came to, below why the next one has to wait, where it does."""
    if later:
        why = t(f"verify.later.{later.reason}", channel=channel(system.code), time=clock(later.again_at))
        st.info(why, icon=":material/schedule:")
    if phase is Phase.PASSED and report:
        draw_passed(report, turned_green=ran)
    elif not stopped and failure and problem:
        draw_failed(failure, problem)
    else:
        draw_without_verdict(phase)


def draw_remarks() -> DeltaGenerator:
    """Where we ask, and what was noticed about the values; the place of the time when we asked."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="asked"):
        st.caption(t("verify.calling"), width="content")
        st.text(host, width="content")
        st.space("stretch")
        asked_at = st.empty()
    draw_mixed_scripts(host)
    for field in system.fields_of(auth_method):
        for code in draft.notes.get(field.name, []):
            if code in system.confirmations:
                st.caption(f":material/info: {note(system.code, code)}")
    return asked_at


def draw_unchecked() -> None:
    """What a green report does not say."""
    unchecked = guide(system.code, auth_method)["unchecked"]
    if unchecked:
        st.markdown(f"**{t('verify.unchecked_title')}**\n" + "\n".join(f"- {thing}" for thing in unchecked))


title = st.empty()
lead = t("verify.lead", channel=channel(system.code))
with st.container(key="verdict", gap=None):
    live, verdict = st.empty(), st.empty()  # two places: in one, what was drawn first would stay until the run ends
asked_at = draw_remarks()
checks = st.empty()
report = report_of(draft)
before: Report | None = None
later: TryLater | None = None
stopped = STOPPED.pop()
approved = st.query_params.pop("approved", None) is not None
ran = begins_by_itself(report, asked=VERIFY_AT_ONCE.pop(), approved=approved)
if ran:
    before = report
    try:
        report = run_checks()
    except Stopped:
        ran, stopped = False, True
    except (NotFound, Conflict, NotReady):
        go(Step.ENTER, "draft_gone")
    except TryLater as raised:
        ran, later = False, raised
not_before = later.again_at if later else None
failure = report.primary_failure if report else None
problem = system.problem_of(failure) if failure else None
phase = phase_of(report, problem, stopped=stopped, waits=later is not None)
name_page(phase)
live.empty()
with verdict.container():
    draw_verdict()
if report and not stopped:
    key = "verify.checked_again_at" if is_unchanged(before, report) else "verify.checked_at"
    told = t(key, time=clock_with_seconds(report.verified_at))
    asked_at.caption(told, width="content")
    if ran:
        assistive.announce(f"{t(f'verify.phase.{phase}')}. {told}", again=True)
if not ran:
    with checks.container():
        draw_report(system.code, host, report) if report and not stopped else Timeline(system.code, host)
if phase is Phase.PASSED:
    draw_unchecked()
