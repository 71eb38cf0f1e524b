"""My connections: the saved ones, newest first. Never a secret."""

import streamlit as st

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui import assistive
from xtnd_wizard.ui.i18n import account_state, clock, day, t
from xtnd_wizard.ui.page_context import begin_anew, page_context
from xtnd_wizard.ui.session import DELETED
from xtnd_wizard.ui.timeline import draw_report
from xtnd_wizard.ui.unfinished import draw_unfinished
from xtnd_wizard.ui.values import draw_values, shop_rows, xtnd_rows
from xtnd_wizard.wizard.views import ConnectionView

page = page_context()


@st.dialog(t("connections.delete_title"))
def confirm_delete(connection: ConnectionView) -> None:
    """Ask once more before a connection is deleted."""
    st.text(connection.name)
    practice = get_system(connection.system).is_sandbox(connection.api_url)
    st.markdown(t("connections.delete_practice") if practice else t("connections.delete_body"))
    with st.container(horizontal=True):
        if st.button(t("connections.delete_yes"), type="primary", icon=":material/delete:"):
            page.service.connections.delete(page.actor, connection.id)
            DELETED.set(True)
            st.rerun()
        if st.button(t("connections.delete_no")):
            st.rerun()


def draw(connection: ConnectionView) -> None:
    """One saved connection."""
    with st.container(border=True, key=f"connection_{connection.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", key=f"name_{connection.id}"):
                st.text(connection.name)
            if get_system(connection.system).is_sandbox(connection.api_url):
                st.badge(t("connections.practice"), icon=":material/science:", color="blue")
            draw_status(connection)
        if not connection.is_verified:
            st.markdown(t("connections.altered"))
        rows = [
            (t("xtnd.system"), get_system(connection.system).name),
            (t("connections.host"), connection.api_url),
            (t("connections.shop"), connection.account_name),
        ]
        if connection.report and connection.report.account and connection.report.account.state:
            state = account_state(connection.system, connection.report.account.state)
            rows.append((t("verify.shop_state"), state))
        if connection.is_verified:
            when = f"{day(connection.verified_at)}, {clock(connection.verified_at)}"
            rows.append((t("connections.verified_at"), when))
        draw_values(rows, connection.id)
        if connection.expires_at:
            st.caption(f":material/schedule: {t('connections.kept_until', date=day(connection.expires_at))}")
        if connection.report:
            draw_kept_report(connection, connection.report)
        if st.button(t("connections.delete"), key=f"delete_{connection.id}", type="tertiary", icon=":material/delete:"):
            confirm_delete(connection)
        assistive.name_button(f"delete_{connection.id}", t("connections.delete_named", name=connection.api_url))


def draw_status(connection: ConnectionView) -> None:
    """Whether it was verified, and is as it was saved."""
    st.badge(
        t(f"connections.status.{connection.status}"),
        icon=":material/check:" if connection.is_verified else ":material/warning:",
        color="green" if connection.is_verified else "orange",
    )


def draw_kept_report(connection: ConnectionView, report: Report) -> None:
    """The report that it was saved with, folded."""
    side = st.expander(t("connections.open"), on_change="rerun", key=f"open_{connection.id}")
    if side.open:
        with side:
            draw_values(xtnd_rows(connection) + shop_rows(report)[1:], f"report_{connection.id}")
            draw_report(connection.system, connection.api_url, report, f"checks_{connection.id}")


st.title(t("connections.title"))
if DELETED.pop():
    st.toast(t("connections.deleted"), icon=":material/delete:")
draw_unfinished(page, back_to="connections", is_main=False)
saved = [ConnectionView.of(row) for row in page.service.connections.all(page.actor)]
if not saved:
    st.markdown(t("connections.none"))
for connection in saved:
    draw(connection)
st.button(t("connections.add"), type="primary", icon=":material/add:", on_click=begin_anew, args=(page,))
st.caption(t("connections.this_browser"))
