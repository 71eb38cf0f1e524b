"""The draft that a tab has open, and the walk that it is on."""

import contextlib

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftNotFound
from xtnd_wizard.service import Service
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.session import OPEN_DRAFT
from xtnd_wizard.wizard.steps import WALK, Step, walk_of
from xtnd_wizard.wizard.views import DraftView


def open_draft(running: Service, visitor: Actor) -> DraftView | None:
    """The draft that this tab has open; a session that has just begun goes on with the newest.

    No other run takes the newest: it may be open in another tab, and what was pressed here was not about it.
    """
    opened = OPEN_DRAFT.get()
    if opened is None:
        newest = running.drafts.newest(visitor)
        return DraftView.of(newest) if newest else None
    if opened:
        with contextlib.suppress(DraftNotFound):
            return DraftView.of(running.drafts.current(visitor, opened))
    return None


def walk_for(running: Service, draft: DraftView | None) -> tuple[Step, ...]:
    """The steps of a draft's walk; all there are before a system is chosen, and once it is saved."""
    if draft is None or not draft.system or draft.connection_id:
        return WALK
    return walk_of(get_system(draft.system), registered=running.oauth.client(draft) is not None)
