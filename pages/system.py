"""System: which channel, and for a marketplace which one. The host is found by name."""

import streamlit as st

from xtnd_wizard.onboarding.steps import Step
from xtnd_wizard.systems import all_systems, system
from xtnd_wizard.systems.contract import API_URL, Marketplace
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.walk import walk
from xtnd_wizard.ui.words import countries, guide, note, t

current = walk()
draft = current.draft if current.draft and not current.draft.connection_id else None
st.title(t("system.title"))

codes = [found.code for found in all_systems()]
chosen = system(draft.system if draft and draft.system in codes else codes[0])
if len(codes) > 1:
    picked = st.segmented_control(
        t("system.which"), codes, format_func=lambda code: system(code).name, default=chosen.code, required=True
    )
    chosen = system(picked or chosen.code)
else:
    with st.container(border=True):
        st.subheader(chosen.name, icon=":material/storefront:")
        st.markdown(guide(chosen.code)["summary"])


def label(place: Marketplace) -> str:
    """What the list shows and is searched by."""
    return "  ·  ".join(filter(None, (place.name, countries(place.country), place.host)))


places = chosen.marketplaces()
typed_before = draft.values.get(API_URL, "") if draft and draft.system == chosen.code else ""
listed = next((number for number, place in enumerate(places) if place.host == typed_before), None)
place = None
not_listed = not places
if places:
    not_listed = st.toggle(t("system.not_listed"), value=bool(typed_before) and listed is None, key="not_listed")
    if not not_listed:
        place = st.selectbox(
            t("system.find"),
            places,
            index=listed,
            format_func=label,
            placeholder=t("system.find_placeholder"),
            filter_mode="contains",
        )
text = place.host if place else ""
if not_listed:
    text = (
        st.text_input(
            t("system.address"),
            value=typed_before if listed is None else "",
            help=t("system.address_help"),
            placeholder="https://…",
        )
        or ""
    )

cleaned = chosen.clean(API_URL, text, current.service.settings.trusted_origins) if text.strip() else None
if cleaned and cleaned.refusal:
    st.error(note(chosen.code, cleaned.refusal), icon=":material/edit:")
elif cleaned:
    with st.container(border=True):
        st.caption(t("system.we_call"))
        st.text(cleaned.value)
        for code in cleaned.notes:
            st.caption(note(chosen.code, code))
        if cleaned.value in chosen.sandbox.hosts:
            st.caption(t("system.demo_note"))
        elif place:
            st.caption(t("system.listed_note"))

if st.button(t("system.next"), type="primary", icon=":material/arrow_forward:"):
    if not text.strip():
        st.error(t("system.pick_first"), icon=":material/edit:")
    elif cleaned and not cleaned.refusal:
        current.service.drafts.choose(current.owner, chosen.code, text)
        go(Step.OBTAIN)
