"""Done: XTND's form as the merchant will see it, what goes where, and what to switch on there."""

from collections.abc import Iterable

import streamlit as st

from xtnd_wizard.domain.errors import ConnectionNotFound
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.storage.models import VERIFIED, Connection
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui import checklist
from xtnd_wizard.ui.entered import entered_in_this_sitting
from xtnd_wizard.ui.frame import SHOWING, go
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.values import form_label, form_source, form_value
from xtnd_wizard.wizard.handover import FormField, form_fields
from xtnd_wizard.wizard.steps import Step

page = require_step(Step.DONE)
draft = page.open_draft
try:
    saved = page.service.connections.one(page.actor, draft.connection_id or "")
except ConnectionNotFound:
    page.service.drafts.discard(page.actor, draft.id)
    go("connections")
    st.stop()
if saved.status != VERIFIED:
    go("connections")  # where it is said to be none
system = get_system(saved.system)
words = guide(saved.system)["handover"]


def draw_form(connection: Connection, fields: Iterable[FormField], key: str) -> None:
    """Fields with their names in XTND, what goes there, and what the channel calls it."""
    with st.container(border=True, gap="xsmall", key=f"rows_{key}"):
        for field in fields:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                source = form_source(connection, field)
                st.caption(form_label(connection, field) + (f"  \n← {source}" if source else ""), width=130)
                st.text(form_value(field), width="stretch")


def draw_secrets(connection: Connection) -> None:
    """The sealed values, once, for the person who has just entered them and asks."""
    if system.oauth:
        return
    st.caption(f":material/lock: {t('handover.secrets')}")
    if not entered_in_this_sitting(page.service.host_questions, draft, connection):
        return
    place, still = st.empty(), st.session_state.get(SHOWING) == connection.id
    if not still and (
        connection.shown_at
        or not place.button(t("handover.show"), icon=":material/visibility:", help=t("handover.show_help"))
    ):
        return
    try:
        shown = page.service.handover.show_once(page.actor, connection.id, still=still)
    except ConnectionNotFound:  # deleted in another tab since
        shown = None
    if shown is None:
        place.empty()
        return
    st.session_state[SHOWING] = connection.id
    with place.container(border=True, key="shown_once"):
        st.markdown(f"**{t('handover.shown')}**")
        for field in form_fields(connection):
            if field.name in shown:
                with st.expander(form_label(connection, field), icon=":material/key:"):
                    st.code(shown[field.name], language=None, wrap_lines=True)


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
        checklist.html(saved, Report.from_json(saved.report)),
        file_name="xtnd-checklist.html",
        mime="text/html",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
    )
    if st.button(t("done.another"), icon=":material/add:"):
        page.service.drafts.discard(page.actor, draft.id)
        go(Step.SYSTEM)
    if st.button(t("nav.connections"), icon=":material/list:"):
        go("connections")
