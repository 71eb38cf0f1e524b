"""What every page begins with: the service, the visitor, the open draft; and the guard of the steps."""

import contextlib
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftNotFound
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.service import Service, service
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.open_draft import open_draft, open_draft_id, set_open_draft, walk_for
from xtnd_wizard.ui.visitor import actor
from xtnd_wizard.wizard.steps import BY_HAND, Step, first_unfinished, redirect_from, report_of, unsaved
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
    is_gone = draft is None and bool(open_draft_id())
    if not is_gone:  # or else the page that says so still has to know it
        set_open_draft(draft.id if draft else "")
    return PageContext(running, visitor, draft, is_gone)


def discard_draft(page: "PageContext | StepContext", draft: DraftView) -> None:
    """Forget a draft. Where it is the one that this tab has open, the tab has none from here on."""
    page.service.drafts.discard(page.actor, draft.id)
    if draft.id == open_draft_id():
        set_open_draft("")


def begin_anew(page: PageContext) -> NoReturn:
    """Choose a system for another draft. Unfinished ones stay; one that was saved already makes way."""
    if page.draft and page.draft.connection_id:
        page.service.drafts.discard(page.actor, page.draft.id)
    set_open_draft("")
    go(Step.SYSTEM)


def unfinished_drafts(page: PageContext) -> list[DraftView]:
    """The visitor's drafts that are not saved, the one that was touched last first."""
    views = (DraftView.of(row) for row in page.service.drafts.all(page.actor))
    return [view for view in views if unsaved(view)]


def require_step(step: Step) -> StepContext:
    """The context of a step's page, where the draft is there and all steps before this one are done.

    Out of turn, the page of the step that waits for the merchant is opened instead. The draft remembers
    the step as the one where it was left.
    """
    page = page_context()
    if page.draft is None and not page.draft_is_gone and unfinished_drafts(page):
        go("welcome", "choose_draft")
    walk = walk_for(page.service, page.draft)
    elsewhere = redirect_from(step, page.draft, walk, is_gone=page.draft_is_gone)
    if elsewhere:
        set_open_draft(page.draft_id or "")
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
