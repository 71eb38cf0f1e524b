"""The draft that a tab has open, and the walk that it is on.

The draft's id stands in the page's address, so that reload, Back and a restored tab keep it. It opens nothing by
itself: a draft is found for its own visitor only.
"""

import contextlib

import streamlit as st

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftNotFound
from xtnd_wizard.service import Service
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.session import OPEN_DRAFT
from xtnd_wizard.wizard.steps import WALK, Step, walk_of
from xtnd_wizard.wizard.views import DraftView

PARAMETER = "draft"


def open_draft_id() -> str:
    """The draft that the address names; where a link left it out, the one that this tab had open before."""
    return st.query_params.get(PARAMETER, "") or OPEN_DRAFT.get()


def set_open_draft(draft_id: str) -> None:
    """Work on this draft from here on; on none with an empty id. The address says so as well."""
    OPEN_DRAFT.set(draft_id)
    if draft_id and st.query_params.get(PARAMETER) != draft_id:
        st.query_params[PARAMETER] = draft_id
    elif not draft_id:
        st.query_params.pop(PARAMETER, None)


def address_of_open_draft() -> dict[str, str]:
    """What another page's address says of the draft that is open."""
    return {PARAMETER: OPEN_DRAFT.get()} if OPEN_DRAFT.get() else {}


def open_draft(running: Service, visitor: Actor) -> DraftView | None:
    """The draft that this tab has open. A new tab has none: the newest may be open in another one."""
    opened = open_draft_id()
    if opened:
        with contextlib.suppress(DraftNotFound):
            return DraftView.of(running.drafts.current(visitor, opened))
    return None


def walk_for(running: Service, draft: DraftView | None) -> tuple[Step, ...]:
    """The steps of a draft's walk; all there are before a system is chosen, and once it is saved."""
    if draft is None or not draft.system or draft.connection_id:
        return WALK
    return walk_of(get_system(draft.system), registered=running.oauth.client(draft) is not None)
