"""Obtain: where the values are, click by click, with a picture beside each."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from xtnd_wizard.wizard.drafts import DraftGone
from xtnd_wizard.wizard.steps import Step
from xtnd_wizard.sandbox import browser_address
from xtnd_wizard.systems import system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.host_change import draw_host_change
from xtnd_wizard.ui.pictures import draw_picture
from xtnd_wizard.ui.page_context import walk_at
from xtnd_wizard.ui.i18n import guide, t

current = walk_at(Step.OBTAIN)
draft = current.open_draft
chosen = system(draft.system)
way = chosen.way_of(draft.values)
words = guide(chosen.code, way)
obtain = words["obtain"]
by_hand = chosen.consent is not None and current.service.consents.client(draft) is None


def draw_choice_of_way() -> None:
    """The ways of connecting, the recommended one first."""

    def take() -> None:
        try:
            current.service.drafts.take_way(current.owner, str(st.session_state["way"]))
        except DraftGone:
            st.session_state["notice"] = "draft_gone"

    titles = {code: str(guide(chosen.code, code)["title"]) for code in chosen.ways}
    st.radio(
        t("obtain.which_way"),
        chosen.ways,
        index=chosen.ways.index(way),
        format_func=titles.__getitem__,
        captions=[guide(chosen.code, code)["text"] for code in chosen.ways],
        key="way",
        on_change=take,
    )


def draw_steps(steps: list[Mapping[str, str]]) -> None:
    """The clicks, each beside its picture."""
    with st.container(key="guide_steps"):
        for number, step in enumerate(steps, start=1):
            told, shown = st.columns([5, 6], gap="medium", vertical_alignment="center")
            told.subheader(f"{number}. {step['title']}")
            told.markdown(step["text"])
            if "picture" in step:
                with shown:
                    draw_picture(chosen.code, step["picture"], step["alt"])


def draw_paths(paths: list[Mapping[str, Any]]) -> None:
    """One path, or the newest of several and a choice of the others."""
    number = 0
    if len(paths) > 1:
        labels = [path["title"] for path in paths]
        picked = st.segmented_control(t("obtain.which_path"), labels, default=labels[0], required=True)
        number = labels.index(str(picked or labels[0]))
    if "text" in paths[number]:
        st.markdown(paths[number]["text"])
    draw_steps(paths[number]["steps"])


def draw_by_hand() -> None:
    """What to do where the operator has no registration: inside XTND, after what must be in place."""
    st.info(words["by_hand"]["lead"], icon=":material/info:")
    st.subheader(words["by_hand"]["needs_title"])
    for number, need in enumerate(words["by_hand"]["needs"]):
        st.checkbox(need, key=f"need_{number}")
    st.subheader(words["by_hand"]["steps_title"])
    draw_steps(words["by_hand"]["steps"])


def draw_key_page() -> None:
    """The way to the page of the channel's own site where the key is."""
    assert chosen.key_page is not None
    url = chosen.read_host(draft.values[API_URL], current.service.settings.trusted_origins).url
    with st.container(border=True):
        st.link_button(obtain["open"], browser_address(chosen.key_page(url)), icon=":material/open_in_new:")
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.caption(t("obtain.open_hint"), width="content")
            st.text(url.host, width="content")


st.title(words["by_hand"].get("title", obtain["title"]) if by_hand else obtain["title"])
draw_host_change(current)
if not by_hand:
    st.markdown(obtain["lead"])
if chosen.ways:
    draw_choice_of_way()
if not by_hand:
    st.warning(obtain["warning"], title=obtain["warning_title"], icon=":material/key:")
    if chosen.key_page:
        draw_key_page()
    draw_paths([path for path in obtain["paths"] if path.get("way", way) == way])
else:
    draw_by_hand()

st.subheader(t("obtain.trouble_title"))
for trouble in obtain["troubles"]:
    with st.expander(trouble["title"]):
        st.markdown(trouble["text"])
        if "picture" in trouble:
            draw_picture(chosen.code, trouble["picture"], trouble["alt"])

with st.container(horizontal=True):
    if by_hand:
        if st.button(t("obtain.by_hand_done"), type="primary", icon=":material/check:"):
            current.service.drafts.discard(current.owner)
            go("welcome", "by_hand_done")
    elif st.button(
        t("obtain.go_approve") if chosen.consent else t("obtain.next"), type="primary", icon=":material/arrow_forward:"
    ):
        go(Step.ENTER)
    if st.button(t("nav.back"), type="tertiary"):
        go(Step.SYSTEM)
