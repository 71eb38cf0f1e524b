"""What every page of the walk begins with: the service, the visitor, the draft, and the guard."""

from dataclasses import dataclass

import streamlit as st

from xtnd_wizard.service import Service, service
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.visitor import tenant
from xtnd_wizard.wizard.steps import Step, first_unfinished, may_open


@dataclass(frozen=True)
class PageContext:
    """One visitor's walk, as a page sees it."""

    service: Service
    tenant: str
    draft: Draft | None

    @property
    def open_draft(self) -> Draft:
        """The draft of a page that can't be opened without one."""
        assert self.draft is not None
        return self.draft


def page_context() -> PageContext:
    """The walk of the visitor who asked for this page."""
    running, visitor = service(), tenant()
    if visitor is None:  # the frame lets nobody in without a cookie: this one has left in the middle of the run
        st.stop()
    return PageContext(running, visitor, running.drafts.current(visitor))


def require_step(step: Step) -> PageContext:
    """The walk, on a page that belongs to a step. Out of turn, the waiting step is shown instead."""
    page = page_context()
    if not may_open(step, page.draft):
        waiting = first_unfinished(page.draft)
        go(waiting, "already_saved" if waiting is Step.DONE else "out_of_turn")
    if page.draft and page.draft.step != step and step is not Step.SYSTEM:
        page.service.drafts.set_step(page.tenant, step)
    return page
