"""Returned: the merchant came back from the channel without an approval. What happened, and what to do now."""

import streamlit as st

from xtnd_wizard.systems.oauth import APPROVAL_OUTCOMES
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import channel, t
from xtnd_wizard.ui.page_context import page_context
from xtnd_wizard.wizard.steps import Step, missing_fields

page = page_context()
draft = page.draft if page.draft and not page.draft.connection_id else None
asked = st.query_params.get("outcome", "")
outcome = asked if asked in APPROVAL_OUTCOMES else "foreign_state"
name = channel(draft.system) if draft else t("consent.the_channel")
approved = outcome == "used_state" and draft is not None and not missing_fields(draft)

st.title(t("returned.approved") if approved else t("returned.title"))
with st.container(border=True, key="problem"):
    with st.container(key="problem_what"):
        st.text(t(f"consent.{outcome}.title", channel=name))
    st.text(t(f"consent.{outcome}.why", channel=name))
    with st.container(key="problem_do"):
        st.text(t(f"consent.{outcome}.do", channel=name))
onward = t("welcome.start") if not draft else t("system.next") if approved else t("returned.again")
if st.button(onward, type="secondary" if outcome == "our_app" else "primary", icon=":material/arrow_forward:"):
    go(Step.ENTER if draft else Step.SYSTEM)
