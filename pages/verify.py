"""Verify: the checks, one by one as their answers arrive; green, or the guilty step and its cure."""

from datetime import UTC, datetime
from typing import NoReturn

import streamlit as st

from xtnd_wizard.domain.errors import Conflict, NotFound, NotReady, TryLater
from xtnd_wizard.domain.findings import Finding, Report
from xtnd_wizard.domain.problems import Problem
from xtnd_wizard.domain.subjects import DraftRef
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import channel, clock, field_label, guide, note, t
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.problem import draw_problem
from xtnd_wizard.ui.remarks import draw_mixed_scripts
from xtnd_wizard.ui.session import REPLACING, UNFOLD, VERIFY_AT_ONCE
from xtnd_wizard.ui.timeline import draw_live, draw_report
from xtnd_wizard.ui.values import draw_values, shop_rows
from xtnd_wizard.ui.verifications import watch_verification
from xtnd_wizard.ui.waiting import draw_wait
from xtnd_wizard.wizard.remedies import Action, Remedy, again_at, remedies_for
from xtnd_wizard.wizard.steps import Step, report_of

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


def run_checks() -> Report:
    """Verify live, or watch the verification that another tab began."""
    with watch_verification(page.service.verification, page.actor, DraftRef(draft.id)) as viewer:
        return draw_live(system.code, host, viewer)


def draw_as_of(moment: str) -> None:
    """That the answer is a kept one, and from when."""
    st.caption(t("verify.as_of", time=clock(datetime.fromisoformat(moment))))


def draw_passed(report: Report, *, turned_green: bool) -> None:
    """The good news, the shop to be confirmed, and what could not be checked."""
    with st.container(key="connection_green" if turned_green else None):
        st.success(t("verify.passed_body"), title=t("verify.passed_title"), icon=":material/check_circle:")
    with st.container(border=True):
        st.subheader(t("verify.shop_title"), icon=":material/storefront:")
        draw_values(shop_rows(report))
        if report.account and report.account.as_of:
            draw_as_of(report.account.as_of)
    unchecked = guide(system.code, auth_method)["unchecked"]
    if unchecked:
        st.markdown(f"**{t('verify.unchecked_title')}**\n" + "\n".join(f"- {thing}" for thing in unchecked))
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
    with st.container(horizontal=True):
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


st.title(t("verify.title"))
st.markdown(t("verify.lead", channel=channel(system.code)))
with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
    st.caption(t("verify.calling"), width="content")
    st.text(host, width="content")
draw_mixed_scripts(host)
for field in system.fields_of(auth_method):
    for code in draft.notes.get(field.name, []):
        if code in system.confirmations:
            st.caption(f":material/info: {note(system.code, code)}")

report = report_of(draft)
not_before: datetime | None = None
verdict, checks = st.container(), st.container()
asked = VERIFY_AT_ONCE.pop()
if asked:
    try:
        with checks:
            report = run_checks()
    except (NotFound, Conflict, NotReady):
        go(Step.ENTER, "draft_gone")
    except TryLater as later:
        asked, not_before = False, later.again_at
        why = t(f"verify.later.{later.reason}", channel=channel(system.code), time=clock(later.again_at))
        verdict.info(why, icon=":material/schedule:")
if report and not asked:
    with checks:
        draw_report(system.code, host, report)
with verdict:
    if report and report.passed:
        draw_passed(report, turned_green=asked)
    elif report and (failure := report.primary_failure) and (problem := system.problem_of(failure)):
        draw_failed(failure, problem)
    elif not_before:
        draw_wait(not_before)
    elif report is None:
        if st.button(t("verify.now"), type="primary", icon=":material/verified:"):
            verify_at_once()
    elif st.button(t("verify.again"), type="primary", icon=":material/refresh:"):
        verify_at_once()
