"""Enter: one form. Both names of each field are visible, and what was pasted is shown back cleaned."""

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from xtnd_wizard.domain.errors import Conflict, NotFound, StorageFailed
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.messages import ReadingReport
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.entry_rows import EntryRows
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.host_change import draw_host_change
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.message_box import draw_message_box, draw_report
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.pictures import draw_picture
from xtnd_wizard.ui.session import (
    MESSAGE_BOX_OF,
    NEXT_STEP,
    NOT_STORED,
    READ_BACK,
    READ_FROM_MESSAGE,
    REPLACING,
    UNFOLD,
    VERIFY_AT_ONCE,
    field_widget,
    take_fields,
    take_message,
)
from xtnd_wizard.wizard.approvals import RETURN_PATH
from xtnd_wizard.wizard.entry_form import (
    NextStep,
    after_entering,
    filled_besides,
    form_layout,
    newly_typed,
    to_read_back,
)
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


def take(*, blanks: bool) -> DraftView | None:
    """Take what was typed, with `blanks` what was left empty as well; None where it could not be stored.

    A secret is out of the session as soon as this one run has carried it, and before anything is done with it.
    """
    pasted = take_fields(form.asked, system.sealed_fields_of(auth_method))
    if NOT_STORED.get() or (before := edited(lambda: page.service.drafts.current(page.actor, draft.id))) is None:
        return None
    typed = {name: value for name, value in newly_typed(before, pasted).items() if value or blanks}
    if not typed:
        return before
    entered = edited(lambda: page.service.drafts.enter(page.actor, draft.id, typed, sitting()))
    if entered is None:
        return None
    REPLACING.set(REPLACING.get() - {name for name, value in typed.items() if value})
    show_values(entered)
    READ_BACK.set(READ_BACK.get() - typed.keys() | to_read_back(before, entered, typed))
    if others := filled_besides(before, entered, typed):
        READ_FROM_MESSAGE.set(ReadingReport(found=others))
    return entered


def edited(edit: Callable[[], Any]) -> DraftView | None:
    """The draft after an edit; None where it could not be stored, and the page says so."""
    try:
        return DraftView.of(edit())
    except (NotFound, Conflict):
        go(Step.SYSTEM, "draft_gone")
    except StorageFailed:
        NOT_STORED.set(True)
        return None


def show_values(entered: DraftView) -> None:
    """Let the inputs of open fields show what was read."""
    for name in set(form.asked) - system.sealed_fields_of(auth_method):
        field_widget(name).set(entered.values.get(name, ""))


def leave() -> None:
    """Keep what was typed as soon as its field was left. Nothing is called."""
    take(blanks=False)


def read() -> None:
    """Fill in the fields from a whole message. Nothing is called."""
    message, found = take_message(), []

    def enter() -> Any:
        entered, report = page.service.drafts.read_message(page.actor, draft.id, message, sitting())
        found.append(report)
        return entered

    if not message.is_blank and (entered := edited(enter)):
        (report,) = found
        MESSAGE_BOX_OF.pop()
        READ_FROM_MESSAGE.set(report)
        READ_BACK.set(READ_BACK.get() | set(report.found))
        REPLACING.set(REPLACING.get() - set(report.found))
        show_values(entered)


def check(shown: frozenset[str]) -> None:
    """Take what was typed, and verify; unless it was changed since the form was drawn, and is to be looked at first."""
    taken = take(blanks=True)
    if taken is None:
        return
    UNFOLD.pop()
    next_step = after_entering(draft, taken, {})
    if next_step in (NextStep.VERIFY, NextStep.READ_BACK):
        next_step = NextStep.READ_BACK if READ_BACK.get() - shown else NextStep.VERIFY
    go_on(next_step)


def confirm(question: Question) -> None:
    """Take it that the value asked about is right."""
    entered = edited(lambda: page.service.drafts.confirm(page.actor, draft.id, question.field, question.digest))
    if entered:
        go_on(after_entering(draft, entered, {}))


def swap(question: Question) -> None:
    """Let two values change places."""
    entered = edited(lambda: page.service.drafts.swap(page.actor, draft.id, question.field, question.digest, sitting()))
    if entered:
        go_on(after_entering(draft, entered, {}))


def go_on(next_step: NextStep) -> None:
    """Verify at once, or say on this page what comes first."""
    if next_step is NextStep.VERIFY:
        READ_BACK.pop()
        READ_FROM_MESSAGE.pop()
        MESSAGE_BOX_OF.pop()
        VERIFY_AT_ONCE.set(True)
        go(Step.VERIFY)
    NEXT_STEP.set(next_step)


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
next_step, report, shown = NEXT_STEP.pop(), READ_FROM_MESSAGE.get(), READ_BACK.get()
# A place that is always there: what comes and goes in it moves nothing below while the page is drawn anew.
with st.container(key="enter_notices"):
    if NOT_STORED.pop():
        st.error(t("enter.not_stored"), title=t("enter.not_stored_title"), icon=":material/cloud_off:")
    if report:
        draw_report(draft, auth_method, report)
    if next_step in (NextStep.MEND, NextStep.ASKED) and not form.is_swapped:
        st.info(t(f"enter.{next_step}"), icon=":material/edit:")
    draw_host_change(page)

form_side, guide_side = st.columns([3, 2], gap="large")
with form_side:
    on_top = not draft.sealed or MESSAGE_BOX_OF.get() == draft.id
    if form.rows and on_top:
        MESSAGE_BOX_OF.set(draft.id)
        draw_message_box(read)
    rows = EntryRows(draft, auth_method, leave, confirm, swap)
    for row in form.required:
        rows.draw(row)
    for row in form.optional:
        unfolded = bool(draft.values.get(row.field.name)) or row.field.name in draft.refusals or UNFOLD.get()
        with st.expander(words[row.field.name]["fold"], expanded=unfolded):
            rows.draw(row)
    if "warning" in guide_words:
        st.warning(guide_words["warning"], title=guide_words["warning_title"], icon=":material/warning:")
    is_read_back = bool(shown) and not form.is_doubtful and not missing_fields(draft)
    if is_read_back and not report:
        st.caption(f":material/visibility: {t('enter.read_back')}")
    if form.can_be_sent and not form.is_swapped:
        st.button(
            t("enter.looks_right") if is_read_back else t("enter.submit"),
            key=f"check_{'again' if shown else 'first'}",  # a press is for what was shown
            type="secondary" if form.is_doubtful else "primary",
            icon=":material/verified:",
            on_click=check,
            args=(shown,),
        )
    if form.rows and not on_top:
        with st.expander(t("enter.message_again"), icon=":material/content_paste:"):
            draw_message_box(read)
    with st.expander(t("verify.unchecked_title"), icon=":material/info:"):
        st.markdown("\n".join(f"- {thing}" for thing in guide_words["unchecked"]))
with guide_side:
    pictured = [row.field.name for row in form.rows if "picture" in words[row.field.name]]
    if form.rows:
        st.subheader(t("enter.where"))
    for name in pictured:
        with st.expander(words[name]["label"], expanded=name == form.rows[0].field.name):
            draw_picture(system.code, words[name]["picture"], words[name]["alt"])
            st.caption(words[name]["help"])
    if usable(draft, API_URL):
        st.button(
            t("enter.guide_again"), type="tertiary", icon=":material/menu_book:", on_click=go, args=(Step.OBTAIN,)
        )
