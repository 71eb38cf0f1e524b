"""Enter: one form. Both names of each field are visible, and what was pasted is shown back cleaned."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from xtnd_wizard.domain.api_url import is_in_mixed_scripts
from xtnd_wizard.domain.errors import Conflict, NotFound, StorageFailed
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, CredentialField
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.host_change import draw_host_change
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.pictures import draw_picture
from xtnd_wizard.ui.remarks import draw_mixed_scripts, draw_remarks, question_words
from xtnd_wizard.wizard.approvals import RETURN_PATH
from xtnd_wizard.wizard.host_change import left_for_another_host
from xtnd_wizard.wizard.questions import Question, open_questions
from xtnd_wizard.wizard.steps import Step, missing_fields, usable

page = require_step(Step.ENTER)
draft = page.open_draft
system = get_system(draft.system)
auth_method = system.auth_method_of(draft.values)
guide_words = guide(system.code, auth_method)
words = guide_words["fields"]
fields = [field for field in system.fields_of(auth_method) if field.typed]
if system.oauth and page.service.oauth.client(draft) is None:
    go(Step.OBTAIN)
replacing: set[str] = st.session_state.setdefault("replacing", set())


def name_of(field: CredentialField) -> str:
    """The channel's name for a field and XTND's."""
    mine = words[field.name]
    return f"{mine['label']} → {mine['xtnd']}" if mine["label"] != mine["xtnd"] else str(mine["label"])


def submit(names: tuple[str, ...]) -> None:
    """Take what was typed. A secret is out of the session as soon as this one submit has carried it."""
    sealed, typed = system.sealed_fields_of(auth_method), {}
    for name in names:
        key = f"enter_{name}"
        if key in st.session_state:
            typed[name] = str(st.session_state[key] or "")
            if name in sealed:
                st.session_state[key] = ""
    try:
        entered = page.service.drafts.enter(page.actor, draft.id, typed, sitting())
    except (NotFound, Conflict):
        go(Step.SYSTEM, "draft_gone")
        return
    except StorageFailed:
        st.session_state["enter_not_stored"] = True
        return
    replacing.difference_update(names)
    st.session_state.pop("unfold", None)
    for name in typed.keys() - sealed:
        st.session_state[f"enter_{name}"] = entered.values.get(name, "")
    go_on(entered, [name for name, text in typed.items() if text])


def confirm(question: Question) -> None:
    """Take it that the value asked about is right."""
    try:
        entered = page.service.drafts.confirm(page.actor, draft.id, question.field, question.digest)
    except (NotFound, Conflict):
        st.session_state["notice"] = "draft_gone"
    except StorageFailed:
        st.session_state["enter_not_stored"] = True
    else:
        go_on(entered, [])


def go_on(entered: Draft, typed: Sequence[str]) -> None:
    """Verify at once, unless something is missing, asked, or to be read back."""
    missing = missing_fields(entered)
    host = entered.values.get(API_URL, "")
    another_host = host != draft.values.get(API_URL) and is_in_mixed_scripts(host)
    if set(left_for_another_host(entered)) - set(left_for_another_host(draft)):
        return  # what is said and asked about the new host stands above the form
    if missing:
        st.session_state["enter_said"] = "enter.mend" if set(missing) - set(open_questions(entered)) else "enter.asked"
    elif another_host or any(set(entered.notes.get(name, ())) - system.confirmations for name in typed):
        st.session_state["enter_said"] = "enter.read_back"
    else:
        st.session_state["verify_at_once"] = True
        go(Step.VERIFY)


def draw_kept(field: CredentialField) -> None:
    """A sealed value that is there: its last four characters, and Replace."""
    with st.container(border=True, key=f"kept_{field.name}"):
        st.markdown(f":material/lock: {name_of(field)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            last4 = draft.last4.get(field.name)
            st.text(f"{t('enter.kept')} {last4}" if last4 else t("enter.kept_hidden"), width="content")
            st.space("stretch")
            replace = t("enter.replace_named", field=words[field.name]["label"])
            if st.button(t("enter.replace"), key=f"replace_{field.name}", help=replace):
                replacing.add(field.name)
                st.rerun()
        draw_remarks(draft, field.name)


def draw_question(field: CredentialField, question: Question) -> None:
    """A value that looks like something else: what it looks like, one button to use it, and a field to paste anew."""
    with st.container(border=True, key=f"question_{field.name}"):
        st.markdown(f":material/help: **{name_of(field)}**")
        st.markdown(question_words(draft, question, auth_method))
        yes = t("enter.yes_named", field=words[field.name]["label"])
        st.button(t("enter.yes"), type="primary", key=f"yes_{field.name}", help=yes, on_click=confirm, args=(question,))
        with st.form(f"anew_{field.name}", border=False):
            draw_input(field, t("enter.paste_anew", field=words[field.name]["label"]))
            st.form_submit_button(t("enter.use_this"), on_click=submit, args=((field.name,),))


def draw_input(field: CredentialField, label: str) -> None:
    """One field of a form, with its help and what is to be said about it."""
    key = f"enter_{field.name}"
    st.session_state.setdefault(key, "" if field.sealed else draft.values.get(field.name, ""))
    st.text_input(
        label,
        key=key,
        type="password" if field.sealed else "default",
        help=words[field.name]["help"],
        autocomplete="off",
    )
    if not (field.sealed and field.name in draft.sealed):
        draw_remarks(draft, field.name)
    if field.name == API_URL and usable(draft, API_URL):
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.caption(t("system.we_call"), width="content")
            st.text(draft.values[API_URL], width="content")
        draw_mixed_scripts(draft.values[API_URL])


def draw_consent() -> None:
    """The way to the channel's consent page, or that the merchant was there."""
    approved = not missing_fields(draft)
    with st.container(border=True):
        if approved:
            st.markdown(f":material/lock: {guide_words['consent']['approved']}")
        else:
            st.markdown(guide_words["consent"]["lead"])
        label = t("enter.approve_again") if approved else guide_words["consent"]["button"]
        kind = "again" if approved else "first"
        st.html(
            f'<a class="approve {kind}" href="{RETURN_PATH}/{system.code}/begin" target="_self">{escape(label)}</a>'
        )


