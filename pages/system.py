"""System: which channel, and where it is. A marketplace's host is found by name."""

import streamlit as st

from xtnd_wizard.systems import all_systems, get_system
from xtnd_wizard.systems.contract import API_URL, Marketplace
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import countries, guide, note, t
from xtnd_wizard.ui.open_draft import set_open_draft
from xtnd_wizard.ui.page_context import page_context
from xtnd_wizard.ui.remarks import draw_mixed_scripts
from xtnd_wizard.wizard.steps import after_choosing, preselected, typed_host, unsaved

page = page_context()
draft = unsaved(page.draft)
st.title(t("system.title"))

codes = [found.code for found in all_systems()]
picked = st.pills(
    t("system.which"),
    codes,
    format_func=lambda code: get_system(code).name,
    default=preselected(draft, codes),
    required=True,
    key="system",
)
system = get_system(str(picked or codes[0]))
words = guide(system.code)
place_words = words.get("place", {})
typed_before = typed_host(draft, system.code)

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
if cleaned and cleaned.remarks.refusal:
    st.error(note(system.code, cleaned.remarks.refusal), icon=":material/edit:")
elif cleaned and not system.hosts.fixed:
    with st.container(border=True):
        st.caption(t("system.we_call"))
        st.text(cleaned.value)
        draw_mixed_scripts(cleaned.value)
        for code in cleaned.remarks.notes:
            st.caption(note(system.code, code))
        if system.is_sandbox(cleaned.value):
            st.caption(t("system.demo_note"))
        elif place:
            st.caption(place_words["listed_note"])

if st.button(t("system.next"), type="primary", icon=":material/arrow_forward:"):
    if not text.strip():
        st.error(t("system.pick_first"), icon=":material/edit:")
    elif cleaned and not cleaned.remarks.refusal:
        opened = page.service.drafts.choose(page.actor, page.draft_id, system.code, text, sitting())
        set_open_draft(opened.id)
        asked = page.service.host_questions.pending(page.actor, opened.id, sitting())
        go(after_choosing(is_asked=asked is not None))
