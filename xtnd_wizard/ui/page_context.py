"""What every page begins with: the service, the visitor, the draft; and the guard of the steps."""

from dataclasses import dataclass

import streamlit as st

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.service import Service, service
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.visitor import tenant
from xtnd_wizard.wizard.steps import Step, first_unfinished, redirect_from, report_of
from xtnd_wizard.wizard.views import DraftView


@dataclass(frozen=True)
class PageContext:
    """What a page that belongs to no step knows of its visitor."""

    service: Service
    tenant: str
    draft: DraftView | None
    row: Draft | None


@dataclass(frozen=True)
class StepContext:
    """What the page of a step after the first knows: there is a draft, and its turn has come."""

    service: Service
    tenant: str
    draft: DraftView
    row: Draft


def page_context() -> PageContext:
    """The context of a page that anybody may open."""
    running, visitor = service(), tenant()
    if visitor is None:  # the frame lets nobody in without a cookie: this one has left in the middle of the run
        st.stop()
    row = running.drafts.current(visitor)
    return PageContext(running, visitor, DraftView.of(row) if row else None, row)


def require_step(step: Step) -> StepContext:
    """The context of a step's page, where the draft is there and all steps before this one are done.

    Out of turn, the page of the step that waits for the merchant is opened instead. The draft remembers
    the step as the one where it was left.
    """
    page = page_context()
    elsewhere = redirect_from(step, page.draft)
    if elsewhere:
        go(elsewhere.step, elsewhere.notice)
    if page.draft is None or page.row is None:  # there is nothing to do yet but to choose a system
        go(Step.SYSTEM)
    if page.draft.step != step:
        page.service.drafts.set_step(page.tenant, step)
    return StepContext(page.service, page.tenant, page.draft, page.row)


def require_report(page: StepContext) -> Report:
    """The report on what the draft holds; without one, the page of the step that waits is opened instead."""
    report = report_of(page.draft)
    if report is None:
        go(first_unfinished(page.draft), "out_of_turn")
    return report
