"""My connections: the saved ones, newest first. Never a secret."""

import streamlit as st

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.storage.models import ALTERED, VERIFIED, Connection
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import clock, day, t
from xtnd_wizard.ui.page_context import page_context
from xtnd_wizard.ui.timeline import draw_report
from xtnd_wizard.ui.values import draw_values, shop_rows, xtnd_rows
from xtnd_wizard.wizard.steps import Step

page = page_context()


@st.dialog(t("connections.delete_title"))
def confirm_delete(connection: Connection) -> None:
    """Ask once more before a connection is deleted."""
    st.text(connection.name)
    st.markdown(t("connections.delete_body"))
    with st.container(horizontal=True):
        if st.button(t("connections.delete_yes"), type="primary", icon=":material/delete:"):
            page.service.connections.delete(page.actor, connection.id)
            st.session_state["deleted"] = True
            st.rerun()
        if st.button(t("connections.delete_no")):
            st.rerun()


def draw(connection: Connection) -> None:
    """One saved connection."""
    with st.container(border=True, key=f"connection_{connection.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", key=f"name_{connection.id}"):
                st.text(connection.name)
            if get_system(connection.system).is_sandbox(connection.api_url):
                st.badge(t("connections.practice"), icon=":material/science:", color="blue")
            draw_status(connection)
        if connection.status == ALTERED:
            st.markdown(t("connections.altered"))
        rows = [
            (t("xtnd.system"), get_system(connection.system).name),
            (t("connections.host"), connection.api_url),
            (t("connections.shop"), connection.account_name),
        ]
        if connection.status == VERIFIED:
            when = f"{day(connection.verified_at)}, {clock(connection.verified_at)}"
            rows.append((t("connections.verified_at"), when))
        draw_values(rows, connection.id)
        if connection.expires_at:
            st.caption(f":material/schedule: {t('connections.kept_until', date=day(connection.expires_at))}")
        if connection.status == VERIFIED:
            draw_kept_report(connection)
        if st.button(t("connections.delete"), key=f"delete_{connection.id}", type="tertiary", icon=":material/delete:"):
            confirm_delete(connection)


def draw_status(connection: Connection) -> None:
    """Whether it was verified, and is as it was saved."""
    verified = connection.status == VERIFIED
    st.badge(
        t(f"connections.status.{connection.status}"),
        icon=":material/check:" if verified else ":material/warning:",
        color="green" if verified else "orange",
    )


def draw_kept_report(connection: Connection) -> None:
    """The report that it was saved with, folded."""
    side = st.expander(t("connections.open"), on_change="rerun", key=f"open_{connection.id}")
    if side.open:
        with side:
            report = Report.from_json(connection.report)
            draw_values(xtnd_rows(connection) + shop_rows(report)[1:], f"report_{connection.id}")
            draw_report(connection.system, connection.api_url, report)


st.title(t("connections.title"))
if st.session_state.pop("deleted", False):
    st.toast(t("connections.deleted"), icon=":material/delete:")
saved = page.service.connections.all(page.actor)
if not saved:
    st.markdown(t("connections.none"))
for connection in saved:
    draw(connection)
if st.button(t("connections.add"), type="primary", icon=":material/add:"):
    if page.draft and page.draft.connection_id:
        page.service.drafts.discard(page.actor, page.draft.id)
    go(Step.SYSTEM)
st.caption(t("connections.this_browser"))
