"""The walk to a connection that is made inside XTND: what has to be in place, ticked off and kept, and its end."""

from collections.abc import Sequence

import streamlit as st

from xtnd_wizard.domain.errors import Conflict, NotFound
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui import checklist
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import day, guide, t
from xtnd_wizard.ui.page_context import StepContext, discard_draft
from xtnd_wizard.ui.session import NOTICE, need_widget
from xtnd_wizard.wizard.by_hand import Need, Preparation, preparation
from xtnd_wizard.wizard.steps import Step


def preparation_of(page: StepContext) -> Preparation:
    """How far the merchant of this page has come."""
    return preparation(guide(page.draft.system)["by_hand"]["needs"], page.draft)


def draw_needs(page: StepContext) -> None:
    """What has to be in place, to tick off. Each tick is kept at once."""
    needs = guide(page.draft.system)["by_hand"]["needs"]
    in_place = {need.code for need in preparation_of(page).in_place}

    def keep() -> None:
        ticked = [need["id"] for need in needs if need_widget(need["id"]).get()]
        try:
            page.service.drafts.tick_off(page.actor, page.draft.id, ticked)
        except (NotFound, Conflict):
            NOTICE.set("draft_gone")

    for need in needs:
        st.checkbox(need["label"], need["id"] in in_place, key=need_widget(need["id"]).name, on_change=keep)


def draw_end(page: StepContext) -> None:
    """What is in place, what is left and who can help, as a list to take along."""
    found = preparation_of(page)
    st.title(t("by_hand.left_title") if found.left else t("by_hand.all_title"), icon=_icon(found))
    st.markdown(_lead(found))
    _draw_list(t("by_hand.left"), found.left, ":material/radio_button_unchecked:", cured=True)
    _draw_list(t("by_hand.in_place"), found.in_place, ":material/check_circle:")
    words = guide(page.draft.system)["by_hand"]
    st.subheader(words["steps_title"])
    st.markdown("\n".join(f"{number}. {step['title']}" for number, step in enumerate(words["steps"], start=1)))
    with st.container(horizontal=True):
        st.download_button(
            t("handover.download"),
            checklist.by_hand_html(get_system(page.draft.system), found),
            file_name="xtnd-checklist.html",
            mime="text/html",
            on_click="ignore",
            type="primary",
            icon=":material/download:",
        )
        st.button(t("by_hand.back"), icon=":material/arrow_back:", on_click=go, args=(Step.OBTAIN,))
        st.button(t("by_hand.finish"), type="tertiary", help=t("by_hand.finish_help"), on_click=_finish, args=(page,))
    st.caption(t("by_hand.kept", date=day(page.draft.expires_at)))


def _icon(found: Preparation) -> str:
    return ":material/checklist:" if found.left else ":material/check_circle:"


def _lead(found: Preparation) -> str:
    if not found.left:
        return t("by_hand.all_lead")
    return t("by_hand.left_lead") if found.in_place else t("by_hand.none_lead")


def _draw_list(title: str, needs: Sequence[Need], icon: str, *, cured: bool = False) -> None:
    if not needs:
        return
    st.subheader(title)
    with st.container(border=True):
        for need in needs:
            st.markdown(f"{icon} {need.label}" + (f"  \n:small[{need.cure}]" if cured else ""))


def _finish(page: StepContext) -> None:
    """End the walk. What was ticked off is of no more use."""
    discard_draft(page, page.draft)
    go("welcome", "by_hand_done")
