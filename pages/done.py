"""Done: XTND's form as the merchant will see it, what goes where, and what to switch on there."""

from collections.abc import Iterable

import streamlit as st

from xtnd_wizard.domain.errors import ConnectionNotFound
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui import checklist
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.page_context import discard_draft, require_step
from xtnd_wizard.ui.session import SHOWING
from xtnd_wizard.ui.values import form_label, form_source, form_value
from xtnd_wizard.wizard.handover import FormField, Showing, form_fields, showing
from xtnd_wizard.wizard.steps import Step
from xtnd_wizard.wizard.views import ConnectionView

page = require_step(Step.DONE)
draft = page.draft
try:
    saved = ConnectionView.of(page.service.connections.one(page.actor, draft.connection_id or ""))
except ConnectionNotFound:
    discard_draft(page, draft)
    go("connections")
report = saved.report
if report is None:
    go("connections")  # where it is said to be unverified
system = get_system(saved.system)
words = guide(saved.system)["handover"]


def draw_form(connection: ConnectionView, fields: Iterable[FormField], key: str) -> None:
    """Fields with their names in XTND, what goes there, and what the channel calls it."""
    with st.container(border=True, gap="xsmall", key=f"rows_{key}"):
        for field in fields:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                source = form_source(connection, field)
                st.caption(form_label(connection, field) + (f"  \n← {source}" if source else ""), width=130)
                st.text(form_value(field), width="stretch")


def draw_secrets(connection: ConnectionView) -> None:
    """The sealed values, once, for the person who has just entered them and asks."""
    st.caption(f":material/lock: {t('handover.secrets')}")
    entered_here = page.service.host_questions.entered_in(page.actor, draft.id, sitting()) >= set(connection.sealed)
    shows = showing(connection, entered_here=entered_here, shown_here=SHOWING.get() == connection.id)
    if shows is Showing.HIDDEN:
        return
    place, still = st.empty(), shows is Showing.SHOWN
    if not still and not place.button(t("handover.show"), icon=":material/visibility:", help=t("handover.show_help")):
        return
    try:
        shown = page.service.handover.show_once(page.actor, connection.id, still=still)
    except ConnectionNotFound:  # deleted in another tab since
        shown = None
    if shown is None:
        place.empty()
        return
    SHOWING.set(connection.id)
    with place.container(border=True, key="shown_once"):
        st.markdown(f"**{t('handover.shown')}**")
        for field in form_fields(connection):
            if field.name in shown:
                with st.expander(form_label(connection, field), icon=":material/key:"):
                    st.code(shown[field.name], language=None, wrap_lines=True)


def connect_another() -> None:
    """Begin anew, without the draft that was saved."""
    discard_draft(page, draft)
    go(Step.SYSTEM)


st.title(t("done.title"), icon=":material/check_circle:")
st.markdown(t("done.lead"))
if system.is_sandbox(saved.api_url):
    st.info(t("done.demo_note"), icon=":material/science:")

st.subheader(t("handover.form_title"))
if "handover_warning" in guide(saved.system, system.auth_method_of(saved.values)):
    st.warning(guide(saved.system, system.auth_method_of(saved.values))["handover_warning"], icon=":material/chat:")
fields = form_fields(saved)
draw_form(saved, [field for field in fields if field.in_form], "form")
further = [field for field in fields if not field.in_form]
if further:
    st.caption(t("handover.not_in_form"))
    draw_form(saved, further, "further")
if not system.oauth:
    draw_secrets(saved)

st.subheader(t("done.next_title"))
st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(checklist.steps(saved.system), start=1)))
st.subheader(t("handover.entities_title"))
st.markdown(words["known"])
if words["entities"]:
    st.markdown("\n".join(f"- {entity}" for entity in words["entities"]))

with st.container(horizontal=True):
    st.download_button(
        t("handover.download"),
        checklist.html(saved, report),
        file_name="xtnd-checklist.html",
        mime="text/html",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
    )
    st.button(t("done.another"), icon=":material/add:", on_click=connect_another)
    st.button(t("nav.connections"), icon=":material/list:", on_click=go, args=("connections",))
