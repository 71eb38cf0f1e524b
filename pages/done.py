"""Done: XTND's form as the merchant will see it, what goes where, and what to switch on there."""

from collections.abc import Iterable

import streamlit as st

from xtnd_wizard.domain.errors import ConnectionNotFound
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui import by_hand, checklist
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.page_context import discard_draft, require_step
from xtnd_wizard.ui.session import SHOWING
from xtnd_wizard.ui.values import draw_row, form_label, form_source, form_value
from xtnd_wizard.wizard.handover import FormField, Showing, form_fields, showing
from xtnd_wizard.wizard.steps import Step
from xtnd_wizard.wizard.views import ConnectionView

page = require_step(Step.DONE)
draft = page.draft


def saved_connection() -> tuple[ConnectionView, Report]:
    """What the draft became, with the report it was saved with; the list of connections where it is gone."""
    try:
        saved = ConnectionView.of(page.service.connections.one(page.actor, draft.connection_id or ""))
    except ConnectionNotFound:
        discard_draft(page, draft)
        go("connections")
    if saved.report is None:
        go("connections")  # where it is said to be unverified
    return saved, saved.report


def draw_form(connection: ConnectionView) -> None:
    """XTND's form, and below it the values that it has no field for."""
    auth_method = get_system(connection.system).auth_method_of(connection.values)
    st.subheader(t("handover.form_title"))
    if "handover_warning" in guide(connection.system, auth_method):
        st.warning(guide(connection.system, auth_method)["handover_warning"], icon=":material/chat:")
    fields = form_fields(connection)
    draw_fields(connection, [field for field in fields if field.in_form], "form")
    further = [field for field in fields if not field.in_form]
    if further:
        st.caption(t("handover.not_in_form"))
        draw_fields(connection, further, "further")


def draw_fields(connection: ConnectionView, fields: Iterable[FormField], key: str) -> None:
    """Fields with their names in XTND, what goes there to be copied, and what the channel calls it."""
    with st.container(border=True, gap="xsmall", key=f"rows_{key}"):
        for field in fields:
            source = form_source(connection, field)
            called = t("handover.called", name=source, system=get_system(connection.system).name) if source else ""
            copied = f"copy_{field.name}" if field.value else ""
            draw_row(form_label(connection, field), form_value(field), beneath=called, copied=copied)


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


def draw_next(connection: ConnectionView) -> None:
    """What to do in XTND, and what can be switched on there."""
    words = guide(connection.system)["handover"]
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(checklist.steps(connection.system), 1)))
    st.subheader(t("handover.entities_title"))
    st.markdown(words["known"])
    if words["entities"]:
        st.markdown("\n".join(f"- {entity}" for entity in words["entities"]))


def draw_buttons(connection: ConnectionView, report: Report, *, practice: bool) -> None:
    """The checklist to take along, and where to go from here."""
    with st.container(horizontal=True):
        st.download_button(
            t("handover.download"),
            checklist.html(connection, report),
            file_name="xtnd-checklist.html",
            mime="text/html",
            on_click="ignore",
            type="secondary" if practice else "primary",
            icon=":material/download:",
        )
        st.button(
            t("done.another"),
            type="primary" if practice else "secondary",
            icon=":material/add:",
            on_click=connect_another,
        )
        st.button(t("nav.connections"), icon=":material/list:", on_click=go, args=("connections",))


def connect_another() -> None:
    """Begin anew, without the draft that was saved."""
    discard_draft(page, draft)
    go(Step.SYSTEM)


def draw_saved(connection: ConnectionView, report: Report) -> None:
    """The hand-over of a connection. Of a practice one there is nothing to do in XTND."""
    system = get_system(connection.system)
    practice = system.is_sandbox(connection.api_url)
    st.title(t("done.title"), icon=":material/check_circle:")
    if practice:
        st.info(t("done.demo_note"), title=t("done.practice_title"), icon=":material/science:")
    else:
        st.markdown(t("done.lead"))
    draw_form(connection)
    if not system.oauth:
        draw_secrets(connection)
    if practice:
        with st.expander(t("done.practice_next"), icon=":material/arrow_forward:"):
            draw_next(connection)
    else:
        st.subheader(t("done.next_title"))
        draw_next(connection)
    draw_buttons(connection, report, practice=practice)


if page.by_hand:
    by_hand.draw_end(page)
else:
    draw_saved(*saved_connection())
