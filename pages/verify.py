"""Verify: the checks, one by one as their answers arrive; green, or the guilty step and its cure."""

import math
from datetime import UTC, datetime
from typing import Literal

import streamlit as st

from xtnd_wizard.domain.errors import Conflict, NotFound, NotReady, TryLater
from xtnd_wizard.domain.findings import Finding, Report
from xtnd_wizard.domain.problems import (
    MENDED_AT_THE_CHANNEL,
    MENDED_BY_ANOTHER_WAY,
    OF_SEVERAL_VALUES,
    Problem,
    ResponsibleParty,
)
from xtnd_wizard.domain.subjects import DraftRef
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import channel, clock, field_label, guide, note, t
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.problem import draw_problem
from xtnd_wizard.ui.remarks import draw_mixed_scripts
from xtnd_wizard.ui.timeline import draw_live, draw_report
from xtnd_wizard.ui.values import draw_values, shop_rows
from xtnd_wizard.ui.verifications import watch_verification
from xtnd_wizard.wizard.steps import Step, report_of

_SOON_SECONDS = 60
_LOOK_AGAIN_SECONDS = 10

page = require_step(Step.VERIFY)
draft = page.open_draft
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


def draw_passed(report: Report) -> None:
    """The good news, the shop to be confirmed, and what could not be checked."""
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
            st.session_state["unfold"] = True
            go(Step.ENTER)


def draw_failed(primary_failure: Finding) -> None:
    """The problem in words, and the way to its cure."""
    draw_problem(system.code, host, primary_failure)
    if primary_failure.facts.get("as_of"):
        draw_as_of(primary_failure.facts["as_of"])
    problem = primary_failure.problem
    assert problem is not None
    again_first = is_again_first(problem)
    wait_until = not_before or primary_failure.facts.get("retry_at", "")
    with st.container(horizontal=True):
        another_way = problem.code in MENDED_BY_ANOTHER_WAY and bool(system.auth_methods)
        if another_way and st.button(t("verify.another_way"), type="primary", icon=":material/alt_route:"):
            go(Step.OBTAIN)
        if again_first:
            draw_again("tertiary" if another_way else "primary", wait_until)
            draw_cure(problem, "tertiary")
        else:
            draw_cure(problem, "primary")
            draw_again("secondary", wait_until)


def is_again_first(problem: Problem) -> bool:
    """Whether the same values may pass, or nobody but the channel can help: then trying again comes first."""
    mended_there = problem.code in MENDED_AT_THE_CHANNEL and system.oauth is None
    nothing_to_edit = not cure_of(problem) and problem.code not in OF_SEVERAL_VALUES
    return (
        problem.retryable
        or mended_there
        or problem.responsible_party is not ResponsibleParty.MERCHANT
        or nothing_to_edit
    )


def draw_cure(problem: Problem, kind: Literal["primary", "tertiary"]) -> None:
    """The way to the guilty field, or to all of them where none is named."""
    cure = cure_of(problem)
    if problem.field and cure and st.button(cure, type=kind, icon=":material/edit:"):
        lead_to(problem.field)
    if not cure and system.oauth is None and st.button(t("verify.edit"), type=kind):
        st.session_state["unfold"] = True
        if problem.code in OF_SEVERAL_VALUES:
            st.session_state["replacing"] = set(system.sealed_fields_of(auth_method))
        go(Step.ENTER)


def cure_of(problem: Problem) -> str:
    """What the way to the guilty field is called; nothing where no field is at fault, or none that can be changed."""
    typed = {field.name: field.typed for field in system.fields}
    if not problem.field:
        return ""
    if typed.get(problem.field, True):
        return t("verify.fix", field=field_label(system.code, problem.field, auth_method))
    return t("enter.approve_again") if system.oauth and problem.field != API_URL else ""


def lead_to(field: str) -> None:
    """Open the form with this field ready to be replaced."""
    st.session_state["replacing"] = {field} & system.sealed_fields_of(auth_method)
    go(Step.ENTER)


def draw_again(kind: Literal["primary", "secondary", "tertiary"], wait_until: str = "") -> None:
    """Verify again; not before the time that the channel asked us to wait for."""
    if wait_until and datetime.fromisoformat(wait_until) > datetime.now(UTC):
        wait_button(wait_until)
    elif st.button(t("verify.again"), type=kind, icon=":material/refresh:"):
        st.session_state["verify_at_once"] = True
        st.rerun()


def wait_button(until: str) -> None:
    """A button that says when it can be pressed, and wakes the page when that time has come."""
    is_soon = _seconds_until(until) <= _SOON_SECONDS
    # Each look is a message, of which everybody at this address has a share.
    st.fragment(run_every=1 if is_soon else _LOOK_AGAIN_SECONDS)(_draw_wait)(until, is_soon)


def _draw_wait(until: str, is_soon: bool) -> None:
    left = _seconds_until(until)
    if left <= 0:
        st.rerun()
    soon = t("verify.again_in", seconds=str(math.ceil(left)))
    label = soon if is_soon else t("verify.again_at", time=clock(datetime.fromisoformat(until)))
    st.button(label, disabled=True, icon=":material/schedule:", key="wait")


def _seconds_until(moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()


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
not_before = ""
verdict, checks = st.container(), st.container()
asked = bool(st.session_state.pop("verify_at_once", False))
if asked:
    try:
        with checks:
            report = run_checks()
    except (NotFound, Conflict, NotReady):
        go(Step.ENTER, "draft_gone")
    except TryLater as later:
        asked, not_before = False, later.again_at.isoformat()
        why = t(f"verify.later.{later.reason}", channel=channel(system.code), time=clock(later.again_at))
        verdict.info(why, icon=":material/schedule:")
if report and not asked:
    with checks:
        draw_report(system.code, host, report)
with verdict:
    if report is None:
        if not_before:
            wait_button(not_before)
        elif st.button(t("verify.now"), type="primary", icon=":material/verified:"):
            st.session_state["verify_at_once"] = True
            st.rerun()
    elif report.passed:
        draw_passed(report)
    elif report.primary_failure:
        draw_failed(report.primary_failure)
    else:
        draw_again("primary", not_before)
