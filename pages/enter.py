"""Enter: one form. Both names of each field are visible, and what was pasted is shown back cleaned."""

from html import escape

import streamlit as st

from xtnd_wizard.domain.errors import Conflict, NotFound, StorageFailed
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, CredentialField
from xtnd_wizard.ui.assistive import focus_on
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.host_change import draw_host_change
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.pictures import draw_picture
from xtnd_wizard.ui.remarks import draw_mixed_scripts, draw_remarks, question_words
from xtnd_wizard.ui.session import (
    NEXT_STEP,
    NOT_STORED,
    NOTICE,
    REPLACING,
    UNFOLD,
    VERIFY_AT_ONCE,
    field_widget,
    seed_field,
    take_fields,
)
from xtnd_wizard.wizard.approvals import RETURN_PATH
from xtnd_wizard.wizard.entry_form import NextStep, after_entering, form_layout
from xtnd_wizard.wizard.questions import Question
from xtnd_wizard.wizard.steps import Step, missing_fields, usable
from xtnd_wizard.wizard.views import DraftView

page = require_step(Step.ENTER)
draft = page.draft
system = get_system(draft.system)
auth_method = system.auth_method_of(draft.values)
guide_words = guide(system.code, auth_method)
words = guide_words["fields"]
form = form_layout(draft, REPLACING.get())


def draw_xtnd_name(field: CredentialField) -> None:
    """What XTND calls a field, where the channel calls it something else."""
    mine = words[field.name]
    if mine["label"] != mine["xtnd"]:
        st.caption(t("enter.xtnd_name", name=mine["xtnd"]))


def submit(names: tuple[str, ...]) -> None:
    """Take what was typed. A secret is out of the session as soon as this one submit has carried it."""
    sealed = system.sealed_fields_of(auth_method)
    typed = take_fields(names, sealed)
    try:
        entered = DraftView.of(page.service.drafts.enter(page.actor, draft.id, typed, sitting()))
    except (NotFound, Conflict):
        go(Step.SYSTEM, "draft_gone")
    except StorageFailed:
        NOT_STORED.set(True)
        return
    REPLACING.set(REPLACING.get() - set(names))
    UNFOLD.pop()
    for name in typed.keys() - sealed:
        field_widget(name).set(entered.values.get(name, ""))
    go_on(after_entering(draft, entered, typed))


def confirm(question: Question) -> None:
    """Take it that the value asked about is right."""
    try:
        entered = DraftView.of(page.service.drafts.confirm(page.actor, draft.id, question.field, question.digest))
    except (NotFound, Conflict):
        NOTICE.set("draft_gone")
    except StorageFailed:
        NOT_STORED.set(True)
    else:
        go_on(after_entering(draft, entered, {}))


def go_on(next_step: NextStep) -> None:
    """Verify at once, or say on this page what comes first."""
    if next_step is NextStep.VERIFY:
        VERIFY_AT_ONCE.set(True)
        go(Step.VERIFY)
    NEXT_STEP.set(next_step)


def draw_kept(field: CredentialField) -> None:
    """A sealed value that is there: its last four characters, and Replace."""
    with st.container(border=True, key=f"kept_{field.name}"):
        st.markdown(f":material/lock: {words[field.name]['label']}")
        draw_xtnd_name(field)
        with st.container(horizontal=True, vertical_alignment="center"):
            last4 = draft.last4.get(field.name)
            st.text(f"{t('enter.kept')} {last4}" if last4 else t("enter.kept_hidden"), width="content")
            st.space("stretch")
            replace = t("enter.replace_named", field=words[field.name]["label"])
            if st.button(t("enter.replace"), key=f"replace_{field.name}", help=replace):
                REPLACING.set(REPLACING.get() | {field.name})
                st.rerun()
        draw_remarks(draft, field.name)


def draw_question(field: CredentialField, question: Question) -> None:
    """A value that looks like something else: what it looks like, one button to use it, and a field to paste anew."""
    with st.container(border=True, key=f"question_{field.name}"):
        st.markdown(f":material/help: **{words[field.name]['label']}**")
        st.markdown(question_words(draft, question, auth_method))
        yes = t("enter.yes_named", field=words[field.name]["label"])
        st.button(t("enter.yes"), type="primary", key=f"yes_{field.name}", help=yes, on_click=confirm, args=(question,))
        with st.form(f"anew_{field.name}", border=False):
            draw_input(field, t("enter.paste_anew", field=words[field.name]["label"]))
            st.form_submit_button(t("enter.use_this"), on_click=submit, args=((field.name,),))


def draw_input(field: CredentialField, label: str) -> None:
    """One field of a form, with its help and what is to be said about it."""
    st.text_input(
        label,
        key=seed_field(field.name, "" if field.sealed else draft.values.get(field.name, "")),
        type="password" if field.sealed else "default",
        help=words[field.name]["help"],
        autocomplete="off",
    )
    draw_xtnd_name(field)
    if field.name in REPLACING.get():
        focus_on(field_widget(field.name).name)
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
        address = f"{RETURN_PATH}/{system.code}/begin?draft={draft.id}"
        st.html(f'<a class="approve {kind}" href="{address}" target="_self">{escape(label)}</a>')


st.title(guide_words["consent"]["title"] if system.oauth else t("enter.title"))
if system.oauth:
    draw_consent()
else:
    st.markdown(t("enter.lead"))
next_step = NEXT_STEP.pop()
# A place that is always there: what comes and goes in it moves nothing below while the page is drawn anew.
with st.container(key="enter_notices"):
    if NOT_STORED.pop():
        st.error(t("enter.not_stored"), title=t("enter.not_stored_title"), icon=":material/cloud_off:")
    if next_step in (NextStep.MEND, NextStep.ASKED, NextStep.READ_BACK):
        st.info(t(f"enter.{next_step}"), icon=":material/edit:")
    draw_host_change(page)

form_side, guide_side = st.columns([3, 2], gap="large")
with form_side:
    for field, question in form.doubtful:
        draw_question(field, question)
    for field in form.kept:
        draw_kept(field)
    with st.form("enter", border=False, enter_to_submit=True) if form.can_be_sent else st.container():
        for field in form.required:
            draw_input(field, words[field.name]["label"])
        for field in form.optional:
            with st.expander(words[field.name]["fold"], expanded=bool(draft.values.get(field.name)) or UNFOLD.get()):
                draw_input(field, words[field.name]["label"])
        if "warning" in guide_words:
            st.warning(guide_words["warning"], title=guide_words["warning_title"], icon=":material/warning:")
        if form.can_be_sent:
            st.form_submit_button(
                t("enter.submit"),
                type="secondary" if form.doubtful else "primary",
                icon=":material/verified:",
                on_click=submit,
                args=(form.asked,),
            )
    with st.expander(t("verify.unchecked_title"), icon=":material/info:"):
        st.markdown("\n".join(f"- {thing}" for thing in guide_words["unchecked"]))
    if REPLACING.get() and st.button(t("enter.keep"), type="tertiary"):
        REPLACING.pop()
        st.rerun()
with guide_side:
    if form.fields:
        st.subheader(t("enter.where"))
    for field in form.fields:
        if "picture" in words[field.name]:
            with st.expander(words[field.name]["label"], expanded=field is form.fields[0]):
                draw_picture(system.code, words[field.name]["picture"], words[field.name]["alt"])
                st.caption(words[field.name]["help"])
    if usable(draft, API_URL):
        st.button(
            t("enter.guide_again"), type="tertiary", icon=":material/menu_book:", on_click=go, args=(Step.OBTAIN,)
        )
