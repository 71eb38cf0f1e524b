"""System: which channel, and where it is. A marketplace's host is found by name."""

import streamlit as st

from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL, Marketplace
from xtnd_wizard.systems.marketplace_search import host_in, search
from xtnd_wizard.ui.cards import choose_card, choose_system
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import countries, guide, note, t, visitor_country
from xtnd_wizard.ui.open_draft import set_open_draft
from xtnd_wizard.ui.page_context import page_context
from xtnd_wizard.ui.remarks import draw_field_error, draw_mixed_scripts
from xtnd_wizard.wizard.steps import after_choosing, preselected, typed_host, unsaved

page = page_context()
draft = unsaved(page.draft)
st.title(t("system.title"))

system = choose_system("system", preselected(draft, [found.code for found in all_systems()]))
words = guide(system.code)
place_words = words.get("place", {})
typed_before = typed_host(draft, system.code)

with st.container(border=True):
    st.markdown(words["summary"])
    st.markdown("\n".join(f"- {need}" for need in words["needs"]))


def ask_for_marketplace() -> tuple[str, Marketplace | None]:
    """The address of a marketplace, found by name or pasted, and the listed one it was found as."""
    places = system.marketplaces()
    chosen = next((place for place in places if place.host == typed_before), None)
    question = st.container()
    if st.toggle(t("system.not_listed"), value=bool(typed_before) and not chosen, key=f"not_listed_{system.code}"):
        with question:
            return ask_for_address("" if chosen else typed_before), None
    with question:
        typed = st.text_input(
            place_words["find"],
            type="search",
            placeholder=place_words["find_placeholder"],
            live=True,
            key=f"find_{system.code}",
        )
        return pick_from(offered(places, typed or "", chosen), typed or "", chosen)


def offered(places: tuple[Marketplace, ...], typed: str, chosen: Marketplace | None) -> tuple[Marketplace, ...]:
    """The marketplaces to pick from. One that was chosen before leads the list until something is typed."""
    found = search(places, typed, visitor_country(), countries)
    return found if typed.strip() or chosen is None else tuple(dict.fromkeys((chosen, *found)))


def pick_from(found: tuple[Marketplace, ...], typed: str, chosen: Marketplace | None) -> tuple[str, Marketplace | None]:
    """The marketplace that was picked. A single one that is meant needs no further click."""
    if not found:
        if host_in(typed):
            return typed, None
        if typed.strip():
            st.info(t("system.none_found", not_listed=t("system.not_listed")), icon=":material/search_off:")
        return "", None
    by_host = {place.host: place for place in found}
    only = found[0].host if len(found) == 1 else ""
    host = choose_card(
        t("system.meant") if typed.strip() else t("system.nearby", country=countries(visitor_country())),
        {place.host: (place.name, known_of(place)) for place in found},
        only or (chosen.host if chosen in found else None),
        f"marketplace_{system.code}_{only}",
    )
    return host or "", by_host.get(host or "")


def known_of(place: Marketplace) -> str:
    """What the list knows of a marketplace beside its name."""
    return " · ".join(filter(None, (countries(place.country), place.host)))


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
    draw_field_error(f"address_{system.code}", place_words["address"], note(system.code, cleaned.remarks.refusal))
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
