"""Obtain: where the values are, click by click, with a picture beside each."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.errors import Conflict, NotFound
from xtnd_wizard.sandbox import office_address
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.ui.by_hand import draw_needs
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.host_change import draw_host_change
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.pictures import draw_picture
from xtnd_wizard.ui.session import AUTH_METHOD_WIDGET, NOTICE
from xtnd_wizard.wizard.steps import Step

page = require_step(Step.OBTAIN)
draft = page.draft
system = get_system(draft.system)
auth_method = system.auth_method_of(draft.values)
words = guide(system.code, auth_method)
obtain = words["obtain"]
by_hand = page.by_hand


def draw_choice_of_auth_method() -> None:
    """The authentication methods, the recommended one first."""

    def take() -> None:
        try:
            page.service.drafts.choose_auth_method(page.actor, draft.id, AUTH_METHOD_WIDGET.get())
        except (NotFound, Conflict):
            NOTICE.set("draft_gone")

    titles = {code: str(guide(system.code, code)["title"]) for code in system.auth_methods}
    st.radio(
        t("obtain.which_way"),
        system.auth_methods,
        index=system.auth_methods.index(auth_method),
        format_func=titles.__getitem__,
        captions=[guide(system.code, code)["text"] for code in system.auth_methods],
        key=AUTH_METHOD_WIDGET.name,
        on_change=take,
    )


def draw_steps(steps: list[Mapping[str, str]]) -> None:
    """The clicks, each beside its picture."""
    with st.container(key="guide_steps"):
        for number, step in enumerate(steps, start=1):
            text_side, shown = st.columns([5, 6], gap="medium", vertical_alignment="center")
            text_side.subheader(f"{number}. {step['title']}")
            text_side.markdown(step["text"])
            if "picture" in step:
                with shown:
                    draw_picture(system.code, step["picture"], step["alt"])


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
    draw_needs(page)
    st.subheader(words["by_hand"]["steps_title"])
    draw_steps(words["by_hand"]["steps"])


def draw_key_page(key_page: Callable[[ApiUrl], str]) -> None:
    """The way to the page of the channel's own site where the key is."""
    url = system.read_host(draft.values[API_URL], page.service.settings.trusted_origins).url
    with st.container(border=True):
        st.link_button(obtain["open"], key_page(url), icon=":material/open_in_new:")
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.caption(t("obtain.open_hint"), width="content")
            st.text(url.host, width="content")


def draw_back_office(address: str) -> None:
    """The way to the sandbox's back office, where the steps below can be done."""
    with st.container(border=True):
        st.link_button(t("obtain.office"), address, icon=":material/open_in_new:")
        st.caption(t("obtain.office_hint"))
        st.text(draft.values[API_URL])


st.title(words["by_hand"].get("title", obtain["title"]) if by_hand else obtain["title"])
draw_host_change(page)
if not by_hand and system.oauth is None:
    st.button(t("obtain.have_it"), key="have_it", icon=":material/key:", on_click=go, args=(Step.ENTER,))
if not by_hand:
    st.markdown(obtain["lead"])
if system.auth_methods:
    draw_choice_of_auth_method()
if not by_hand:
    st.warning(obtain["warning"], title=obtain["warning_title"], icon=":material/key:")
    if office := office_address(system, draft.values.get(API_URL, "")):
        draw_back_office(office)
    elif system.key_page:
        draw_key_page(system.key_page)
    draw_paths([path for path in obtain["paths"] if path.get("auth_method", auth_method) == auth_method])
else:
    draw_by_hand()

st.subheader(t("obtain.trouble_title"))
for trouble in obtain["troubles"]:
    with st.expander(trouble["title"]):
        st.markdown(trouble["text"])
        if "picture" in trouble:
            draw_picture(system.code, trouble["picture"], trouble["alt"])

with st.container(horizontal=True):
    if by_hand:
        st.button(
            t("obtain.by_hand_done"),
            type="primary",
            icon=":material/checklist:",
            on_click=go,
            args=(Step.DONE,),
        )
    else:
        st.button(
            t("obtain.go_approve") if system.oauth else t("obtain.next"),
            type="primary",
            icon=":material/arrow_forward:",
            on_click=go,
            args=(Step.ENTER,),
        )
    st.button(t("nav.back"), type="tertiary", on_click=go, args=(Step.SYSTEM,))
