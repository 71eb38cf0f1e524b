"""System: which channel, and where it is. A marketplace's host is found by name."""

import streamlit as st

from xtnd_wizard.domain.errors import NotFound
from xtnd_wizard.systems import all_systems, get_system
from xtnd_wizard.systems.contract import API_URL, Marketplace
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import countries, guide, note, t
from xtnd_wizard.ui.page_context import keep_open, page_context
from xtnd_wizard.ui.remarks import draw_mixed_scripts
from xtnd_wizard.wizard.steps import Step

page = page_context()
draft = page.draft if page.draft and not page.draft.connection_id else None
st.title(t("system.title"))

codes = [found.code for found in all_systems()]
picked = st.pills(
    t("system.which"),
    codes,
    format_func=lambda code: get_system(code).name,
    default=draft.system if draft and draft.system in codes else codes[0],
    required=True,
    key="system",
)
system = get_system(str(picked or codes[0]))
words = guide(system.code)
place_words = words.get("place", {})
typed_before = draft.values.get(API_URL, "") if draft and draft.system == system.code else ""

with st.container(border=True):
    st.markdown(words["summary"])
    st.markdown("\n".join(f"- {need}" for need in words["needs"]))


def label(place: Marketplace) -> str:
    """What the list shows and is searched by."""
    return "  ·  ".join(filter(None, (place.name, countries(place.country), place.host)))


def ask_for_marketplace() -> tuple[str, Marketplace | None]:
    """The address of a marketplace, found by name or pasted, and the listed one it was found as."""
    places = system.marketplaces()
    listed = next((number for number, place in enumerate(places) if place.host == typed_before), None)
    if st.toggle(t("system.not_listed"), value=bool(typed_before) and listed is None, key=f"not_listed_{system.code}"):
        return ask_for_address(typed_before if listed is None else ""), None
    place = st.selectbox(
        place_words["find"],
        places,
        index=listed,
        format_func=label,
        placeholder=place_words["find_placeholder"],
        filter_mode="contains",
        key=f"marketplace_{system.code}",
    )
    return place.host if place else "", place


def ask_for_address(typed: str) -> str:
    """An address as it was pasted."""
    return (
        st.text_input(
            place_words["address"],
            value=typed,
            help=place_words["address_help"],
            placeholder=place_words["placeholder"],
            key=f"address_{system.code}",
        )
        or ""
    )


place = None
if system.hosts.fixed:
    text = system.hosts.fixed
elif system.marketplaces():
    text, place = ask_for_marketplace()
else:
    text = ask_for_address(typed_before)

cleaned = system.clean(API_URL, text, page.service.settings.trusted_origins) if text.strip() else None
if cleaned and cleaned.refusal:
    st.error(note(system.code, cleaned.refusal), icon=":material/edit:")
elif cleaned and not system.hosts.fixed:
    with st.container(border=True):
        st.caption(t("system.we_call"))
        st.text(cleaned.value)
        draw_mixed_scripts(cleaned.value)
        for code in cleaned.notes:
            st.caption(note(system.code, code))
        if system.is_sandbox(cleaned.value):
            st.caption(t("system.demo_note"))
        elif place:
            st.caption(place_words["listed_note"])

if st.button(t("system.next"), type="primary", icon=":material/arrow_forward:"):
    if not text.strip():
        st.error(t("system.pick_first"), icon=":material/edit:")
    elif cleaned and not cleaned.refusal:
        try:
            opened = page.service.drafts.choose(page.actor, page.draft_id, system.code, text, sitting())
        except NotFound:
            go(Step.SYSTEM, "draft_gone")
        else:
            keep_open(opened)
            asked = page.service.host_questions.pending(opened, sitting())
            go(Step.ENTER if asked else Step.OBTAIN)
