"""What every page of the walk begins with: the service, the visitor, the draft, and the guard."""

import contextlib
from dataclasses import dataclass

import streamlit as st

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftNotFound
from xtnd_wizard.service import Service, service
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.visitor import actor
from xtnd_wizard.wizard.steps import Step, first_unfinished, may_open

_OPEN_DRAFT = "open_draft"
"""Under this, a session keeps the id of the draft that its tab works on."""


@dataclass(frozen=True)
class PageContext:
    """One visitor's walk, as a page sees it."""

    service: Service
    actor: Actor
    draft: Draft | None

    @property
    def open_draft(self) -> Draft:
        """The draft of a page that can't be opened without one."""
        assert self.draft is not None
        return self.draft

    @property
    def draft_id(self) -> str | None:
        """The id of the draft that is open, if one is."""
        return self.draft.id if self.draft else None


def page_context() -> PageContext:
    """The walk of the visitor who asked for this page."""
    running, visitor = service(), actor()
    if visitor is None:  # the frame lets nobody in without a cookie: this one has left in the middle of the run
        st.stop()
    draft = _opened(running, visitor)
    keep_open(draft)
    return PageContext(running, visitor, draft)


def keep_open(draft: Draft | None) -> None:
    """Remember which draft this tab works on."""
    st.session_state[_OPEN_DRAFT] = draft.id if draft else ""


def _opened(running: Service, visitor: Actor) -> Draft | None:
    """The draft that this tab has open. A tab that has none, or whose draft is gone, goes on with the newest."""
    draft_id = st.session_state.get(_OPEN_DRAFT, "")
    if draft_id:
        with contextlib.suppress(DraftNotFound):
            return running.drafts.current(visitor, draft_id)
    return running.drafts.newest(visitor)


def require_step(step: Step) -> PageContext:
    """The walk, on a page that belongs to a step. Out of turn, the waiting step is shown instead."""
    page = page_context()
    if not may_open(step, page.draft):
        waiting = first_unfinished(page.draft)
        go(waiting, "already_saved" if waiting is Step.DONE else "out_of_turn")
    if page.draft and page.draft.step != step and step is not Step.SYSTEM:
        with contextlib.suppress(DraftNotFound):  # discarded in another tab since; the next run says so
            page.service.drafts.set_step(page.actor, page.draft.id, step)
    return page
