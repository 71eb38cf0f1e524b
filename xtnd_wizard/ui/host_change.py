"""What is said and asked where the host changed: a sealed value goes to another host on one click, or not at all."""

import streamlit as st

from xtnd_wizard.domain.errors import Conflict, NotAsked, NotFound
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import field_label, t
from xtnd_wizard.ui.page_context import PageContext
from xtnd_wizard.wizard.host_change import HostQuestion, left_for_another_host
from xtnd_wizard.wizard.steps import Step, missing_fields, usable


def draw_host_change(page: PageContext) -> None:
    """Say what did not come along to the new host, or ask about it who entered it in this sitting."""
    draft = page.open_draft
    left = left_for_another_host(draft)
    if not left or not usable(draft, API_URL):
        return
    question = page.service.host_questions.pending(draft, sitting())
    with st.container(border=True, key="host_change"):
        if question:
            st.markdown(f"**:material/key: {t('host_change.asked_title')}**")
            fields = _labels(page, question.fields)
            st.text(t("host_change.asked", fields=fields, old=question.old, new=question.new))
            _draw_answers(page, question)
        else:
            st.markdown(f"**:material/info: {t('host_change.dropped_title')}**")
            st.text(t("host_change.dropped", fields=_labels(page, left), new=draft.values[API_URL]))


def _draw_answers(page: PageContext, question: HostQuestion) -> None:
    """Two buttons; the one that sends the values to the new host names it."""
    host = question.new.partition("/")[0]
    with st.container(horizontal=True):
        keep = st.button(t("host_change.keep", host=host), icon=":material/check:", key="host_change_keep")
        drop = st.button(t("host_change.drop"), type="tertiary", key="host_change_drop")
    try:
        if keep:
            kept = page.service.host_questions.keep(page.actor, page.open_draft.id, question.new, sitting())
            if not missing_fields(kept):
                st.session_state["verify_at_once"] = True
                go(Step.VERIFY)
        elif drop:
            page.service.host_questions.drop(page.actor, page.open_draft.id)
    except (NotAsked, NotFound, Conflict):
        go(Step.ENTER, "draft_gone")
    if keep or drop:
        st.rerun()


def _labels(page: PageContext, names: tuple[str, ...]) -> str:
    draft = page.open_draft
    auth_method = get_system(draft.system).auth_method_of(draft.values)
    return ", ".join(field_label(draft.system, name, auth_method) for name in dict.fromkeys(names))
