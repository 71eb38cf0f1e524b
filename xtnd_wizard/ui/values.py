"""Names and values side by side, as plain text."""

from collections.abc import Iterable

import streamlit as st

from xtnd_wizard.findings import Report
from xtnd_wizard.storage.models import Connection
from xtnd_wizard.systems import system
from xtnd_wizard.ui.words import day, field_label, t


def draw_values(rows: Iterable[tuple[str, str]]) -> None:
    """Draw rows of a name and a value. Values may come from a channel, so they are never markup."""
    with st.container(gap="xsmall"):
        for name, value in rows:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.caption(name, width=130)
                st.text(value, width="stretch")


def sealed_text(tail: str) -> str:
    """How a sealed value is shown."""
    return t("xtnd.ends_in", tail=tail) if tail else t("xtnd.hidden")


def xtnd_rows(connection: Connection) -> list[tuple[str, str]]:
    """A connection's values by the names and in the order of XTND's own form."""
    chosen = system(connection.system)
    way = chosen.way_of(connection.values)
    own = [name for name in connection.sealed if name not in ("access_token", "secret")]
    return [
        (t("xtnd.name"), connection.name),
        (t("xtnd.system"), chosen.xtnd_name or chosen.name),
        (t("xtnd.access_token"), sealed_text(connection.tails.get("access_token", ""))),
        (t("xtnd.api_url"), connection.api_url),
        (t("xtnd.secret"), sealed_text(connection.tails.get("secret", ""))),
        *((field_label(chosen.code, name, way), sealed_text(connection.tails.get(name, ""))) for name in own),
        (t("xtnd.order_start"), day(connection.order_start)),
        (t("xtnd.warehouse"), connection.warehouse or t("xtnd.empty")),
        (t("xtnd.company_group"), connection.company_group or t("xtnd.empty")),
    ]


def shop_rows(report: Report) -> list[tuple[str, str]]:
    """The account that a report identified."""
    account = report.account
    if account is None:
        return []
    rows = [
        (t("connections.shop"), account.name),
        (t("verify.shop_id"), account.id),
        (t("verify.shop_state"), account.state),
        (t("verify.shop_currency"), account.currency),
        (t("verify.shop_country"), account.country),
    ]
    return [(name, value) for name, value in rows if value]
