"""Enter: one form. Both names of each field are visible, and what was pasted is shown back cleaned."""

from html import escape

import streamlit as st

from xtnd_wizard.onboarding.consent import RETURN_PATH
from xtnd_wizard.onboarding.drafts import DraftGone
from xtnd_wizard.onboarding.host_change import left_for_another_host
from xtnd_wizard.onboarding.steps import Step, missing_fields, usable
from xtnd_wizard.systems import system
from xtnd_wizard.systems.contract import API_URL, CredentialField
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.host_change import draw_host_change
from xtnd_wizard.ui.pictures import draw_picture
from xtnd_wizard.ui.walk import walk_at
from xtnd_wizard.ui.words import guide, note, t

current = walk_at(Step.ENTER)
draft = current.open_draft
chosen = system(draft.system)
way = chosen.way_of(draft.values)
told = guide(chosen.code, way)
words = told["fields"]
fields = [field for field in chosen.fields_of(way) if field.typed]
if chosen.consent and current.service.consents.client(draft) is None:
    go(Step.OBTAIN)
replacing: set[str] = st.session_state.setdefault("replacing", set())


def name_of(field: CredentialField) -> str:
    """The channel's name for a field and XTND's."""
    mine = words[field.name]
    return f"{mine['label']} → {mine['xtnd']}" if mine["label"] != mine["xtnd"] else str(mine["label"])


def submit() -> None:
    """Take what was typed. A secret is out of the session as soon as this one submit has carried it."""
    typed = {}
    for field in fields:
        key = f"enter_{field.name}"
        if key in st.session_state:
            typed[field.name] = str(st.session_state[key] or "")
            if field.sealed:
                st.session_state[key] = ""
    try:
        entered = current.service.drafts.enter(current.owner, typed, sitting())
    except DraftGone:
        go(Step.SYSTEM, "draft_gone")
        return
    replacing.clear()
    st.session_state.pop("unfold", None)
    for name in typed.keys() - chosen.sealed_fields_of(way):
        st.session_state[f"enter_{name}"] = entered.values.get(name, "")
    if set(left_for_another_host(entered)) - set(left_for_another_host(draft)):
        return  # what is said and asked about the new host stands above the form
    if missing_fields(entered):
        st.session_state["enter_said"] = "enter.mend"
    elif any(set(entered.notes.get(name, ())) - chosen.confirmations for name, text in typed.items() if text):
        st.session_state["enter_said"] = "enter.read_back"
    else:
        st.session_state["verify_at_once"] = True
        go(Step.VERIFY)


def draw_remarks(field: CredentialField) -> None:
    """What the cleaning said about a field's value, beside the field."""
    refusal = draft.refusals.get(field.name)
    if refusal:
        st.error(note(chosen.code, refusal), icon=":material/edit:")
    for code in draft.notes.get(field.name, []):
        st.caption(f":material/info: {note(chosen.code, code)}")


def draw_kept(field: CredentialField) -> None:
    """A sealed value that is there: its last four characters, and Replace."""
    with st.container(border=True, key=f"kept_{field.name}"):
        st.markdown(f":material/lock: {name_of(field)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            tail = draft.tails.get(field.name)
            st.text(f"{t('enter.kept')} {tail}" if tail else t("enter.kept_hidden"), width="content")
            st.space("stretch")
            replace = t("enter.replace_named", field=words[field.name]["label"])
            if st.button(t("enter.replace"), key=f"replace_{field.name}", help=replace):
                replacing.add(field.name)
                st.rerun()
        draw_remarks(field)


def draw_input(field: CredentialField) -> None:
    """One field of the form, with its help and what is to be said about it."""
    key = f"enter_{field.name}"
    st.session_state.setdefault(key, "" if field.sealed else draft.values.get(field.name, ""))
    st.text_input(
        name_of(field),
        key=key,
        type="password" if field.sealed else "default",
        help=words[field.name]["help"],
        autocomplete="off",
    )
    if not (field.sealed and field.name in draft.sealed):
        draw_remarks(field)
    if field.name == API_URL and usable(draft, API_URL):
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.caption(t("system.we_call"), width="content")
            st.text(draft.values[API_URL], width="content")


def draw_consent() -> None:
    """The way to the channel's consent page, or that the merchant was there."""
    approved = not missing_fields(draft)
    with st.container(border=True):
        if approved:
            st.markdown(f":material/lock: {told['consent']['approved']}")
        else:
            st.markdown(told["consent"]["lead"])
        label = t("enter.approve_again") if approved else told["consent"]["button"]
        kind = "again" if approved else "first"
        st.html(
            f'<a class="approve {kind}" href="{RETURN_PATH}/{chosen.code}/begin" target="_self">{escape(label)}</a>'
        )


kept = [field for field in fields if field.sealed and field.name in draft.sealed and field.name not in replacing]
asked = [field for field in fields if field not in kept]
ready_to_send = bool(fields) or not missing_fields(draft)

st.title(told["consent"]["title"] if chosen.consent else t("enter.title"))
if chosen.consent:
    draw_consent()
else:
    st.markdown(t("enter.lead"))
said = st.session_state.pop("enter_said", "")
if said:
    st.info(t(said), icon=":material/edit:")
draw_host_change(current)

form_side, guide_side = st.columns([3, 2], gap="large")
with form_side:
    for field in kept:
        draw_kept(field)
    with st.form("enter", border=False, enter_to_submit=True) if ready_to_send else st.container():
        for field in asked:
            if field.required:
                draw_input(field)
        for field in asked:
            if not field.required:
                with st.expander(
                    words[field.name]["fold"],
                    expanded=bool(draft.values.get(field.name)) or st.session_state.get("unfold", False),
                ):
                    draw_input(field)
        if "warning" in told:
            st.warning(told["warning"], title=told["warning_title"], icon=":material/warning:")
        if ready_to_send:
            st.form_submit_button(t("enter.submit"), type="primary", icon=":material/verified:", on_click=submit)
    with st.expander(t("verify.unchecked_title"), icon=":material/info:"):
        st.markdown("\n".join(f"- {thing}" for thing in told["unchecked"]))
    if replacing and st.button(t("enter.keep"), type="tertiary"):
        replacing.clear()
        st.rerun()
with guide_side:
    if fields:
        st.subheader(t("enter.where"))
    for field in fields:
        if "picture" in words[field.name]:
            with st.expander(words[field.name]["label"], expanded=field is fields[0]):
                draw_picture(chosen.code, words[field.name]["picture"], words[field.name]["alt"])
                st.caption(words[field.name]["help"])
    if usable(draft, API_URL) and st.button(t("enter.guide_again"), type="tertiary", icon=":material/menu_book:"):
        go(Step.OBTAIN)