questions = open_questions(draft)
doubtful = [field for field in fields if field.name in questions]
kept = [
    field
    for field in fields
    if field.sealed and field.name in draft.sealed and field.name not in replacing and field not in doubtful
]
asked = [field for field in fields if field not in kept and field not in doubtful]
ready_to_send = bool(fields) or not missing_fields(draft)

st.title(guide_words["consent"]["title"] if system.oauth else t("enter.title"))
if system.oauth:
    draw_consent()
else:
    st.markdown(t("enter.lead"))
said = st.session_state.pop("enter_said", "")
# A place that is always there: what comes and goes in it moves nothing below while the page is drawn anew.
with st.container(key="enter_notices"):
    if st.session_state.pop("enter_not_stored", False):
        st.error(t("enter.not_stored"), title=t("enter.not_stored_title"), icon=":material/cloud_off:")
    if said:
        st.info(t(said), icon=":material/edit:")
    draw_host_change(page)

form_side, guide_side = st.columns([3, 2], gap="large")
with form_side:
    for field in doubtful:
        draw_question(field, questions[field.name])
    for field in kept:
        draw_kept(field)
    with st.form("enter", border=False, enter_to_submit=True) if ready_to_send else st.container():
        for field in asked:
            if field.required:
                draw_input(field, name_of(field))
        for field in asked:
            if not field.required:
                with st.expander(
                    words[field.name]["fold"],
                    expanded=bool(draft.values.get(field.name)) or st.session_state.get("unfold", False),
                ):
                    draw_input(field, name_of(field))
        if "warning" in guide_words:
            st.warning(guide_words["warning"], title=guide_words["warning_title"], icon=":material/warning:")
        if ready_to_send:
            st.form_submit_button(
                t("enter.submit"),
                type="secondary" if doubtful else "primary",
                icon=":material/verified:",
                on_click=submit,
                args=(tuple(field.name for field in asked),),
            )
    with st.expander(t("verify.unchecked_title"), icon=":material/info:"):
        st.markdown("\n".join(f"- {thing}" for thing in guide_words["unchecked"]))
    if replacing and st.button(t("enter.keep"), type="tertiary"):
        replacing.clear()
        st.rerun()
with guide_side:
    if fields:
        st.subheader(t("enter.where"))
    for field in fields:
        if "picture" in words[field.name]:
            with st.expander(words[field.name]["label"], expanded=field is fields[0]):
                draw_picture(system.code, words[field.name]["picture"], words[field.name]["alt"])
                st.caption(words[field.name]["help"])
    if usable(draft, API_URL) and st.button(t("enter.guide_again"), type="tertiary", icon=":material/menu_book:"):
        go(Step.OBTAIN)
