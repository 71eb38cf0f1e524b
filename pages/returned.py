"""Returned: the merchant came back from the channel without an approval. What happened, and what to do now."""

import streamlit as st

from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import channel, t
from xtnd_wizard.ui.page_context import page_context
from xtnd_wizard.wizard.steps import after_return, unsaved

draft = unsaved(page_context().draft)
back = after_return(st.query_params.get("outcome", ""), draft)
name = channel(draft.system) if draft else t("consent.the_channel")

st.title(t("returned.approved") if back.is_approved else t("returned.title"))
with st.container(border=True, key="problem"):
    with st.container(key="problem_what"):
        st.text(t(f"consent.{back.outcome}.title", channel=name))
    st.text(t(f"consent.{back.outcome}.why", channel=name))
    with st.container(key="problem_do"):
        st.text(t(f"consent.{back.outcome}.do", channel=name))
onward = t("welcome.start") if not draft else t("system.next") if back.is_approved else t("returned.again")
if st.button(onward, type="secondary" if back.is_for_us else "primary", icon=":material/arrow_forward:"):
    go(back.leads_to)
