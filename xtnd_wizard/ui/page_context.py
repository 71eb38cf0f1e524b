"""What every page begins with: the service, the visitor, the open draft; and the guard of the steps."""

import contextlib
from dataclasses import dataclass

import streamlit as st

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftNotFound
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.service import Service, service
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.open_draft import open_draft, walk_for
from xtnd_wizard.ui.session import OPEN_DRAFT
from xtnd_wizard.ui.visitor import actor
from xtnd_wizard.wizard.steps import BY_HAND, Step, first_unfinished, redirect_from, report_of
from xtnd_wizard.wizard.views import DraftView


@dataclass(frozen=True)
class PageContext:
    """What a page that belongs to no step knows of its visitor."""

    service: Service
    actor: Actor
    draft: DraftView | None
    draft_is_gone: bool = False
    """Whether this tab had a draft open that has expired, or was deleted by another tab."""

    @property
    def draft_id(self) -> str | None:
        """The id of the draft that is open, if one is."""
        return self.draft.id if self.draft else None


@dataclass(frozen=True)
class StepContext:
    """What the page of a step after the first knows: there is a draft, and its turn has come."""

    service: Service
    actor: Actor
    draft: DraftView
    walk: tuple[Step, ...]

    @property
    def by_hand(self) -> bool:
        """Whether the connection is made inside XTND, and this walk only leads to it."""
        return self.walk == BY_HAND


def page_context() -> PageContext:
    """The context of a page that anybody may open."""
    running, visitor = service(), actor()
    if visitor is None:  # the frame lets nobody in without a cookie: this one has left in the middle of the run
        st.stop()
    draft = open_draft(running, visitor)
    is_gone = draft is None and bool(OPEN_DRAFT.get())
    if not is_gone:  # or else the page that says so still has to know it
        OPEN_DRAFT.set(draft.id if draft else "")
    return PageContext(running, visitor, draft, is_gone)


def discard_draft(page: "PageContext | StepContext", draft: DraftView) -> None:
    """Forget the draft that this page shows. From here on the tab has none open."""
    page.service.drafts.discard(page.actor, draft.id)
    OPEN_DRAFT.set("")


def require_step(step: Step) -> StepContext:
    """The context of a step's page, where the draft is there and all steps before this one are done.

    Out of turn, the page of the step that waits for the merchant is opened instead. The draft remembers
    the step as the one where it was left.
    """
    page = page_context()
    walk = walk_for(page.service, page.draft)
    elsewhere = redirect_from(step, page.draft, walk, is_gone=page.draft_is_gone)
    if elsewhere:
        OPEN_DRAFT.set(page.draft_id or "")
        go(elsewhere.step, elsewhere.notice)
    if page.draft is None:  # there is nothing to do yet but to choose a system
        go(Step.SYSTEM)
    if page.draft.step != step:
        with contextlib.suppress(DraftNotFound):  # discarded in another tab since; the next run says so
            page.service.drafts.set_step(page.actor, page.draft.id, step)
    return StepContext(page.service, page.actor, page.draft, walk)


def require_report(page: StepContext) -> Report:
    """The report on what the draft holds; without one, the page of the step that waits is opened instead."""
    report = report_of(page.draft)
    if report is None:
        go(first_unfinished(page.draft), "out_of_turn")
    return report
