"""Names and values side by side, as plain text."""

from collections.abc import Iterable

import streamlit as st

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.wizard.handover import FormField, form_fields
from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.systems import system
from xtnd_wizard.ui.i18n import field_label, guide, t


def draw_values(rows: Iterable[tuple[str, str]], key: str = "values") -> None:
    """Draw rows of a name and a value. Values may come from a channel, so they are never markup."""
    with st.container(gap="xsmall", key=f"rows_{key}"):
        for name, value in rows:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.caption(name, width=130)
                st.text(value, width="stretch")


def sealed_text(tail: str) -> str:
    """How a sealed value is shown."""
    return t("xtnd.ends_in", tail=tail) if tail else t("xtnd.hidden")


def form_label(connection: Connection, field: FormField) -> str:
    """XTND's name for a field, or the channel's for one that XTND's form does not have."""
    if field.in_form:
        return t(f"xtnd.{field.name}")
    return field_label(connection.system, field.name, system(connection.system).way_of(connection.values))


def form_value(field: FormField) -> str:
    """What to read beside a field of XTND's form."""
    if field.by_approval:
        return t("handover.by_approval")
    return sealed_text(field.tail) if field.sealed else field.value or t("xtnd.empty")


def form_source(connection: Connection, field: FormField) -> str:
    """What the channel calls the value, where it has a name of its own for it."""
    chosen = system(connection.system)
    way = chosen.way_of(connection.values)
    typed = {found.name for found in chosen.fields_of(way) if found.typed}
    return field_label(connection.system, field.name, way) if field.name in typed else ""


def xtnd_rows(connection: Connection) -> list[tuple[str, str]]:
    """A connection's values by the names and in the order of XTND's own form."""
    return [(form_label(connection, field), form_value(field)) for field in form_fields(connection)]


def summary_rows(draft: Draft) -> list[tuple[str, str]]:
    """What is about to be saved, by XTND's names."""
    chosen = system(draft.system)
    way = chosen.way_of(draft.values)
    words = guide(chosen.code, way)["fields"]
    rows = [(t("xtnd.system"), chosen.xtnd_name or chosen.name)]
    for field in chosen.fields_of(way):
        if field.name in draft.sealed:
            rows.append((words[field.name]["xtnd"], sealed_text(draft.tails.get(field.name, ""))))
        elif field.typed and draft.values.get(field.name):
            rows.append((words[field.name]["xtnd"], draft.values[field.name]))
    return rows


def shop_rows(report: Report) -> list[tuple[str, str]]:
    """The account that a report identified."""
    account = report.account
    if account is None:
        return []
    rows = [
        (t("connections.shop"), account.name),
        (t("verify.shop_id"), account.id if account.id != account.name else ""),
        (t("verify.shop_state"), account.state),
        (t("verify.shop_currency"), account.currency),
        (t("verify.shop_country"), account.country),
    ]
    return [(name, value) for name, value in rows if value]
