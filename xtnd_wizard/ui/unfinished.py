"""The drafts that wait to be finished, each with where it was left: to be continued, or discarded."""

import streamlit as st

from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import day, t
from xtnd_wizard.ui.open_draft import open_draft_id, set_open_draft
from xtnd_wizard.ui.page_context import PageContext, discard_draft, unfinished_drafts
from xtnd_wizard.ui.plain import plain
from xtnd_wizard.wizard.unfinished import Unfinished, as_listed
from xtnd_wizard.wizard.views import DraftView


def draw_unfinished(page: PageContext, back_to: str, *, is_main: bool = True) -> bool:
    """Draw a card for each of them, the one that this tab has open first; whether there was any.

    `back_to` is the page that is shown again after one was discarded. `is_main` is whether going on with the first of
    them is what the page is for.
    """
    found = [as_listed(draft) for draft in unfinished_drafts(page)]
    for number, listed in enumerate(sorted(found, key=lambda listed: listed.draft.id != open_draft_id())):
        _draw(page, listed, back_to, is_main=is_main and number == 0)
    return bool(found)


def _draw(page: PageContext, listed: Unfinished, back_to: str, *, is_main: bool) -> None:
    draft = listed.draft
    with st.container(border=True, key=f"unfinished_{draft.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            named = listed.name if listed.name == listed.system else f"{listed.name} ({listed.system})"
            st.text(f"{named}: {t('unfinished.left_at', step=t(f'step.{listed.step}'))}", width="content")
            if listed.is_practice:
                st.badge(t("connections.practice"), icon=":material/science:", color="blue")
        st.caption(t("unfinished.kept_until", date=day(draft.expires_at)))
        with st.container(horizontal=True):
            st.button(
                t("unfinished.continue", name=plain(listed.name)),
                key=f"continue_{draft.id}",
                type="primary" if is_main else "secondary",
                icon=":material/arrow_forward:",
                on_click=_go_on,
                args=(listed,),
            )
            st.button(
                t("unfinished.discard", name=plain(listed.name)),
                key=f"discard_{draft.id}",
                type="tertiary",
                icon=":material/delete:",
                help=t("unfinished.discard_hint"),
                on_click=_discard,
                args=(page, draft, back_to),
            )


def _go_on(listed: Unfinished) -> None:
    set_open_draft(listed.draft.id)
    go(listed.step)


def _discard(page: PageContext, draft: DraftView, back_to: str) -> None:
    discard_draft(page, draft)
    go(back_to, "discarded")
