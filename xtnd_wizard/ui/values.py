"""Names and values side by side, as plain text, some to be copied."""

from collections.abc import Iterable

import streamlit as st

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui import assistive
from xtnd_wizard.ui.i18n import account_state, country, currency, field_label, guide, t
from xtnd_wizard.wizard.handover import FormField, form_fields
from xtnd_wizard.wizard.views import ConnectionView, DraftView


def draw_values(rows: Iterable[tuple[str, str]], key: str = "values") -> None:
    """Draw rows of a name and a value. Values may come from a channel, so they are never markup."""
    with st.container(gap="xsmall", key=f"rows_{key}"):
        for name, value in rows:
            draw_row(name, value)


def draw_row(name: str, value: str, *, beneath: str = "", copied: str = "") -> None:
    """A name and a value as plain text; with a key in `copied`, beside a button that copies the value."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        with st.container(width=130, gap=None):
            st.caption(name)
            if beneath:
                st.caption(f":small[{beneath}]")
        if copied:
            with st.container(key=copied):
                st.code(value, language=None, wrap_lines=True)
            assistive.name_button(copied, t("handover.copy", name=name))
        else:
            st.text(value, width="stretch")


def sealed_text(last4: str) -> str:
    """How a sealed value is shown."""
    return t("xtnd.ends_in", last4=last4) if last4 else t("xtnd.hidden")


def form_label(connection: ConnectionView, field: FormField) -> str:
    """XTND's name for a field, or the channel's for one that XTND's form does not have."""
    if field.in_form:
        return t(f"xtnd.{field.name}")
    return field_label(connection.system, field.name, get_system(connection.system).auth_method_of(connection.values))


def form_value(field: FormField) -> str:
    """What to read beside a field of XTND's form."""
    if field.by_approval:
        return t("handover.by_approval")
    return sealed_text(field.last4) if field.sealed else field.value or t("xtnd.empty")


def form_source(connection: ConnectionView, field: FormField) -> str:
    """What the channel calls the value, where it has a name of its own for it."""
    system = get_system(connection.system)
    auth_method = system.auth_method_of(connection.values)
    typed = {found.name for found in system.fields_of(auth_method) if found.typed}
    return field_label(connection.system, field.name, auth_method) if field.name in typed else ""


def xtnd_rows(connection: ConnectionView) -> list[tuple[str, str]]:
    """A connection's values by the names and in the order of XTND's own form."""
    return [(form_label(connection, field), form_value(field)) for field in form_fields(connection)]


def summary_rows(draft: DraftView) -> list[tuple[str, str]]:
    """What is about to be saved, by the names that it was entered under."""
    system = get_system(draft.system)
    auth_method = system.auth_method_of(draft.values)
    words = guide(system.code, auth_method)["fields"]
    rows = [(t("xtnd.system"), system.xtnd_name or system.name)]
    for field in system.fields_of(auth_method):
        if field.name in draft.sealed:
            rows.append((words[field.name]["label"], sealed_text(draft.last4.get(field.name, ""))))
        elif field.typed and draft.values.get(field.name):
            rows.append((words[field.name]["label"], draft.values[field.name]))
    return rows


def shop_rows(report: Report) -> list[tuple[str, str]]:
    """The account that a report identified."""
    account = report.account
    if account is None:
        return []
    rows = [
        (t("connections.shop"), account.name),
        (t("verify.shop_id"), account.id if account.id != account.name else ""),
        (t("verify.shop_state"), account_state(report.system, account.state)),
        (t("verify.shop_currency"), currency(account.currency) if account.currency else ""),
        (t("verify.shop_country"), country(account.country)),
    ]
    return [(name, value) for name, value in rows if value]
