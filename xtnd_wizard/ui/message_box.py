"""The box for a whole message, and what is said about the one that was read."""

from collections.abc import Callable, Iterable

import streamlit as st

from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.messages import ReadingReport
from xtnd_wizard.ui.assistive import announce
from xtnd_wizard.ui.i18n import field_label, t
from xtnd_wizard.ui.session import MESSAGE_WIDGET
from xtnd_wizard.wizard.views import DraftView


def draw_message_box(read: Callable[[], None]) -> None:
    """The box. What is pasted or typed there is read as soon as it is left."""
    with st.container(key="message", gap="xsmall"):
        st.text_area(
            t("enter.message_label"),
            key=MESSAGE_WIDGET.name,
            height=90,
            placeholder=t("enter.message_placeholder"),
            on_change=read,
        )
        st.button(t("enter.message_read"), key="read_message", icon=":material/auto_fix_high:")


def draw_report(draft: DraftView, auth_method: str, report: ReadingReport) -> None:
    """What went where, and what is left. The values themselves stand in their rows below."""
    fields = {field.name: field for field in get_system(draft.system).fields_of(auth_method)}

    def named(names: Iterable[str]) -> str:
        return ", ".join(field_label(draft.system, name, auth_method) for name in names)

    there = {*draft.sealed, *filter(draft.values.get, draft.values), *report.unclear}
    missing = [name for name in report.missing if fields[name].required and name not in there]
    rest = [
        t("enter.message_missing", fields=named(missing)) if missing else "",
        t("enter.message_unclear", fields=named(report.unclear)) if report.unclear else "",
        t("enter.message_lines", lines=str(report.lines_left)) if report.lines_left else "",
    ]
    what = t("enter.message_found", fields=named(report.found)) if report.found else t("enter.message_nothing")
    words = " ".join(filter(None, (what, *rest)))
    announce(words)
    if report.found:
        st.success(words, icon=":material/done_all:")
    else:
        st.warning(words, icon=":material/search_off:")
